import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LoginThrottle, loginFailed, loginWait, loginWorked, newThrottle } from './login-throttle.ts';
import { epochMs, later, ms } from './units.ts';

const START = epochMs(1_795_000_000_000);
const stranger = { address: '4:1', account: 'anna', isKnown: false };
const owner = { address: '4:2', account: 'anna', isKnown: true };

const failing = (times: number, attempt = stranger): LoginThrottle => {
  let throttle = newThrottle;
  for (let n = 0; n < times; n += 1) throttle = loginFailed(throttle, attempt, START);
  return throttle;
};

describe('login throttle', () => {
  it.each([
    [0, 0],
    [4, 0],
    [5, 1000],
    [6, 2000],
    [10, 32_000],
    [15, 900_000],
    [1000, 900_000],
  ])('after %i wrong ones the address waits %i ms', (times, wait) => {
    expect(loginWait(failing(times), stranger, START)).toBe(wait);
  });

  it('makes an account wait a minute at most, and never for an address it knows', () => {
    const attacked = failing(1000);
    expect(loginWait(attacked, { ...stranger, address: '4:3' }, START)).toBe(60_000);
    expect(loginWait(attacked, owner, START)).toBe(0);
    expect(loginWait(attacked, { ...stranger, address: '4:3', account: 'bo' }, START)).toBe(0);
  });

  it('forgives after a quiet hour, and at once after a login that worked', () => {
    const throttle = failing(30);
    expect(loginWait(throttle, stranger, later(START, ms(3_600_000)))).toBe(0);
    const worked = loginWorked(loginFailed(failing(4), stranger, START), stranger);
    expect(loginWait(worked, stranger, START)).toBe(0);
    expect(worked.failures.get('u:anna')?.count).toBe(4);
  });

  it('stays small and never waits longer than it says, whatever the clock does', () => {
    const step = fc.record({ address: fc.nat(20_000), jump: fc.integer({ min: -1e10, max: 1e10 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        let throttle = newThrottle;
        for (const { address, jump } of steps) {
          const attempt = { address: String(address), account: 'x', isKnown: false };
          throttle = loginFailed(throttle, attempt, later(START, ms(jump)));
          const wait = loginWait(throttle, attempt, START);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(900_000);
        }
      }),
    );
    let throttle = newThrottle;
    for (let n = 0; n < 5200; n += 1)
      throttle = loginFailed(throttle, { address: `${n}`, account: `${n}`, isKnown: false }, START);
    expect(throttle.failures.size).toBe(10_000);
  });
});
