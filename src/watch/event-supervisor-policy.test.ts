import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERROR_TABLE, type StillwatchErrorCode } from '../domain/errors.ts';
import { ms, seconds } from '../domain/units.ts';
import { type ReopenFacts, reopen } from './event-supervisor-policy.ts';

const facts = (over: Partial<ReopenFacts>): ReopenFacts => ({
  code: 'SW_CAM_LOST',
  failures: 1,
  lived: undefined,
  hasLoggedIn: true,
  ...over,
});

describe('reopen', () => {
  it.each<[string, Partial<ReopenFacts>, number, string, boolean]>([
    ['a lease that ran out', { lived: seconds(120) }, 250, 'SW_CAM_LOST', false],
    ['a subscription that died young', { lived: seconds(2) }, 250, 'SW_CAM_LOST', false],
    ['one that never came about', {}, 250, 'SW_CAM_LOST', true],
    ['the third in a row', { failures: 3 }, 1000, 'SW_CAM_LOST', true],
    ['the hundredth in a row', { failures: 100 }, 60_000, 'SW_CAM_LOST', true],
    ['slots full', { code: 'SW_ONVIF_REFUSED', failures: 2 }, 500, 'SW_ONVIF_REFUSED', true],
    ['slots full for long', { code: 'SW_ONVIF_REFUSED', failures: 60 }, 60_000, 'SW_ONVIF_REFUSED', true],
    [
      'no event service at all',
      { code: 'SW_ONVIF_REFUSED', failures: 6, hasLoggedIn: false },
      300_000,
      'SW_ONVIF_REFUSED',
      true,
    ],
    ['a wrong password', { code: 'SW_CAM_AUTH', hasLoggedIn: false }, 31 * 60_000, 'SW_CAM_AUTH', true],
    ['a password that worked', { code: 'SW_CAM_AUTH', lived: seconds(99) }, 31 * 60_000, 'SW_CAM_LOCKED', true],
  ])('%s', (_, over, after, code, isTold) => {
    // The upper end of the jitter.
    expect(reopen(facts(over), 1)).toEqual({ code, after: ms(after), isTold });
  });

  it('always comes back: never at once, never later than the lock', () => {
    const codes = Object.keys(ERROR_TABLE) as StillwatchErrorCode[];
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (code, failures, random) => {
          const { after } = reopen(facts({ code, failures }), random);
          expect(after).toBeGreaterThanOrEqual(125);
          expect(after).toBeLessThanOrEqual(31 * 60_000);
        },
      ),
    );
  });
});
