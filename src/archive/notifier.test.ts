import { describe, expect, it } from 'vitest';
import { StillwatchError, type StillwatchErrorCode } from '../domain/errors.ts';
import { cameraId, episodeId } from '../domain/ids.ts';
import { NOTICE_TYPES, type NoticeType } from '../domain/notice.ts';
import { MOST_WAITING, type Notification, type TryOutcome } from '../domain/notification.ts';
import { type NotificationRule, USUAL_CAUSES } from '../domain/notification-rule.ts';
import { type NotificationSettings, type Receiver } from '../domain/receiver.ts';
import { Secret } from '../domain/secret.ts';
import type { StoredStill } from '../domain/still.ts';
import { epochMs, ms, seconds } from '../domain/units.ts';
import type { Outbox } from '../ports/outbox.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { memoryOutbox } from '../testing/memory-outbox.ts';
import { storedStill } from '../testing/stills.ts';
import { type Notifier, notifier } from './notifier.ts';

const GARDEN = cameraId('garden');
const START = epochMs(1_795_000_000_000);
const episode = episodeId(GARDEN, START);
const refused: TryOutcome = { type: 'failed', code: 'SW_NOTIFY_REFUSED', status: 500, detail: 'HTTP 500' };
const taken: TryOutcome = { type: 'taken', status: 204 };

const receiver = (name: string, rule: Partial<NotificationRule> = {}): Receiver => ({
  name,
  rule: { types: NOTICE_TYPES, causes: USUAL_CAUSES, ...rule },
  webhook: { url: new Secret('http://receiver.example/'), secret: new Secret('whsec_'), allow: [] },
});
const settingsOf = (...receivers: readonly Receiver[]): NotificationSettings => ({
  link: 'https://cam.example',
  blindAfter: seconds(60),
  receivers,
});
const photo = (n: number, over: Partial<StoredStill> = {}): StoredStill =>
  storedStill(`garden/2026-11-23/12-00-${n}.jpg`, { takenAt: epochMs(START + n), ...over });

interface Stage {
  readonly notifier: Notifier;
  readonly clock: ReturnType<typeof fakeClock>;
  readonly told: { readonly receiver: string; readonly id: string; readonly type: string; readonly body: string }[];
  readonly troubles: StillwatchErrorCode[];
  readonly changes: Notification[];
  readonly catalog: ReturnType<typeof memoryCatalog>;
  keeps: boolean;
  answer: (receiver: string) => TryOutcome | Promise<TryOutcome>;
  stop(): Promise<void>;
}

const stage = (outbox: Outbox | Error, settings: NotificationSettings | undefined): Stage => {
  const clock = fakeClock(START);
  const stop = new AbortController();
  const catalog = memoryCatalog();
  const made: Omit<Stage, 'notifier' | 'stop'> = {
    clock,
    told: [],
    troubles: [],
    changes: [],
    catalog,
    keeps: true,
    answer: () => taken,
  };
  const one = notifier({
    outbox: async () => {
      if (outbox instanceof Error) throw outbox;
      return { ...outbox, close: async () => undefined };
    },
    channel: ({ name }) => ({
      async send({ id, body }, _, signal) {
        made.told.push({ receiver: name, id, type: (JSON.parse(body) as { type: string }).type, body });
        const gone = new Promise<never>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')), { once: true });
        });
        return Promise.race([made.answer(name), gone]);
      },
    }),
    catalog,
    cameraName: () => 'Garden',
    keeps: async () => ({
      isTrue: made.keeps,
      troubles: made.keeps ? [] : [{ type: 'disk-full', free: 1 }],
      reasons: [],
    }),
    space: async () => ({ free: 1, total: 2 }),
    clock,
    random: () => 0,
    zone: 'UTC',
    language: 'en',
    signal: stop.signal,
    onTrouble: (error) => void made.troubles.push(error.code),
    onChanged: (changed) => void made.changes.push(changed),
  });
  one.configure(settings);
  const running = one.run();
  return Object.assign(made, {
    notifier: one,
    stop: async () => {
      stop.abort();
      await running;
    },
  });
};

describe('the notifier', () => {
  it('tells of a photo with its set, of what happens, and each receiver by its own rule', async () => {
    const here = stage(memoryOutbox(), settingsOf(receiver('house'), receiver('pager', { types: ['camera.blind'] })));
    const before = photo(1, { kind: 'before', episode });
    const calm = photo(2, { kind: 'calm', episode });
    await here.catalog.record([before, calm]);
    await here.notifier.stored(before);
    await here.notifier.stored(calm);
    here.notifier.tell({ type: 'episode-ended', camera: GARDEN, at: START, episode, end: 'calm', peakScore: 1 });
    here.notifier.tell({
      type: 'blind',
      camera: GARDEN,
      at: START,
      code: 'SW_CAM_LOST',
      facts: {},
      retryAt: undefined,
    });
    await here.clock.advance(seconds(90));
    here.notifier.tell({ type: 'seeing', camera: GARDEN, at: epochMs(START + 90_000), codec: 'h264' });
    await here.notifier.settled();
    await here.clock.advance(seconds(1));
    const got = here.told.map(({ receiver: name, type }) => `${name} ${type}`);
    expect(got.toSorted()).toEqual([
      'house camera.blind',
      'house camera.seeing',
      'house episode.ended',
      'house photo.taken',
      'pager camera.blind',
    ]);
    const told = here.told.find(({ type }) => type === 'photo.taken');
    expect(JSON.parse(told?.body ?? '')).toMatchObject({
      data: { before: { picture: `https://cam.example/snapshots/${before.path}` } },
    });
    await here.stop();
  });

  it('tells of a photo although its set cannot be read', async () => {
    const here = stage(memoryOutbox(), settingsOf(receiver('house')));
    here.catalog.list = async () => {
      throw new StillwatchError('SW_CATALOG_DAMAGED', { path: 'x', detail: 'y' });
    };
    await here.notifier.stored(photo(1, { episode }));
    await here.clock.advance(seconds(1));
    expect(here.told.map(({ type }) => type)).toEqual(['photo.taken']);
    expect(here.troubles).toEqual(['SW_CATALOG_DAMAGED']);
    await here.stop();
  });

  it('tells of a photo once, however often it hears of it, also after a restart', async () => {
    const outbox = memoryOutbox();
    for (let start = 0; start < 2; start++) {
      const here = stage(outbox, settingsOf(receiver('house')));
      await here.notifier.stored(photo(1));
      await here.notifier.stored(photo(1));
      await here.clock.advance(seconds(1));
      expect(here.told).toHaveLength(start === 0 ? 1 : 0);
      await here.stop();
    }
  });

  it('tells whoever comes later that a camera is blind, and only then that it sees again', async () => {
    const here = stage(memoryOutbox(), undefined);
    const blind = { type: 'blind', camera: GARDEN, code: 'SW_CAM_LOST', facts: {}, retryAt: undefined } as const;
    here.notifier.tell({ ...blind, at: START });
    await here.clock.advance(seconds(300));
    here.notifier.configure(settingsOf(receiver('house')));
    await here.clock.advance(seconds(30));
    here.notifier.tell({ type: 'seeing', camera: GARDEN, at: epochMs(START + 330_000), codec: 'h264' });
    await here.notifier.settled();
    await here.clock.advance(seconds(1));
    expect(here.told.map(({ type }) => type)).toEqual(['camera.blind', 'camera.seeing']);
    await here.stop();
  });

  it('sends after a restart what waited, under the same id and word for word, and nothing that was sent', async () => {
    const outbox = memoryOutbox();
    const first = stage(outbox, settingsOf(receiver('house')));
    await first.notifier.stored(photo(1));
    await first.clock.advance(seconds(1));
    first.answer = () => new Promise(() => undefined);
    await first.notifier.stored(photo(2));
    await first.clock.advance(seconds(1));
    expect(first.told).toHaveLength(2);
    await first.stop();
    const second = stage(outbox, settingsOf(receiver('house')));
    await second.clock.advance(seconds(1));
    expect(second.told).toEqual([first.told[1]]);
    await second.stop();
  });

  it('tries again until it is taken; one receiver’s trouble is not another’s', async () => {
    const here = stage(memoryOutbox(), settingsOf(receiver('house'), receiver('barn')));
    here.answer = (name) => (name === 'house' ? refused : taken);
    await here.notifier.stored(photo(1));
    await here.clock.advance(seconds(4));
    expect(here.notifier.receivers().map(({ waiting }) => waiting)).toEqual([1, 0]);
    here.answer = () => taken;
    await here.clock.advance(seconds(2));
    expect(here.told.map(({ receiver: name }) => name).toSorted()).toEqual(['barn', 'house', 'house']);
    expect(here.notifier.receivers().map(({ waiting }) => waiting)).toEqual([0, 0]);
    expect(await here.notifier.list({ receiver: 'house', limit: 5 })).toMatchObject([{ state: 'sent', tries: 2 }]);
    await here.stop();
  });

  it('gives up after eight tries, says so, and tells of the next thing all the same', async () => {
    const here = stage(memoryOutbox(), settingsOf(receiver('house')));
    here.answer = () => refused;
    await here.notifier.stored(photo(1));
    await here.clock.advance(ms(25 * 3_600_000));
    expect(here.told).toHaveLength(8);
    expect(new Set(here.told.map(({ id }) => id)).size).toBe(1);
    expect(here.troubles).toEqual([...Array.from({ length: 7 }, () => 'SW_NOTIFY_REFUSED'), 'SW_NOTIFY_GIVEN_UP']);
    here.answer = () => taken;
    await here.notifier.stored(photo(2));
    await here.clock.advance(seconds(1));
    expect(here.changes.at(-1)).toMatchObject({ state: 'sent' });
    await here.stop();
  });

  it('stops telling a receiver that is gone, until it takes a test', async () => {
    const here = stage(memoryOutbox(), settingsOf(receiver('house')));
    here.answer = () => ({ type: 'gone', status: 410 });
    await here.notifier.stored(photo(1));
    await here.clock.advance(seconds(1));
    await here.notifier.stored(photo(2));
    await here.clock.advance(seconds(1));
    expect(here.told).toHaveLength(1);
    expect(here.troubles).toEqual(['SW_NOTIFY_GONE']);
    expect(here.notifier.receivers()[0]?.isGone).toBe(true);
    here.answer = () => taken;
    expect(await here.notifier.test('house')).toMatchObject({ type: 'test', state: 'sent' });
    await here.notifier.stored(photo(3));
    await here.clock.advance(seconds(1));
    expect(here.told.map(({ type }) => type)).toEqual(['photo.taken', 'test', 'photo.taken']);
    await here.stop();
  });

  it('lets a receiver that never answers hold up neither photos nor others, and forgets the oldest of too many', async () => {
    const here = stage(memoryOutbox(), settingsOf(receiver('hangs'), receiver('house')));
    here.answer = (name) => (name === 'hangs' ? new Promise(() => undefined) : taken);
    for (let n = 0; n <= MOST_WAITING; n++) await here.notifier.stored(photo(n));
    await here.clock.advance(seconds(1));
    expect(here.notifier.receivers().map(({ waiting }) => waiting)).toEqual([MOST_WAITING, 0]);
    expect(here.troubles).toEqual(['SW_NOTIFY_TOO_MANY']);
    const oldest = (await here.notifier.list({ receiver: 'hangs', limit: 2000 })).at(-1);
    expect(oldest).toMatchObject({ state: 'given-up', last: { code: 'SW_NOTIFY_TOO_MANY' } });
    await here.stop();
  });

  it('tells although the disk remembers nothing', async () => {
    const here = stage(new StillwatchError('SW_STORE_FULL', { path: 'x' }), settingsOf(receiver('house')));
    here.keeps = false;
    await here.clock.advance(seconds(61));
    await here.clock.advance(seconds(60));
    expect(here.told.map(({ type }) => type)).toEqual(['store.low']);
    expect(await here.notifier.list({ limit: 5 })).toEqual([]);
    here.keeps = true;
    await here.clock.advance(seconds(60));
    here.keeps = false;
    await here.clock.advance(seconds(60));
    expect(here.told).toHaveLength(2);
    expect(here.troubles).toContain('SW_STORE_FULL');
    await here.stop();
  });

  it('remembers over a restart whom it told that a camera is blind', async () => {
    const outbox = memoryOutbox();
    const blind = {
      type: 'blind',
      camera: GARDEN,
      at: START,
      code: 'SW_CAM_LOST',
      facts: {},
      retryAt: undefined,
    } as const;
    const first = stage(outbox, settingsOf(receiver('house')));
    first.notifier.tell(blind);
    await first.clock.advance(seconds(90));
    await first.stop();
    const second = stage(outbox, settingsOf(receiver('house')));
    await second.notifier.settled();
    second.notifier.tell(blind);
    await second.clock.advance(seconds(90));
    second.notifier.tell({ type: 'seeing', camera: GARDEN, at: START, codec: 'h264' });
    await second.clock.advance(seconds(1));
    const types: NoticeType[] = ['camera.blind', 'camera.seeing'];
    expect([...first.told, ...second.told].map(({ type }) => type)).toEqual(types);
    await second.stop();
  });

  it('believes a camera that sees before the outbox was read', async () => {
    const outbox = memoryOutbox();
    await outbox.noteBlind(GARDEN, START);
    const here = stage(outbox, settingsOf(receiver('house')));
    here.notifier.tell({ type: 'seeing', camera: GARDEN, at: START, codec: 'h264' });
    await here.clock.advance(seconds(1));
    expect(here.told.map(({ type }) => type)).toEqual(['camera.seeing']);
    expect(await outbox.blind()).toEqual(new Map());
    await here.stop();
  });

  it('keeps what waits for a receiver that is out of the configuration for a while, and gives it up later', async () => {
    const here = stage(memoryOutbox(), settingsOf(receiver('house')));
    here.answer = () => refused;
    await here.notifier.stored(photo(1));
    await here.clock.advance(seconds(1));
    here.notifier.configure(settingsOf(receiver('barn')));
    await here.clock.advance(ms(3_600_000));
    expect(here.told).toHaveLength(1);
    here.answer = () => taken;
    here.notifier.configure(settingsOf(receiver('house')));
    await here.clock.advance(seconds(1));
    expect(here.changes.at(-1)).toMatchObject({ receiver: 'house', state: 'sent', tries: 2 });
    here.answer = () => refused;
    await here.notifier.stored(photo(2));
    await here.clock.advance(seconds(1));
    here.notifier.configure(undefined);
    await here.clock.advance(ms(49 * 3_600_000));
    expect(here.troubles.at(-1)).toBe('SW_NOTIFY_REMOVED');
    await here.stop();
  });

  it('opens nothing and asks no disk while nobody is to be told', async () => {
    const here = stage(new Error('must not be opened'), undefined);
    await here.notifier.stored(photo(1));
    here.notifier.tell({ type: 'episode-ended', camera: GARDEN, at: START, episode, end: 'calm', peakScore: 1 });
    await here.clock.advance(seconds(120));
    expect([here.told, here.troubles]).toEqual([[], []]);
    await expect(here.notifier.test('house')).rejects.toMatchObject({ code: 'SW_RECEIVER_UNKNOWN' });
    await here.stop();
  });

  it('tests once and keeps the outcome', async () => {
    const here = stage(memoryOutbox(), settingsOf(receiver('house')));
    here.answer = () => refused;
    expect(await here.notifier.test('house')).toMatchObject({ state: 'given-up', tries: 1, last: { status: 500 } });
    await here.clock.advance(seconds(60));
    expect(here.told).toHaveLength(1);
    expect(await here.notifier.list({ limit: 5 })).toMatchObject([{ type: 'test', state: 'given-up' }]);
    expect(here.troubles).toEqual([]);
    await here.stop();
  });
});
