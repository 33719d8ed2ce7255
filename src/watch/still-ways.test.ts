import { beforeAll, describe, expect, it } from 'vitest';
import { StillwatchError } from '../domain/errors.ts';
import type { Shot, StillKind, StillSourceName } from '../domain/still.ts';
import { choiceText } from '../domain/still-choice.ts';
import { later, type Ms, ms, seconds, shift } from '../domain/units.ts';
import type { PictureReader } from '../ports/picture-reader.ts';
import type { StillSource } from '../ports/still-source.ts';
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts';
import { testJpeg } from '../testing/jpegs.ts';
import type { LinkFacts } from './still-policy.ts';
import { type StillWays, stillWays, type TakenStill } from './still-ways.ts';

type Behaviour = 'gives' | 'stale' | Error;

const damaged = new StillwatchError('SW_STILL_DAMAGED', { detail: 'grey' });
const notKept = new StillwatchError('SW_STILL_NOT_KEPT', { kept: '9.0 s', ago: '60.0 s' });
const refusedLogin = new StillwatchError('SW_CAM_AUTH');
const lan: LinkFacts = { isCostly: false, streamLimit: undefined, streamsOpen: 1 };

let jpeg: Uint8Array;
beforeAll(async () => {
  jpeg = await testJpeg(1);
});

/** Every picture has a pattern, unless it shall be blank. */
const reader = (isBlank: boolean): PictureReader => ({
  read: async () => ({
    luma: Uint8Array.from({ length: 57_600 }, (_, at) => (isBlank ? 128 : at % 200)),
    blue: new Uint8Array(14_400).fill(128),
    red: new Uint8Array(14_400).fill(128),
  }),
});

interface Desk {
  readonly clock: FakeClock;
  readonly ways: StillWays;
  readonly tried: StillSourceName[];
  /** What came of an order for a moment `ago`. */
  readonly order: (kind: StillKind, options?: { ago?: Ms; isSettled?: boolean; seenFor?: Ms }) => Promise<string>;
  readonly shot: (source: StillSourceName) => Shot;
}

const desk = (
  behaviours: Partial<Record<StillSourceName, Behaviour>>,
  { isBlank = false, link = lan }: { isBlank?: boolean; link?: LinkFacts } = {},
): Desk => {
  const clock = fakeClock();
  const tried: StillSourceName[] = [];
  const shot = (source: StillSourceName): Shot => ({
    jpeg,
    width: source === 'sub-frame' ? 640 : 2560,
    height: source === 'sub-frame' ? 360 : 1440,
    takenAt: clock.now().wall,
    source,
    delay: ms(source === 'http-snapshot' ? 300 : 100),
  });
  const sources = (Object.entries(behaviours) as [StillSourceName, Behaviour][]).map(
    ([name, behaviour]): StillSource => ({
      name,
      async take({ wanted }) {
        tried.push(name);
        if (behaviour instanceof Error) throw behaviour;
        const at = wanted?.at.wall ?? clock.now().wall;
        return { ...shot(name), takenAt: behaviour === 'stale' ? later(at, seconds(-20)) : at };
      },
    }),
  );
  const ways = stillWays({
    where: 'garden',
    sources,
    reader: reader(isBlank),
    link: () => link,
    clock,
    random: () => 0.5,
    cut: new AbortController().signal,
  });
  const order: Desk['order'] = async (kind, { ago = ms(0), isSettled = true, seenFor } = {}) => {
    const at = shift(clock.now(), ms(-ago));
    const moment = { at, keyWithin: ms(0), notAfter: kind === 'before' };
    const seenSince = seenFor === undefined ? undefined : shift(clock.now(), ms(-seenFor));
    const told: { outcome?: TakenStill | undefined; code?: string; isDone?: true } = {};
    const working = ways.take({ kind, moment, seenSince, isSettled }).then(
      (outcome) => Object.assign(told, { outcome, isDone: true }),
      (error: unknown) => Object.assign(told, { code: (error as StillwatchError).code, isDone: true }),
    );
    while (!told.isDone) await clock.advance(seconds(1));
    await working;
    if (told.code) return told.code;
    return told.outcome ? choiceText(told.outcome.choice) : 'nothing';
  };
  return { clock, ways, tried, order, shot };
};

describe('the ways to a still', () => {
  it('go on to the next when one gives no picture, and say so', async () => {
    const d = desk({ 'main-ring': damaged, 'main-stream': 'gives', 'sub-frame': 'gives' });
    expect(await d.order('calm')).toBe('main-stream fastest main-ring:SW_STILL_DAMAGED');
  });

  it('have the sub stream’s own frame when all others fail', async () => {
    const lost = new StillwatchError('SW_CAM_LOST');
    const d = desk({ 'main-ring': damaged, 'main-stream': lost, 'http-snapshot': damaged, 'sub-frame': 'gives' });
    expect(await d.order('calm')).toMatch(/^sub-frame last-resort /);
  });

  it('refuse a picture of an earlier moment', async () => {
    const d = desk({ 'http-snapshot': 'stale', 'sub-frame': 'gives' });
    expect(await d.order('calm')).toBe('sub-frame last-resort http-snapshot:SW_STILL_DAMAGED');
  });

  it('refuse a camera’s JPEG that shows nothing', async () => {
    const d = desk({ 'http-snapshot': 'gives', 'sub-frame': 'gives' }, { isBlank: true });
    expect(await d.order('calm')).toBe('sub-frame last-resort http-snapshot:SW_STILL_DAMAGED');
  });

  it('do not ask again for half an hour where the password was refused, and then do', async () => {
    const d = desk({ 'main-stream': refusedLogin, 'sub-frame': 'gives' });
    await d.order('calm');
    await d.order('calm');
    expect(d.tried).toEqual(['main-stream', 'sub-frame', 'sub-frame']);
    await d.clock.advance(seconds(32 * 60));
    await d.order('calm');
    expect(d.tried).toContain('main-stream');
    expect(d.tried.filter((name) => name === 'main-stream')).toHaveLength(2);
  });

  it('try what fails lately after the others', async () => {
    const d = desk({ 'main-ring': 'gives', 'main-stream': 'gives' });
    expect(await d.order('calm')).toBe('main-ring fastest');
    const e = desk({ 'http-snapshot': 'stale', 'sub-frame': 'gives' });
    for (let order = 0; order < 3; order += 1) await e.order('calm');
    expect(e.tried.slice(-2)).toContain('sub-frame');
  });

  it('use the last calm still for “before” while nothing has happened and nothing was missed', async () => {
    const d = desk({ 'main-stream': 'gives', 'sub-frame': 'gives' });
    d.ways.remember(d.shot('main-stream'));
    await d.clock.advance(seconds(600));
    expect(await d.order('before', { ago: seconds(3), seenFor: seconds(900) })).toBe('last-calm nothing-since');
    // It was blind in between.
    expect(await d.order('before', { ago: seconds(3), seenFor: seconds(60) })).toBe('sub-frame moment');
    d.ways.remember(undefined);
    expect(await d.order('before', { ago: seconds(3), seenFor: seconds(900) })).toBe('sub-frame moment');
  });

  it('try a peak on the spot only where no ring will have it, and only by a quick way', async () => {
    const options = { isSettled: false };
    expect(await desk({ 'main-ring': 'gives', 'http-snapshot': 'gives' }).order('peak', options)).toBe('nothing');
    expect(await desk({ 'http-snapshot': 'gives', 'sub-frame': 'gives' }).order('peak', options)).toBe(
      'http-snapshot moment',
    );
    expect(await desk({ 'main-stream': 'gives', 'sub-frame': 'gives' }).order('peak', options)).toBe('nothing');
  });

  it('try a moment once: it does not come back', async () => {
    const d = desk({ 'main-ring': notKept, 'sub-frame': notKept });
    expect(await d.order('peak', { ago: seconds(60) })).toBe('SW_STILL_NOT_KEPT');
    expect(d.tried).toEqual(['main-ring', 'sub-frame']);
  });

  it('name the camera’s stream limit when that leaves no way', async () => {
    const link = { ...lan, streamLimit: 1, streamsOpen: 1 };
    expect(await desk({ 'main-stream': 'gives' }, { link }).order('calm')).toBe('SW_CAM_STREAM_LIMIT');
  });

  it('name the trouble of the way that was preferred', async () => {
    const lost = new StillwatchError('SW_CAM_LOST');
    expect(await desk({ 'main-stream': lost, 'sub-frame': notKept }).order('calm')).toBe('SW_CAM_LOST');
  });
});
