import { describe, expect, it } from 'vitest';
import { memoryLimit, newMemoryWatch, stepMemoryWatch } from './memory-watch.ts';

const MIB = 2 ** 20;

describe('a capture process that grows', () => {
  it.each([
    ['stays under', [100, 200, 480], undefined],
    ['has one peak', [900, 100, 900, 900, 100], undefined],
    ['stays over', [100, 900, 900, 900], 480 * MIB],
    ['is exactly at the limit', [480, 480, 480, 480], undefined],
  ])('%s', (_, seen, expected) => {
    const limit = memoryLimit([0]);
    let watch = newMemoryWatch;
    let told: number | undefined;
    for (const rss of seen) {
      const look = stepMemoryWatch(watch, rss * MIB, limit);
      watch = look.next;
      told = look.limit;
    }
    expect(told).toBe(expected);
  });

  it('may be as big as its cameras and their rings ask for', () => {
    expect(memoryLimit([])).toBe(384 * MIB);
    expect(memoryLimit([64 * MIB, 0])).toBe((384 + 2 * 96 + 128) * MIB);
  });
});
