import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Packet } from '../domain/camera.ts';
import { monoMs, ms } from '../domain/units.ts';
import { encodeVideo } from '../testing/encoded-video.ts';
import { seededRandom } from '../testing/painted-scene.ts';
import { packetGate } from './packet-gate.ts';
import { sliceQpReader } from './slice-qp.ts';

const FORMAT = { codec: 'h265', parameterSets: new Uint8Array(0), picture: undefined } as const;

/** Sizes of P frames at 15 fps, a key frame every 30, with jitter. */
const stream = (seconds: number, bytesAt: (second: number) => number, seed = 1): readonly Packet[] => {
  const random = seededRandom(seed);
  return Array.from({ length: seconds * 15 }, (_, index) => {
    const isKey = index % 30 === 0;
    const size = isKey ? 20_000 : bytesAt(index / 15) * (0.9 + 0.2 * random());
    const at = (index * 1000) / 15;
    return { pts: ms(at), arrivedAt: monoMs(at), isKey, bytes: new Uint8Array(Math.round(size)) };
  });
};

const openTimes = (packets: readonly Packet[], factor = 1): readonly number[] => {
  const gate = packetGate(FORMAT);
  gate.widen(factor);
  return packets.flatMap((packet) => (gate.fold(packet) ? [packet.pts / 1000] : []));
};

describe('packet gate', () => {
  it('stays shut over a calm stream, key frames and what follows them included', () => {
    expect(openTimes(stream(60, () => 800))).toEqual([]);
  });

  it('opens within half a second when sizes double, and shuts when they fall', () => {
    const times = openTimes(stream(60, (second) => (second > 40 && second < 45 ? 1800 : 800)));
    expect(times[0]).toBeGreaterThan(40);
    expect(times[0]).toBeLessThan(40.5);
    expect(times.at(-1)).toBeLessThan(46);
  });

  it('does not open for a slow drift of the night’s noise', () => {
    expect(openTimes(stream(120, (second) => 800 * (1 + second / 120)))).toEqual([]);
  });

  it('says nothing before it knows the stream', () => {
    expect(openTimes(stream(3, (second) => (second > 1 ? 5000 : 800)))).toEqual([]);
  });

  it('opens sooner when it is widened', () => {
    const packets = stream(60, (second) => (second > 40 && second < 45 ? 900 : 800), 5);
    expect(openTimes(packets)).toEqual([]);
    expect(openTimes(packets, 0.5).length).toBeGreaterThan(0);
  });
});

describe('slice quantiser', () => {
  const video = encodeVideo({
    codec: 'h264',
    width: 320,
    height: 180,
    fps: 15,
    frames: 40,
    gop: 20,
    crf: 30,
    paint: (luma, frame) => {
      for (let at = 0; at < luma.length; at++) luma[at] = 60 + ((at * 7 + frame * (at % 320 > 160 ? 9 : 0)) % 120);
    },
  });

  it('is read from every picture of a real stream, near the encoder’s quality', () => {
    const reader = sliceQpReader(new Uint8Array(0));
    const values = video.packets.map((packet) => reader.read(packet.bytes));
    expect(values.every((value) => value !== undefined && value >= 18 && value <= 42)).toBe(true);
  });

  it('is unknown without parameter sets', () => {
    const second = video.packets[1];
    expect(second && sliceQpReader(new Uint8Array(0)).read(second.bytes)).toBeUndefined();
  });

  it('never throws and never leaves 0..51, whatever the bytes', () => {
    const key = video.packets[0]?.bytes ?? new Uint8Array(0);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(Math.min(60, key.length - 1)), fc.nat(255)), { maxLength: 6 }),
        fc.uint8Array({ maxLength: 60 }),
        (damage, tail) => {
          const bytes = key.slice(0, 200);
          for (const [at, value] of damage) bytes[at] = value;
          const reader = sliceQpReader(tail);
          for (const input of [bytes, tail, Uint8Array.from([0, 0, 1, ...tail])]) {
            const value = reader.read(input);
            if (value !== undefined) {
              expect(value).toBeGreaterThanOrEqual(0);
              expect(value).toBeLessThanOrEqual(51);
            }
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
