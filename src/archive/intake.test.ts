import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import { StillwatchError } from '../domain/errors.ts';
import { cameraId } from '../domain/ids.ts';
import { INBOX_LIMITS, type InboxCamera } from '../domain/inbox.ts';
import { jpegSegment, spliceSegments } from '../domain/jpeg.ts';
import { Secret } from '../domain/secret.ts';
import { type EpochMs, epochMs, later, ms, seconds } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { type FakeClock, fakeClock } from '../testing/fake-clock.ts';
import { testJpeg } from '../testing/jpegs.ts';
import { memoryCatalog } from '../testing/memory-catalog.ts';
import { memoryFilms } from '../testing/memory-clip-store.ts';
import { type MemorySpool, memorySpool } from '../testing/memory-spool.ts';
import { type BurstSettler, burstSettler } from './burst-settler.ts';
import { openContacts } from './contacts.ts';
import { inboxKeys } from './inbox-door.ts';
import { type Intake, intake } from './intake.ts';

const CAMERA = cameraId('forest');
const NOW = epochMs(Date.UTC(2026, 10, 23, 14, 0, 0));
const camera: InboxCamera = {
  id: CAMERA,
  name: 'Forest',
  key: new Secret('key-of-the-forest'),
  limits: { ...INBOX_LIMITS, picturesPerMinute: 20, bytesPerDay: 1e6, monthBudget: 10_000 },
};

let clock: FakeClock;
let waiting: MemorySpool;
let spool: MemorySpool;
let told: WatchFact[];
let alerts: string[];
let taking: Intake;
let settler: BurstSettler;
let catalog: ReturnType<typeof memoryCatalog>;

beforeEach(async () => {
  clock = fakeClock(NOW);
  [waiting, spool, catalog] = [memorySpool(), memorySpool(), memoryCatalog()];
  [told, alerts] = [[], []];
  const tell = (error: StillwatchError): void => void alerts.push(error.code);
  const contacts = await openContacts({
    cameras: [camera],
    book: { load: async () => [], save: async () => undefined },
    zone: 'UTC',
    clock,
    onHeard: () => undefined,
    onLooked: () => undefined,
    onAlert: tell,
    onTrouble: tell,
  });
  settler = burstSettler({
    waiting,
    spool,
    catalog,
    reader: {
      read: async (jpeg) => {
        const luma = new Uint8Array(await sharp(jpeg).greyscale().resize(32, 18, { fit: 'fill' }).raw().toBuffer());
        return { luma, blue: luma, red: luma };
      },
    },
    read: waiting.read,
    clock,
    burstGap: seconds(60),
    burstWait: seconds(20),
    nameOf: () => 'Forest',
    told: async () => undefined,
    onHandedOn: () => undefined,
    onTrouble: tell,
  });
  taking = intake({
    cameras: [camera],
    zone: 'UTC',
    clock,
    waiting,
    read: waiting.read,
    catalog,
    pictures: { jpegOf: async (bytes) => bytes },
    clips: {
      stills: async () => Promise.reject(new StillwatchError('SW_FILE_UNREADABLE', { file: 'x', detail: 'y' })),
    },
    clipStore: memoryFilms(),
    hash: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    telemetry: { tell: (fact) => void told.push(fact) },
    contacts,
    settler,
  });
});

const send = (bytes: Uint8Array, more: Partial<Delivery> = {}): Promise<DeliveryOutcome> =>
  taking.deliver({ camera: CAMERA, way: 'ftp', bytes, receivedAt: clock.now().wall, ...more });

const nameAt = (at: EpochMs): string => `${new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)}.jpg`;

describe('a delivery', () => {
  it('is durable when it is accepted, and its trigger has a photo', async () => {
    const outcome = await send(await testJpeg(1));
    expect(outcome.state).toBe('accepted');
    expect(await waiting.pending()).toHaveLength(1);
    expect(told.map(({ type }) => type)).toEqual(['trigger', 'still-accepted']);
  });

  it('is known when it comes again, stripped of its EXIF, by another way, before and after it was handed on', async () => {
    const plain = await testJpeg(2);
    const dressed = spliceSegments(
      plain,
      [jpegSegment(0xe1, new TextEncoder().encode('Exif\0\0 whatever'))],
      () => false,
    );
    expect((await send(dressed)).state).toBe('accepted');
    expect((await send(plain, { way: 'mail' })).state).toBe('known');
    await settler.settle(true);
    const [still] = await spool.pending();
    expect(await waiting.pending()).toEqual([]);
    await catalog.record([{ ...(still?.facts as NonNullable<typeof still>['facts']), path: 'forest/x.jpg' }]);
    expect((await send(plain)).state).toBe('known');
    expect(told.filter(({ type }) => type === 'trigger')).toHaveLength(1);
  });

  it.each([
    ['nothing', new Uint8Array(0), 'SW_UPLOAD_REFUSED'],
    ['no picture', new TextEncoder().encode('GIF89a'), 'SW_UPLOAD_REFUSED'],
    ['a film that cannot be read', new TextEncoder().encode('\0\0\0\x0cftypisom'), 'SW_UPLOAD_REFUSED'],
    [
      'too much',
      Uint8Array.from({ length: INBOX_LIMITS.pictureBytes + 1 }, (_, at) => [0xff, 0xd8, 0xff][at] ?? 0),
      'SW_UPLOAD_TOO_LARGE',
    ],
  ])('of %s is refused, with its reason in the ledger', async (_, bytes, code) => {
    expect(await send(bytes)).toMatchObject({ state: 'refused', code });
    expect(told).toEqual([
      expect.objectContaining({ type: 'trigger', origin: 'upload' }),
      expect.objectContaining({ type: 'still-missed', code }),
    ]);
    expect(await waiting.pending()).toEqual([]);
  });

  it('of half a picture is called cut, not kept', async () => {
    const jpeg = await testJpeg(3);
    expect(await send(jpeg.subarray(0, jpeg.length - 40))).toMatchObject({ state: 'refused', code: 'SW_UPLOAD_CUT' });
  });

  it('of a bomb is refused by the size it claims', async () => {
    const jpeg = (await testJpeg(4)).slice();
    const frame = jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xc0);
    jpeg.set([0xff, 0xff, 0xff, 0xff], frame + 5);
    expect(await send(jpeg)).toMatchObject({ state: 'refused', code: 'SW_UPLOAD_TOO_LARGE' });
  });

  it('of a status report is noted: no trigger, no photo', async () => {
    expect(await send(new Uint8Array(0), { way: 'mail', text: 'Battery: 40%' })).toEqual({ state: 'noted' });
    expect(await send(new TextEncoder().encode('hello'), { name: 'ftp_test.txt' })).toEqual({ state: 'noted' });
    expect(told).toEqual([]);
  });

  it('waits for another minute when there are too many', async () => {
    for (let at = 0; at < 20; at++) await send(await testJpeg(100 + at));
    await expect(send(await testJpeg(99))).rejects.toMatchObject({ code: 'SW_UPLOAD_QUOTA' });
    await clock.advance(seconds(61));
    expect((await send(await testJpeg(99))).state).toBe('accepted');
  });

  it('warns once at each step of the month’s budget', async () => {
    for (let at = 0; at < 8; at++) await send(await testJpeg(200 + at));
    expect(alerts.filter((code) => code === 'SW_UPLOAD_BUDGET').length).toBeGreaterThanOrEqual(1);
    expect(alerts.length).toBeLessThanOrEqual(2);
  });

  it('fails, and is to be sent again, when the disk is full', async () => {
    waiting.accept = async () => Promise.reject(new StillwatchError('SW_STORE_FULL', { path: '/' }));
    await expect(send(await testJpeg(5))).rejects.toMatchObject({ code: 'SW_STORE_FULL' });
    expect(told).toEqual([]);
  });
});

describe('a happening', () => {
  it('is handed on when its camera has been silent, as one set on its own day', async () => {
    const taken = epochMs(Date.UTC(2026, 2, 1, 6, 0, 0));
    for (const [at, seed] of [11, 12, 13].entries())
      await send(await testJpeg(seed), { name: nameAt(later(taken, seconds(at * 5))) });
    await settler.settle();
    expect(await spool.pending()).toEqual([]);
    await clock.advance(seconds(21));
    await settler.settle();
    const stills = (await spool.pending()).map(({ facts }) => facts);
    expect(stills.map(({ takenAt }) => takenAt)).toEqual([0, 5, 10].map((at) => taken + at * 1000));
    expect(stills.at(-1)).toMatchObject({ kind: 'calm', set: '2026-03-01/06-00-10' });
    expect(stills.filter(({ kind }) => kind === 'peak')).toHaveLength(1);
    expect(new Set(stills.map(({ episode }) => episode)).size).toBe(1);
    expect(stills[0]?.id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is another one when more than the gap lies between', async () => {
    await send(await testJpeg(21), { name: nameAt(later(NOW, ms(-500_000))) });
    await send(await testJpeg(22), { name: nameAt(later(NOW, ms(-300_000))) });
    await settler.settle(true);
    const stills = (await spool.pending()).map(({ facts }) => facts);
    expect(stills.map(({ kind }) => kind)).toEqual(['uploaded', 'uploaded']);
    expect(new Set(stills.map(({ episode }) => episode)).size).toBe(2);
  });

  it('gives the same when it was killed halfway and done again', async () => {
    for (const seed of [31, 32]) await send(await testJpeg(seed), { name: nameAt(NOW) });
    const release = waiting.release.bind(waiting);
    waiting.release = async () => Promise.reject(new Error('killed'));
    await expect(settler.settle(true)).rejects.toThrow('killed');
    const before = (await spool.pending()).map(({ facts }) => facts);
    waiting.release = release;
    await settler.settle(true);
    expect((await spool.pending()).map(({ facts }) => facts)).toEqual(before);
    expect(await waiting.pending()).toEqual([]);
  });

  it('is told again after a start, under the same trigger', async () => {
    await send(await testJpeg(41));
    const before = [...told];
    await taking.resume();
    expect(told.slice(before.length)).toEqual(before);
  });
});

describe('a key', () => {
  it('opens for its camera only, and nothing for guessers', async () => {
    const keys = inboxKeys([camera], clock);
    expect(keys.login('forest', 'key-of-the-forest', '192.0.2.1').state).toBe('welcome');
    expect(keys.login('FOREST ', 'key-of-the-forest', '192.0.2.1').state).toBe('welcome');
    expect(keys.login('garden', 'key-of-the-forest', '192.0.2.1').state).toBe('unknown');
    expect(keys.loginByAddress('<forest+key-of-the-forest@x>', '192.0.2.1').state).toBe('welcome');
    expect(keys.loginByAddress('friend@x', '192.0.2.1').state).toBe('unknown');
    for (let at = 0; at < 12; at++) keys.login('forest', `guess-${at}`, '192.0.2.2');
    expect(keys.login('forest', 'key-of-the-forest', '192.0.2.2').state).toBe('wait');
    expect(keys.login('forest', 'key-of-the-forest', '192.0.2.1').state).toBe('welcome');
    await clock.advance(seconds(16 * 60));
    expect(keys.login('forest', 'key-of-the-forest', '192.0.2.2').state).toBe('welcome');
    expect(keys.login('forest', '', '192.0.2.3').state).toBe('unknown');
  });
});
