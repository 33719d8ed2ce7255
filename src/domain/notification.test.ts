import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { notificationAt } from '../testing/outbox-contract.ts';
import { afterTry, givenUp, MOST_TRIES, type Notification, PAUSES, type TryOutcome } from './notification.ts';
import { type EpochMs, epochMs, later, type Ms, ms } from './units.ts';

const fresh = notificationAt(0);
const refused: TryOutcome = { type: 'failed', code: 'SW_NOTIFY_REFUSED', status: 500, detail: 'HTTP 500' };
const HOUR = 3_600_000;

/** Tried whenever it is due, always with this outcome. */
const triedOut = (
  outcome: TryOutcome,
  jitter: number,
): { readonly end: Notification; readonly at: readonly EpochMs[] } => {
  const at: EpochMs[] = [];
  let one = fresh;
  while (one.state === 'waiting') {
    at.push(one.nextAt);
    one = afterTry(one, outcome, one.nextAt, jitter);
  }
  return { end: one, at };
};

describe('when a notification is tried again', () => {
  it('eight times within a day, soon at first', () => {
    const { end, at } = triedOut(refused, 0);
    expect(at.map((each) => (each - fresh.at) / 1000)).toEqual([0, 5, 305, 2105, 9305, 27_305, 52_505, 86_405]);
    expect(at).toHaveLength(MOST_TRIES);
    expect(end).toMatchObject({ state: 'given-up', tries: 8, last: { status: 500, code: 'SW_NOTIFY_REFUSED' } });
  });

  it('a little later with jitter, never sooner', () => {
    const jitter = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: PAUSES.length - 1 }), jitter, (tries, by) => {
        const { nextAt } = afterTry({ ...fresh, tries }, refused, fresh.at, by);
        const pause = PAUSES[tries] ?? Number.NaN;
        return nextAt - fresh.at >= pause && nextAt - fresh.at <= pause * 1.1 + 1;
      }),
    );
  });

  it.each<[string, Ms, number]>([
    ['sooner than we would: ours counts', ms(1000), 5000],
    ['later: the receiver’s word counts', ms(60_000), 60_000],
    ['for days: an hour', ms(99 * HOUR), HOUR],
  ])('the receiver puts us off %s', (_, notBefore, wait) => {
    expect(afterTry(fresh, { ...refused, notBefore }, fresh.at, 0).nextAt - fresh.at).toBe(wait);
  });

  it('is over once it was taken, and at once when nothing more is wanted', () => {
    const at = later(fresh.at, ms(1));
    expect(afterTry(fresh, { type: 'taken', status: 202 }, at, 0)).toMatchObject({
      state: 'sent',
      tries: 1,
      last: { at, status: 202, code: undefined },
    });
    expect(afterTry(fresh, { type: 'gone', status: 410 }, at, 0)).toMatchObject({
      state: 'given-up',
      last: { status: 410, code: 'SW_NOTIFY_GONE' },
    });
    expect(givenUp(fresh, 'SW_NOTIFY_TOO_MANY', at)).toMatchObject({ state: 'given-up', tries: 0, last: { at } });
  });

  it('never changes what is sent, or its id', () => {
    const { end } = triedOut(refused, 0.5);
    expect([end.id, end.body, end.receiver, end.at]).toEqual([fresh.id, fresh.body, fresh.receiver, fresh.at]);
  });

  it('counts pauses from the last try: after days without power it is not run over', () => {
    const late = epochMs(fresh.at + 72 * HOUR);
    expect(afterTry({ ...fresh, tries: 3 }, refused, late, 0).nextAt).toBe(late + 2 * HOUR);
  });
});
