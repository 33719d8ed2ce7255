// The still from the ring shows the wanted moment: every picture carries its number, main and sub stream run in step, and
// the moment is named by the sub stream, as the watcher does. Whole path: RTSP, ring, decoder, JPEG.

import { expect, it } from 'vitest';
import { avPictureDecoder } from '../src/adapters/av/picture-decoder.ts';
import { avPictureReader } from '../src/adapters/av/picture-reader.ts';
import { rtspPacketSource } from '../src/adapters/rtsp/packet-source.ts';
import { systemClock } from '../src/adapters/system/clock.ts';
import type { Camera, Packet, StreamRole, VideoFormat } from '../src/domain/camera.ts';
import { cameraId } from '../src/domain/ids.ts';
import { type Instant, later, type Ms, monoMs, ms, seconds, shift } from '../src/domain/units.ts';
import { simulatedCamera } from '../src/simulator/rtsp-server.ts';
import { mainRing } from '../src/watch/main-ring.ts';
import { type PacketRing, packetRing } from '../src/watch/packet-ring.ts';
import { ringStill } from '../src/watch/ring-still.ts';
import { formatOf, type NumberedOptions, numberedClip, numberIn, packetsOf } from './support/numbered.ts';

const FPS = 10;
const PICTURES = 240;
const INSTANTS = 200;
/** How much of the stream is waited for: a 10 s group and what lies before it. */
const FILL = seconds(16);

/** The same moments in every run. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const clock = systemClock();
const decoder = avPictureDecoder();
const reader = avPictureReader();

/** Difference of two numbers of a clip that begins again at its end. */
const off = (is: number, wanted: number): number => {
  const difference = (((is - wanted) % PICTURES) + PICTURES) % PICTURES;
  return difference > PICTURES / 2 ? difference - PICTURES : difference;
};

const distribution = (errors: readonly number[]): string => {
  const counts = new Map<number, number>();
  for (const error of errors) counts.set(error, (counts.get(error) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([error, count]) => `${error > 0 ? '+' : ''}${error}: ${count}`)
    .join('  ');
};

const numberAt = async (ring: PacketRing, name: 'main-ring' | 'sub-frame', at: Instant): Promise<number> => {
  const source = ringStill({ name, ring, decoder, clock });
  const wanted = { at, keyWithin: ms(0), notAfter: false };
  const shot = await source.take({ signal: new AbortController().signal, wanted });
  return numberIn(await reader.read(shot.jpeg));
};

const cases: readonly (readonly [string, Pick<NumberedOptions, 'codec' | 'group' | 'bFrames'>])[] = [
  ['H.264, a key frame every 2 s', { codec: 'h264', group: 20 }],
  ['H.264 with B-frames', { codec: 'h264', group: 20, bFrames: 2 }],
  ['H.264, a key frame every 10 s', { codec: 'h264', group: 100 }],
  ['H.265, a key frame every 2 s', { codec: 'h265', group: 20 }],
  ['H.265 with B-frames, a key frame every 4 s', { codec: 'h265', group: 40, bFrames: 2 }],
];

it.each(cases)('%s: 200 moments, each within one picture', async (name, recipe) => {
  const clip = (width: number, height: number, own: typeof recipe): ReturnType<typeof numberedClip> =>
    numberedClip({ ...own, width, height, fps: FPS, pictures: PICTURES });
  await using simulated = await simulatedCamera({
    streams: { main: clip(640, 360, recipe), sub: clip(320, 192, { codec: recipe.codec, group: 20 }) },
  });
  const address = (role: StreamRole): { url: string } => ({ url: simulated.url(role) });
  const packets = rtspPacketSource({ clock });
  const stopping = new AbortController();
  const rings = { main: packetRing(), sub: packetRing() };
  const runs = (['main', 'sub'] as const).map((role) => {
    const streams: Camera['streams'] = { main: address(role), sub: address(role) };
    const rules = { calmPeriod: seconds(10), longestEpisode: seconds(300) };
    const camera: Camera = { id: cameraId(role), name: role, streams, rules, isDemo: true };
    const ring = rings[role];
    return mainRing({ camera, packets, ring, clock, random: () => 0 }).run(stopping.signal);
  });
  await clock.sleep(FILL);
  const random = randomFrom(7);
  const errors: number[] = [];
  for (let count = 0; count < INSTANTS; count++) {
    // From 8 s ago, over "now", to half a second that is still to come.
    const at = shift(clock.now(), ms(-8000 + random() * 8500));
    const [is, wanted] = [await numberAt(rings.main, 'main-ring', at), await numberAt(rings.sub, 'sub-frame', at)];
    errors.push(off(is, wanted));
  }
  stopping.abort();
  await Promise.all(runs);
  process.stdout.write(`${name}: pictures off  ${distribution(errors)}\n`);
  expect(Math.max(...errors.map(Math.abs))).toBeLessThanOrEqual(1);
});

it('a change of resolution in the middle: 200 moments on both sides of it, each within one picture', async () => {
  const ring = packetRing({ reach: seconds(30), mostBytes: 2 ** 26 });
  const half = 60;
  const recipe = { codec: 'h264', fps: FPS, pictures: half, group: 20 } as const;
  const [before, after] = [
    numberedClip({ ...recipe, width: 640, height: 360 }),
    numberedClip({ ...recipe, width: 320, height: 192, from: half }),
  ];
  const startedAt = shift(clock.now(), seconds(-12));
  const push = (format: VideoFormat, pushed: readonly Packet[], from: number): void =>
    ring.push(format, pushed, (pts: Ms) => shift(startedAt, ms((from * 1000) / FPS + pts)));
  push(formatOf(before), packetsOf(before), 0);
  push(formatOf(after), packetsOf(after), half);
  const random = randomFrom(11);
  const errors: number[] = [];
  for (let count = 0; count < INSTANTS; count++) {
    const picture = random() * (2 * half - 1);
    const at: Instant = { mono: later(monoMs(startedAt.mono), ms((picture * 1000) / FPS)), wall: startedAt.wall };
    errors.push((await numberAt(ring, 'main-ring', at)) - Math.round(picture));
  }
  process.stdout.write(`change of resolution: pictures off  ${distribution(errors)}\n`);
  expect(Math.max(...errors.map(Math.abs))).toBeLessThanOrEqual(1);
});
