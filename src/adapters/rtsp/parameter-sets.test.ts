import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Codec } from '../../domain/camera.ts';
import { annexB } from '../../testing/rtp-packetizer.ts';
import { ParameterSets, readSequenceParameters } from './parameter-sets.ts';

const bytes = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

// Written by x264 and x265 for pictures of the size in the first column.
const ENCODED: readonly [size: string, codec: Codec, shape: string, sps: string, fps: number | undefined][] = [
  ['640x360', 'h264', 'baseline', 'Z0LAHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA==', 25],
  ['1920x1080', 'h264', 'cropped', 'Z2QAKKzZQHgCJ+XARAAAAwAEAAADAMg8YMZY', 25],
  ['642x362', 'h264', 'cropped both ways', 'Z2QAHqzZQKQv4iTARAAAAwAEAAADAMg8WLZY', 25],
  ['704x576', 'h264', 'interlaced', 'Z2QAHqzZQLAk2AiAAAADAIAAABkPihTL', 25],
  ['1920x1080', 'h264', 'interlaced, cropped', 'Z2QAKKzZQHgET94CIAAAAwAgAAAGQ+LFssA=', 25],
  ['1280x720', 'h264', '4:2:2', 'Z3oAH7zZQFAFuwEQAAADABAAAAMDIPGDGWA=', 25],
  ['1280x722', 'h264', '4:4:4', 'Z/QAIJGbKAoAu/H4CIAAAAMAgAAAGQeMGMs=', 25],
  ['646x362', 'h264', 'monochrome', 'Z2QAHvNlApC/i58BbIAAAAMAgAAAGQeLFss=', 25],
  ['640x360', 'h264', 'scaling matrices', 'Z2QAHqzZQKAv+XARAAADAAEAAAMAMg8WLZY=', 25],
  ['3840x2160', 'h264', '4K', 'Z0LAM9oA8AEPsBEAAAMAAQAAAwAyDxgyoA==', 25],
  ['352x288', 'h264', 'one frame a second', 'Z2QADKzZQWCWwEQAAAMABAAAAwAIPFCmWA==', 1],
  ['640x360', 'h265', 'main', 'QgEBAWAAAAMAkAAAAwAAAwA/oAUCAWlllZpJMrwFoCAAAAMAIAAAAwMh', undefined],
  ['1920x1080', 'h265', 'cropped', 'QgEBAWAAAAMAkAAAAwAAAwB4oAPAgBDlllZpJMrwFoCAAAADAIAAAAyE', undefined],
  ['642x362', 'h265', 'cropped both ways', 'QgEBAWAAAAMAkAAAAwAAAwA/oAUSAXHJJllZpJMrwFoCAAADAAIAAAMAMhA=', undefined],
  ['644x362', 'h265', '4:4:4', 'QgEBBAgAAAMAnggAAAMAAD+QAKJALjlnyys0kmV4C0BAAAADAEAAAAZC', undefined],
  [
    '640x360',
    'h265',
    'two temporal layers',
    'QgECAWAAAAMAkAAAAwAAAwA/AACgBQIBaWWVmKzSSZXgLQEAAAMAAQAAAwAZCA==',
    undefined,
  ],
];

describe('readSequenceParameters', () => {
  it.each(ENCODED)('%s %s %s', (size, codec, shape, sps, fps) => {
    const read = readSequenceParameters(codec, bytes(sps));
    expect(`${read?.picture.width}x${read?.picture.height}`).toBe(size);
    expect(read?.framesPerSecond).toBe(fps);
    expect(read?.isInterlaced).toBe(shape.startsWith('interlaced'));
  });

  it.each(ENCODED)('%s %s %s, cut anywhere, is read whole or not at all', (size, codec, _, sps) => {
    const whole = bytes(sps);
    for (let length = 0; length < whole.length; length++) {
      const read = readSequenceParameters(codec, whole.subarray(0, length));
      if (read) expect(`${read.picture.width}x${read.picture.height}`).toBe(size);
    }
  });

  it('gives a possible size or none, whatever the bytes', () => {
    const mutated = fc
      .tuple(fc.constantFrom(...ENCODED), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }))
      .map(([[, , , sps], changes]) => {
        const damaged = bytes(sps);
        for (const [at, value] of changes) damaged[at % damaged.length] = value;
        return damaged;
      });
    fc.assert(
      fc.property(fc.constantFrom<Codec>('h264', 'h265'), fc.oneof(mutated, fc.uint8Array()), (codec, sps) => {
        const read = readSequenceParameters(codec, sps);
        if (!read) return;
        for (const side of [read.picture.width, read.picture.height]) {
          expect(Number.isInteger(side) && side >= 16 && side <= 16_384).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('ParameterSets', () => {
  const sps = bytes('Z0LAHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA==');
  const bigSps = bytes('Z0LAM9oA8AEPsBEAAAMAAQAAAwAyDxgyoA==');
  const pps = bytes('aMuDyyA=');

  it('is complete with one of each kind, and gives them in the order a decoder wants', () => {
    const sets = new ParameterSets('h264');
    sets.put('pps', pps);
    expect(sets.isComplete).toBe(false);
    sets.put('sps', sps);
    expect(sets.isComplete).toBe(true);
    expect(sets.annexB()).toEqual(annexB([sps, pps]));
    const hevc = new ParameterSets('h265');
    hevc.put('sps', bytes(ENCODED[11]?.[3] ?? ''));
    hevc.put('pps', bytes('RAHBcoYM'));
    expect(hevc.isComplete).toBe(false);
    hevc.put('vps', bytes('QAEMAf//'));
    expect(hevc.isComplete).toBe(true);
  });

  it('replaces a set of the same id, and follows the newest picture', () => {
    const sets = new ParameterSets('h264');
    for (const unit of [sps, bigSps]) sets.put('sps', unit);
    expect(sets.sequence?.picture).toEqual({ width: 3840, height: 2160 });
    expect(sets.annexB()).toEqual(annexB([bigSps]));
    sets.put('sps', sps);
    expect(sets.sequence?.picture).toEqual({ width: 640, height: 360 });
  });

  it('does not keep the caller’s bytes', () => {
    const sets = new ParameterSets('h264');
    const borrowed = Uint8Array.from(sps);
    sets.put('sps', borrowed);
    borrowed.fill(0);
    expect(sets.annexB()).toEqual(annexB([sps]));
  });

  it('keeps few and small sets, and no damaged SPS', () => {
    const sets = new ParameterSets('h264');
    sets.put('sps', Uint8Array.of(0x67, 1, 2));
    sets.put('pps', new Uint8Array(5000).fill(0x68));
    expect(sets.annexB()).toHaveLength(0);
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 12 })), (units) => {
        for (const unit of units) sets.put('pps', unit);
      }),
      { numRuns: 300 },
    );
    expect(sets.annexB().length).toBeLessThanOrEqual(64 * (12 + 4));
  });
});
