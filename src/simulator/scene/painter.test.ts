import { describe, expect, it } from 'vitest';
import { scenePainter } from './painter.ts';
import { SCENE_SECONDS } from './timeline.ts';

const SIZE = { width: 320, height: 180 } as const;
const paintAt = async (...times: readonly number[]): Promise<Uint8Array[]> => {
  const painter = await scenePainter(SIZE.width, SIZE.height);
  const pictures: Uint8Array[] = [];
  for (const seconds of times) pictures.push(Uint8Array.from(await painter.paint(seconds)));
  return pictures;
};

/** Above this row clouds drift. */
const YARD = Math.ceil((SIZE.height * 300) / 720);

/** Pixels of the yard's brightness that differ by more than a little. */
const changed = (a: Uint8Array | undefined, b: Uint8Array | undefined): number => {
  let count = 0;
  for (let at = SIZE.width * YARD; at < SIZE.width * SIZE.height; at += 1) {
    count += Math.abs((a?.[at] ?? 0) - (b?.[at] ?? 0)) > 6 ? 1 : 0;
  }
  return count;
};

const mean = (picture: Uint8Array | undefined): number => {
  let sum = 0;
  for (let at = 0; at < SIZE.width * SIZE.height; at += 1) sum += picture?.[at] ?? 0;
  return sum / (SIZE.width * SIZE.height);
};

describe('scenePainter', () => {
  it('paints the same picture whatever it painted before', async () => {
    const [direct] = await paintAt(110);
    const after = (await paintAt(0, 27, 61, 109.9, 110)).at(-1);
    expect(changed(direct, after)).toBe(0);
  });

  it('leaves no trace of somebody who passed', async () => {
    const pictures = await paintAt(23.9, 27, 27.1, 31.1);
    expect(changed(pictures[0], pictures[1])).toBeGreaterThan(300);
    expect(changed(pictures[0], pictures[3])).toBe(0);
  });

  it('closes the loop', async () => {
    const [first, last] = await paintAt(0, SCENE_SECONDS - 0.1);
    expect(changed(first, last)).toBe(0);
  });

  it('darkens everything in the shade and is bright again after it', async () => {
    const [before, shaded, after] = await paintAt(123, 133, 143);
    expect(mean(shaded) / mean(before)).toBeLessThan(0.85);
    expect(changed(before, after)).toBe(0);
  });

  it('stays within limited range', async () => {
    const [picture] = await paintAt(60);
    const luma = (picture ?? new Uint8Array()).subarray(0, SIZE.width * SIZE.height);
    expect(luma.reduce((least, value) => Math.min(least, value), 255)).toBeGreaterThanOrEqual(16);
    expect(luma.reduce((most, value) => Math.max(most, value), 0)).toBeLessThanOrEqual(235);
  });
});
