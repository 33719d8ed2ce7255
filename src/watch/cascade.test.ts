import { describe, expect, it } from 'vitest';
import { avLumaDecoder } from '../adapters/av/luma-decoder.ts';
import type { Packet, VideoFormat } from '../domain/camera.ts';
import type { Reading } from '../domain/signal.ts';
import { monoMs, ms } from '../domain/units.ts';
import type { LumaDecoder } from '../ports/luma-decoder.ts';
import { type EncodedVideo, encodeVideo } from '../testing/encoded-video.ts';
import { seededRandom } from '../testing/painted-scene.ts';
import { carefulEngine } from './careful-engine.ts';
import { cascadeEngine } from './cascade.ts';
import { gopClock } from './cascade-gop.ts';
import type { ReplayEngine } from './motion-engine.ts';

const WIDTH = 320;
const FPS = 10;

interface Walk {
  readonly from: number;
  readonly to: number;
}

/** A yard with grain, and a bright walker in it during `walks` (seconds). */
const film = (
  seconds: number,
  walks: readonly Walk[],
  more: { codec?: 'h264' | 'h265'; gop?: number; walker?: { width: number; height: number } } = {},
): EncodedVideo => {
  const { width, height } = more.walker ?? { width: 18, height: 50 };
  const random = seededRandom(3);
  const grain = Float32Array.from({ length: 60_013 }, () => 3 * (random() - 0.5));
  return encodeVideo({
    codec: more.codec ?? 'h264',
    width: WIDTH,
    height: 180,
    fps: FPS,
    frames: seconds * FPS,
    gop: more.gop ?? 2 * FPS,
    crf: 27,
    paint: (luma, frame) => {
      const second = frame / FPS;
      const walk = walks.find(({ from, to }) => second >= from && second < to);
      const left = walk ? 20 + 60 * (second - walk.from) : -100;
      const shift = (frame * 7919) % 2000;
      for (let at = 0; at < luma.length; at++) {
        const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
        const isWalker = x >= left && x < left + width && y >= Math.max(0, 120 - height) && y < 120;
        luma[at] =
          (isWalker ? 190 : 70 + 40 * Number(x > 150) + (((x >> 4) ^ (y >> 4)) & 7) * 4) + (grain[at + shift] ?? 0);
      }
    },
  });
};

const play = (engine: ReplayEngine, packets: readonly Packet[]): readonly Reading[] => {
  const readings = packets.flatMap((packet) => [...engine.feed([packet])]);
  return [...readings, ...engine.finish()];
};
const movingAt = (readings: readonly Reading[]): readonly number[] =>
  readings.flatMap((reading) => (reading.isMotion ? [reading.pts / 1000] : []));

/** These encode and decode a minute of video each; a busy machine takes its time. */
const PATIENCE = { timeout: 120_000 };

describe.each(['h264', 'h265'] as const)('the cascade over %s', PATIENCE, (codec) => {
  const { format, packets } = film(50, [{ from: 36.5, to: 39.5 }], { codec });

  it('decodes only what is suspicious, and times it like full decoding', () => {
    const decoder = avLumaDecoder();
    using economy = cascadeEngine({ decoder })(format);
    using careful = carefulEngine({ decoder })(format);
    const thrifty = movingAt(play(economy, packets));
    const full = movingAt(play(careful, packets));
    expect(Math.abs((thrifty[0] ?? 0) - (full[0] ?? 0))).toBeLessThanOrEqual(0.41);
    expect(Math.abs((thrifty.at(-1) ?? 0) - (full.at(-1) ?? 0))).toBeLessThanOrEqual(0.41);
    expect(thrifty[0]).toBeGreaterThanOrEqual(36.4);
    expect(careful.decodedShare).toBe(1);
    // 20 s of warm-up and some 8 s around the walk, of 50 s.
    expect(economy.decodedShare).toBeGreaterThan(0.4);
    expect(economy.decodedShare).toBeLessThan(0.72);
  });

  it('says readings in order of time, each once', () => {
    using engine = cascadeEngine({ decoder: avLumaDecoder() })(format);
    const times = play(engine, packets).map((reading) => reading.pts);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  });
});

describe('the cascade', PATIENCE, () => {
  it('reads calm streams together and suspicious ones at once', () => {
    const { format, packets } = film(40, [{ from: 30.3, to: 33 }]);
    using engine = cascadeEngine({ decoder: avLumaDecoder() })(format);
    const pace = new Map<number, string>();
    for (const packet of packets) {
      engine.feed([packet]);
      pace.set(packet.pts / 1000, engine.pace);
    }
    expect([pace.get(5), pace.get(25), pace.get(32.5), pace.get(39.5)]).toEqual([
      'eager',
      'coalesced',
      'eager',
      'coalesced',
    ]);
  });

  it('finds what began and ended between two key frames, when the gate saw it', () => {
    // The usual drawn walker costs 50 bytes a picture, which no gate can tell from a calm one: this one is near.
    const { format, packets } = film(44, [{ from: 38.3, to: 39.6 }], {
      walker: { width: 80, height: 150 },
    });
    using engine = cascadeEngine({ decoder: avLumaDecoder() })(format);
    const times = movingAt(play(engine, packets));
    expect(times[0]).toBeGreaterThanOrEqual(38.2);
    expect(times.at(-1)).toBeLessThanOrEqual(40.2);
  });

  it('sees what came before a key frame that the encoder put in because of it', () => {
    const random = seededRandom(9);
    const ground = Uint8Array.from({ length: 160 * 90 }, (_, at) => 80 + (((at % 160) >> 3) ^ (at / 1280)) * 3);
    const pixels = new Uint8Array(ground.length);
    /** A lorry drives in at 40.4 s and fills the picture until 46 s. */
    const decoder: LumaDecoder = {
      open: () => ({
        decode({ pts, isKey }) {
          const edge = pts < 40_400 || pts > 46_000 ? 0 : Math.min(160, Math.round((pts - 40_400) / 5));
          for (let at = 0; at < pixels.length; at++) {
            const here = (ground[at] ?? 0) + Math.round(2 * random());
            pixels[at] = at % 160 < edge ? 150 + (((at % 160) + Math.round(pts / 40)) % 50) : here;
          }
          return { width: 160, height: 90, pixels, pts, isKey };
        },
        drain: () => undefined,
        reset: () => undefined,
        [Symbol.dispose]: () => undefined,
      }),
    };
    const format: VideoFormat = { codec: 'h264', parameterSets: new Uint8Array(0), picture: undefined };
    const packets = Array.from({ length: 500 }, (_, at): Packet => {
      const isKey = at % 20 === 0 || at === 408;
      return { pts: ms(at * 100), arrivedAt: monoMs(at * 100), isKey, bytes: new Uint8Array(isKey ? 9000 : 500) };
    });
    using engine = cascadeEngine({ decoder })(format);
    const times = movingAt(play(engine, packets));
    expect(times[0]).toBeGreaterThanOrEqual(40.2);
    expect(times[0]).toBeLessThanOrEqual(40.8);
  });

  it('decodes everything when key frames are far apart, and so misses nothing between them', () => {
    const { format, packets } = film(44, [{ from: 38, to: 39.5 }], { gop: 10 * FPS });
    using engine = cascadeEngine({ decoder: avLumaDecoder() })(format);
    expect(movingAt(play(engine, packets)).length).toBeGreaterThan(4);
    expect(engine.decodedShare).toBe(1);
    expect(engine.isCareful).toBe(true);
  });

  it('audits what it skipped: every skipped group when chance says so, none otherwise', () => {
    const { format, packets } = film(50, []);
    using always = cascadeEngine({ decoder: avLumaDecoder(), random: () => 0 })(format);
    using never = cascadeEngine({ decoder: avLumaDecoder(), random: () => 0.999 })(format);
    expect(movingAt(play(always, packets))).toEqual([]);
    play(never, packets);
    // Of 15 groups after the warm-up the last is never followed by a key frame.
    expect(always.audit.looked).toBeGreaterThanOrEqual(12);
    expect(always.audit.missed).toBe(0);
    expect(never.audit.looked).toBe(0);
  });

  it('goes on without a warm-up with what an earlier run learned', () => {
    const { format, packets } = film(40, []);
    const next = film(20, [{ from: 6.3, to: 9.3 }]);
    const decoder = avLumaDecoder();
    using first = cascadeEngine({ decoder })(format);
    play(first, packets);
    const memory = first.remember();
    using blind = cascadeEngine({ decoder })(next.format);
    using seeing = cascadeEngine({ decoder })(next.format, memory);
    expect(movingAt(play(blind, next.packets))).toEqual([]);
    const times = movingAt(play(seeing, next.packets));
    expect(times[0]).toBeGreaterThanOrEqual(6.2);
    expect(times[0]).toBeLessThanOrEqual(7.5);
    expect(seeing.decodedShare).toBeLessThan(0.9);
    expect(first.remember().audit).toEqual({ looked: 0, missed: 0 });
  });

  it.each([
    ['masked', 'ignored', 0],
    ['in a zone of low sensitivity', 'low', 5],
  ] as const)('motion %s', (_, sensitivity, least) => {
    const { format, packets } = film(42, [{ from: 30.3, to: 36 }]);
    const polygon = [
      { x: 0, y: 0.2 },
      { x: 1, y: 0.2 },
      { x: 1, y: 0.9 },
      { x: 0, y: 0.9 },
    ];
    for (const open of [cascadeEngine, carefulEngine]) {
      using engine = open({ decoder: avLumaDecoder(), areas: [{ polygon, sensitivity }] })(format);
      const times = movingAt(play(engine, packets));
      if (least === 0) expect(times).toEqual([]);
      else expect(times.length).toBeGreaterThan(least);
    }
  });

  it('decodes everything while it is raised, and economises again when it is put back', () => {
    const { format, packets } = film(50, []);
    let isRaised = true;
    using engine = cascadeEngine({ decoder: avLumaDecoder(), isRaised: () => isRaised })(format);
    const half = packets.length / 2;
    play(engine, packets.slice(0, half));
    expect([engine.isCareful, engine.decodedShare]).toEqual([true, 1]);
    isRaised = false;
    play(engine, packets.slice(half));
    expect(engine.isCareful).toBe(false);
    expect(engine.decodedShare).toBeLessThan(0.7);
  });

  it.each([
    ['misses seldom', { looked: 400, missed: 0 }, true, false],
    ['misses often', { looked: 100, missed: 30 }, true, true],
    ['misses often, but is to be economical', { looked: 100, missed: 30 }, false, false],
  ] as const)('a camera that %s', (_, audit, mayBeCareful, isCareful) => {
    const { format, packets } = film(40, []);
    using engine = cascadeEngine({ decoder: avLumaDecoder(), mayBeCareful })(format, { audit, scene: undefined });
    play(engine, packets);
    expect(engine.isCareful).toBe(isCareful);
  });

  it('survives lost, damaged and truncated packets', () => {
    const { format, packets } = film(40, [{ from: 30, to: 33 }]);
    const random = seededRandom(11);
    const damaged = packets.flatMap((packet, index) => {
      const fate = random();
      if (fate < 0.04 && index > 0) return [];
      if (fate < 0.08)
        return [{ ...packet, bytes: packet.bytes.map((byte, at) => (at > 8 && random() < 0.02 ? 255 - byte : byte)) }];
      return fate < 0.1 ? [{ ...packet, bytes: packet.bytes.slice(0, 12) }] : [packet];
    });
    using engine = cascadeEngine({ decoder: avLumaDecoder(), random })(format);
    const times = movingAt(play(engine, damaged));
    expect(times.some((time) => time >= 30 && time <= 33.5)).toBe(true);
  });

  it('waits for a key frame: a stream joined in the middle says nothing before', () => {
    const { format, packets } = film(6, []);
    using engine = cascadeEngine({ decoder: avLumaDecoder() })(format);
    for (const packet of packets.slice(3, 20)) expect(engine.feed([packet])).toEqual([]);
    expect(engine.decodedShare).toBe(0);
  });
});

describe('group-of-pictures clock', () => {
  const keysEvery = (seconds: number, until: number, from = 0): readonly Packet[] =>
    Array.from({ length: (until - from) * 5 }, (_, index) => {
      const at = from + index / 5;
      return { pts: ms(at * 1000), isKey: Math.abs(at % seconds) < 0.01, bytes: new Uint8Array(1) } as Packet;
    });

  it.each([
    [1, false],
    [2, false],
    [4, false],
    [5, true],
    [20, true],
  ])('of %i s is long: %s', (gop, isLong) => {
    const clock = gopClock();
    for (const packet of keysEvery(gop, 60)) clock.fold(packet);
    expect(clock.isLong).toBe(isLong);
  });

  it('believes in short ones again after five', () => {
    const clock = gopClock();
    for (const packet of keysEvery(10, 40)) clock.fold(packet);
    for (const packet of keysEvery(2, 49, 40)) clock.fold(packet);
    expect(clock.isLong).toBe(true);
    for (const packet of keysEvery(2, 54, 49)) clock.fold(packet);
    expect(clock.isLong).toBe(false);
  });
});
