import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DaySize, forecast } from './forecast.ts';
import type { KeepRules } from './retention.ts';

const rules = (chosen: Partial<KeepRules> = {}): KeepRules => ({
  each: {},
  cameras: {},
  free: 0,
  includesFound: false,
  ...chosen,
});
const GB = 1e9;
const disk = (free: number) => ({ free, total: 100 * GB });
const TODAY = '2026-03-01';

describe('forecast', () => {
  it.each<[string, DaySize[], number, Partial<KeepRules>, number, string | undefined, string | undefined]>([
    ['nothing taken yet', [], 10 * GB, {}, 0, undefined, undefined],
    ['one whole day', [{ day: '2026-02-28', bytes: GB }], 11 * GB, {}, GB, '2026-03-12', undefined],
    ['today is not over and does not count', [{ day: TODAY, bytes: GB }], 10 * GB, {}, GB, undefined, undefined],
    ['quiet days count', [{ day: '2026-02-19', bytes: 10 * GB }], 10 * GB, {}, GB, '2026-03-11', undefined],
    ['five weeks ago does not', [{ day: '2026-01-25', bytes: GB }], 10 * GB, {}, GB, undefined, undefined],
    ['free space', [{ day: '2026-02-28', bytes: GB }], 11 * GB, { free: 4 * GB }, GB, '2026-03-12', '2026-03-08'],
    ['size', [{ day: '2026-02-28', bytes: GB }], 11 * GB, { bytes: 3 * GB }, GB, '2026-03-12', '2026-03-03'],
    ['already', [{ day: '2026-02-28', bytes: GB }], 11 * GB, { bytes: GB }, 2 * GB, '2026-03-12', TODAY],
    ['over a month end', [{ day: '2026-02-28', bytes: GB }], 31 * GB, {}, GB, '2026-04-01', undefined],
    ['in a thousand years', [{ day: '2026-02-28', bytes: 1000 }], GB, {}, GB, undefined, undefined],
  ])('%s', (_, days, free, chosen, held, fullOn, takesFrom) => {
    expect(forecast(days, disk(free), rules(chosen), held, TODAY)).toMatchObject({ fullOn, takesFrom });
  });

  it('is never later when more comes a day', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 1, max: 1e9 }), fc.nat(1e12), (a, b, free) => {
        const on = (bytes: number) =>
          forecast([{ day: '2026-02-28', bytes }], disk(free), rules(), 0, TODAY).fullOn ?? '9999-12-31';
        expect(on(Math.max(a, b)) <= on(Math.min(a, b))).toBe(true);
      }),
    );
  });
});
