import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { captureEnvironment } from './native-memory.ts';

describe('the environment of a capture process', () => {
  it('has the allocator give back what pictures took, and keeps everything else', () => {
    expect(captureEnvironment({ PATH: '/bin', TZ: 'UTC' })).toEqual({
      PATH: '/bin',
      TZ: 'UTC',
      MALLOC_ARENA_MAX: '2',
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
