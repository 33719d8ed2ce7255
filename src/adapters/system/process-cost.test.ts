import { describe, expect, it } from 'vitest';
import { parseStat, processCost } from './process-cost.ts';

describe('what the program costs', () => {
  it('is read from /proc/<pid>/stat, whatever the process calls itself', () => {
    const stat =
      '42 (a) b) S) S 7 42 42 0 -1 4194304 100 0 0 0 250 150 0 0 20 0 11 0 100 1000000 300 18446744073709551615';
    expect(parseStat(42, stat)).toEqual({ pid: 42, parent: 7, cpuSeconds: 4, memory: 300 * 4096 });
    expect(parseStat(42, '')).toBeUndefined();
    expect(parseStat(42, '42 (x) S')).toBeUndefined();
  });

  it('is something, and grows', async () => {
    const before = await processCost();
    expect(before.memory).toBeGreaterThan(10e6);
    const later = async (): Promise<number> => {
      for (let turn = 0; turn < 1e7; turn++);
      return (await processCost()).cpuSeconds;
    };
    await expect.poll(later).toBeGreaterThan(before.cpuSeconds);
  });
});
