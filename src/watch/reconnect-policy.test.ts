import { describe, expect, it } from 'vitest';
import type { StillwatchErrorCode } from '../domain/errors.ts';
import { reconnect } from './reconnect-policy.ts';

describe('reconnecting', () => {
  const HALF_HOUR = 31 * 60_000;
  const table: readonly [StillwatchErrorCode, number, boolean, StillwatchErrorCode, number, number][] = [
    // code, failures in a row, logged in before → told code, least and most pause in ms
    ['SW_CAM_LOST', 1, true, 'SW_CAM_LOST', 500, 1000],
    ['SW_CAM_LOST', 2, true, 'SW_CAM_LOST', 1000, 2000],
    ['SW_CAM_UNREACHABLE', 7, false, 'SW_CAM_UNREACHABLE', 30_000, 60_000],
    ['SW_CAM_UNREACHABLE', 5000, true, 'SW_CAM_UNREACHABLE', 30_000, 60_000],
    // A refused password is never tried in a loop: cameras lock.
    ['SW_CAM_AUTH', 1, false, 'SW_CAM_AUTH', HALF_HOUR, HALF_HOUR],
    ['SW_CAM_AUTH', 1, true, 'SW_CAM_LOCKED', HALF_HOUR, HALF_HOUR],
    ['SW_CAM_LOCKED', 9, true, 'SW_CAM_LOCKED', HALF_HOUR, HALF_HOUR],
    ['SW_CAM_NO_PATH', 1, true, 'SW_CAM_NO_PATH', 500, 1000],
    ['SW_CAM_NO_PATH', 4, true, 'SW_CAM_NO_PATH', 300_000, 300_000],
    ['SW_CAM_CODEC', 4, false, 'SW_CAM_CODEC', 300_000, 300_000],
    ['SW_CAM_STREAM_CHANGED', 1, true, 'SW_CAM_STREAM_CHANGED', 0, 0],
    ['SW_CAM_STREAM_CHANGED', 3, true, 'SW_CAM_STREAM_CHANGED', 2000, 4000],
    ['SW_CAPTURE_DIED', 1, true, 'SW_CAPTURE_DIED', 500, 1000],
  ];
  it.each(table)('%s, failure %i, logged in before: %s', (code, failures, hasLoggedIn, told, least, most) => {
    for (const random of [0, 0.5, 0.999]) {
      const again = reconnect({ code, failures, hasLoggedIn }, random);
      expect(again.code).toBe(told);
      expect(again.after).toBeGreaterThanOrEqual(least);
      expect(again.after).toBeLessThanOrEqual(most);
    }
  });
});
