// A day of one camera in a minute: watcher, cascade, episode rules and kept readings on a clock of our own, with connections lost,
// a changed picture size, dusk and dawn, and something crossing every ten minutes. Only the camera and the decoder are drawn.

import { readdirSync, statSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { fsReadings } from '../src/adapters/readings-fs/readings-fs.ts';
import { NO_AUDIT } from '../src/domain/audit.ts';
import type { Camera, Luma, Packet, VideoFormat } from '../src/domain/camera.ts';
import { StillwatchError } from '../src/domain/errors.ts';
import { cameraId } from '../src/domain/ids.ts';
import { epochMs, ms, seconds } from '../src/domain/units.ts';
import { LUMA_SIZE } from '../src/motion/plane-layout.ts';
import type { LumaDecoder } from '../src/ports/luma-decoder.ts';
import type { PacketSource } from '../src/ports/packet-source.ts';
import type { WatchFact } from '../src/ports/telemetry.ts';
import { fakeClock } from '../src/testing/fake-clock.ts';
import { seededRandom } from '../src/testing/painted-scene.ts';
import { temporaryFolders } from '../src/testing/temporary-folder.ts';
import { cascadeEngine } from '../src/watch/cascade.ts';
import type { StillOrder } from '../src/watch/photographer.ts';
import { recordingEngine } from '../src/watch/recording-engine.ts';
import { rememberingEngine } from '../src/watch/remembering-engine.ts';
import { watcher } from '../src/watch/watcher.ts';

const FPS = 5;
/** Key frames every four seconds: the longest group that is still skipped. */
const GROUP = 4 * FPS;
const DAY_S = 86_400;
const CROSS_EVERY_S = 600;
const CROSS_S = 8;
/** Seconds of the day at which the lamp of the camera goes on and off. */
const DUSK_S = 61_300;
const DAWN_S = 25_300;

/** Second of the crossing that `second` lies in, if something crosses. */
const crossing = (second: number): number | undefined => {
  const since = second % CROSS_EVERY_S;
  return since >= 300 && since < 300 + CROSS_S ? since - 300 : undefined;
};
const isNight = (second: number): boolean => second < DAWN_S || second >= DUSK_S;

const random = seededRandom(5);
const plane = (paint: (x: number, y: number) => number): Uint8Array =>
  Uint8Array.from({ length: LUMA_SIZE.width * LUMA_SIZE.height }, (_, at) =>
    paint(at % LUMA_SIZE.width, Math.floor(at / LUMA_SIZE.width)),
  );
const ground = (x: number, y: number): number => 90 + 40 * Math.sin(x / 11) * Math.cos(y / 9);
/** Drawn once: sixteen pictures of each half of the day that differ by their noise. */
const sheet = (gain: number, noise: number, offset: number): readonly Uint8Array[] =>
  Array.from({ length: 16 }, () => plane((x, y) => offset + gain * ground(x, y) + noise * (random() + random() - 1)));
const DAY = sheet(1, 1, 0);
const NIGHT = sheet(0.5, 2, 18);

const drawn = new Uint8Array(LUMA_SIZE.width * LUMA_SIZE.height);
const pictureAt = (second: number): Uint8Array => {
  const half = isNight(second) ? NIGHT : DAY;
  drawn.set(half[Math.floor(random() * half.length)] ?? drawn);
  const since = crossing(second);
  if (since === undefined) return drawn;
  const left = Math.round((since / CROSS_S) * (LUMA_SIZE.width - 12));
  for (let y = 40; y < 60; y++)
    drawn.fill(isNight(second) ? 110 : 200, y * LUMA_SIZE.width + left, y * LUMA_SIZE.width + left + 12);
  return drawn;
};

const folders = temporaryFolders();

it('is without a leak and without an episode that does not end', { timeout: 600_000 }, async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const folder = folders();
  const midnight = epochMs(Date.UTC(2026, 5, 1));
  const clock = fakeClock(midnight);
  const secondNow = (): number => clock.now().mono / 1000;
  let runs = 0;
  let open = 0;
  let decoders = 0;

  const source: PacketSource = {
    async open(_, { signal }) {
      signal.throwIfAborted();
      runs += 1;
      if (runs % 7 === 3) throw new StillwatchError('SW_CAM_UNREACHABLE', { host: 'camera' });
      open += 1;
      const run = runs;
      // Every other hour and a bit the connection is lost, or the picture becomes another.
      const until = secondNow() + 7500;
      const width = run % 4 < 2 ? 640 : 704;
      const format: VideoFormat = { codec: 'h264', parameterSets: new Uint8Array(0), picture: { width, height: 360 } };
      const startedAt = secondNow();
      async function* batches(): AsyncGenerator<readonly Packet[]> {
        for (let count = 0; secondNow() < until; ) {
          await clock.sleep(seconds(2), signal);
          const batch: Packet[] = [];
          for (; startedAt + count / FPS <= secondNow(); count++) {
            const second = startedAt + count / FPS;
            const isKey = count % GROUP === 0;
            const size = isKey ? 9000 : crossing(second) === undefined ? 400 + random() * 80 : 2500;
            batch.push({
              pts: ms((count * 1000) / FPS),
              arrivedAt: clock.now().mono,
              isKey,
              bytes: new Uint8Array(size),
            });
          }
          yield batch;
        }
        throw run % 2 === 0
          ? new StillwatchError('SW_CAM_LOST', {})
          : new StillwatchError('SW_CAM_STREAM_CHANGED', { change: 'another size' });
      }
      decodeFrom = startedAt;
      return {
        format,
        claimedFps: FPS,
        batches: batches(),
        pace: () => undefined,
        counters: () => ({ packets: 0, bytes: 0, lost: 0 }),
        [Symbol.asyncDispose]: async () => {
          open -= 1;
        },
      };
    },
  };
  let decodeFrom = 0;
  const decoder: LumaDecoder = {
    open() {
      const from = decodeFrom;
      decoders += 1;
      let isOpen = true;
      return {
        decode: ({ pts, isKey }): Luma => ({ ...LUMA_SIZE, pixels: pictureAt(from + pts / 1000), pts, isKey }),
        drain: () => undefined,
        reset: () => undefined,
        [Symbol.dispose]: () => {
          if (isOpen) decoders -= 1;
          isOpen = false;
        },
      };
    },
  };

  const camera: Camera = {
    id: cameraId('garden'),
    name: 'Garden',
    streams: { main: { url: 'rtsp://camera/1' }, sub: { url: 'rtsp://camera/2' } },
    rules: { calmPeriod: seconds(10), longestEpisode: seconds(300) },
    isDemo: false,
  };
  const opened: number[] = [];
  const lengths: number[] = [];
  const photos: StillOrder['kind'][] = [];
  let openedAt = 0;
  const tell = (fact: WatchFact): void => {
    if (fact.type === 'episode-opened') opened.push((openedAt = secondNow()));
    if (fact.type === 'episode-ended') lengths.push(secondNow() - openedAt);
  };
  const recording = recordingEngine({
    open: rememberingEngine({
      open: cascadeEngine({ decoder, random }),
      clock,
      audit: NO_AUDIT,
      onState: () => undefined,
    }),
    camera: camera.id,
    areas: [],
    log: fsReadings(folder),
    clock,
  });
  const stopping = new AbortController();
  const running = watcher({
    camera,
    packets: source,
    engine: recording.open,
    photographer: {
      take: ({ kind, isSettled = true }) => void (isSettled && photos.push(kind)),
      close: async () => undefined,
    },
    clock,
    random: () => 0.5,
    telemetry: { tell },
  }).run(stopping.signal);

  const sleepers: number[] = [];
  const heap: number[] = [];
  for (let hour = 0; hour < 24; hour++) {
    await clock.advance(seconds(DAY_S / 24));
    collect();
    heap.push(process.memoryUsage().heapUsed / 1e6);
    sleepers.push(clock.sleepers);
    expect(open).toBeLessThanOrEqual(1);
    expect(decoders).toBeLessThanOrEqual(1);
  }
  stopping.abort();
  await clock.advance(seconds(1));
  await running;
  await recording.close();

  expect({ open, decoders }).toEqual({ open: 0, decoders: 0 });
  expect(runs).toBeGreaterThan(10);
  // 144 things crossed. One may fall into a warm-up after a changed picture; dusk and dawn may each look like one more.
  expect(opened.length).toBeGreaterThanOrEqual(140);
  expect(opened.length).toBeLessThanOrEqual(146);
  expect(lengths).toHaveLength(opened.length);
  expect(Math.max(...lengths)).toBeLessThan(60);
  expect(photos.filter((kind) => kind === 'calm')).toHaveLength(opened.length);
  expect(Math.max(...sleepers)).toBeLessThanOrEqual(4);
  expect((heap.at(-1) ?? 0) - (heap[3] ?? 0)).toBeLessThan(5);
  const kept = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.swr'));
  const bytes = kept.reduce((sum, name) => sum + statSync(`${folder}/${name}`).size, 0);
  // A camera that moves for 8 s in 600 keeps some tens of kilobytes a day.
  expect(bytes).toBeGreaterThan(5_000);
  expect(bytes).toBeLessThan(100_000);
});
