import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { captureArguments, captureEnvironment } from './native-memory.ts';

describe('the environment of a capture process', () => {
  it('has the allocator give back what pictures took, and keeps everything else', () => {
    expect(captureEnvironment({ PATH: '/bin', TZ: 'UTC' })).toEqual({
      PATH: '/bin',
      TZ: 'UTC',
      MALLOC_ARENA_MAX: '1',
      MALLOC_MMAP_THRESHOLD_: '1048576',
      MALLOC_TRIM_THRESHOLD_: '1048576',
    });
  });

  it('leaves what the owner set', () => {
    expect(captureEnvironment({ MALLOC_ARENA_MAX: '8' })['MALLOC_ARENA_MAX']).toBe('8');
  });

  it('uses words that this system’s C library takes without a complaint', () => {
    const started = execFileSync(process.execPath, ['-e', 'process.stdout.write("begun")'], {
      env: captureEnvironment(process.env),
      encoding: 'utf8',
    });
    expect(started).toBe('begun');
  });
});

it('starts a capture process with a small young generation, unless the owner wants another', () => {
  const limit = (own: readonly string[]): number =>
    Number(
      execFileSync(
        process.execPath,
        [
          ...captureArguments(own),
          '-e',
          'let kept; for (let i = 0; i < 3e6; i++) kept = { i }; const spaces = require("node:v8").getHeapSpaceStatistics();' +
            'process.stdout.write(String(spaces.find((space) => space.space_name === "new_space").space_size))',
        ],
        { encoding: 'utf8' },
      ),
    );
  expect(limit([])).toBeLessThanOrEqual(2 * 2 ** 20);
  expect(limit(['--min-semi-space-size=8', '--max-semi-space-size=8'])).toBeGreaterThan(2 * 2 ** 20);
});
