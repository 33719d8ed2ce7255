// How long a login must wait after wrong ones: a pure fold. An address waits for its own mistakes; an account waits for
// everybody's, but never for an address that has logged in to it before, so that strangers cannot keep its owner out.

import { type EpochMs, later, type Ms, ms } from './units.ts';

interface Failures {
  readonly count: number;
  readonly lastAt: EpochMs;
}

export interface LoginThrottle {
  /** By `a:<address>` and `u:<account>`. */
  readonly failures: ReadonlyMap<string, Failures>;
}

export interface LoginAttempt {
  /** Of the visitor, IPv6 by its /64. */
  readonly address: string;
  /** Lower case, whether there is such an account or not. */
  readonly account: string;
  /** This address has logged in to this account before, or is on this network. */
  readonly isKnown: boolean;
}

/** Typing mistakes that cost nothing. */
const FREE = 5;
const ADDRESS_LONGEST: Ms = ms(15 * 60_000);
/** Short: an account's owner on a new telephone waits no longer than this. 1 440 guesses a day against 12 characters. */
const ACCOUNT_LONGEST: Ms = ms(60_000);
/** A quiet hour forgives. */
const FORGIVEN_AFTER: Ms = ms(3_600_000);
/** Entries; the oldest mistakes are forgotten first. An address costs about 100 bytes. */
const MOST_KEYS = 10_000;

export const newThrottle: LoginThrottle = { failures: new Map() };

const waitUntil = (failures: Failures | undefined, longest: Ms, now: EpochMs): EpochMs => {
  if (!failures || failures.count < FREE || now >= later(failures.lastAt, FORGIVEN_AFTER)) return now;
  return later(failures.lastAt, ms(Math.min(longest, 1000 * 2 ** Math.min(30, failures.count - FREE))));
};

/** How long until this attempt is heard; 0: now. */
export const loginWait = (throttle: LoginThrottle, attempt: LoginAttempt, now: EpochMs): Ms => {
  const byAddress = waitUntil(throttle.failures.get(`a:${attempt.address}`), ADDRESS_LONGEST, now);
  const byAccount = attempt.isKnown
    ? now
    : waitUntil(throttle.failures.get(`u:${attempt.account}`), ACCOUNT_LONGEST, now);
  // A clock that was set back must not lock anybody out for longer than the rule says.
  return ms(Math.min(ADDRESS_LONGEST, Math.max(0, Math.max(byAddress, byAccount) - now)));
};

export const loginFailed = (throttle: LoginThrottle, attempt: LoginAttempt, now: EpochMs): LoginThrottle => {
  const failures = new Map(throttle.failures);
  for (const key of [`a:${attempt.address}`, `u:${attempt.account}`]) {
    const before = failures.get(key);
    const count = before && now < later(before.lastAt, FORGIVEN_AFTER) ? before.count + 1 : 1;
    failures.delete(key);
    failures.set(key, { count, lastAt: now });
  }
  for (const key of failures.keys()) {
    if (failures.size <= MOST_KEYS) break;
    failures.delete(key);
  }
  return { failures };
};

/** A login that worked clears its address, and takes its own count off the account, which keeps what strangers did to it. */
export const loginWorked = (throttle: LoginThrottle, attempt: LoginAttempt): LoginThrottle => {
  const failures = new Map(throttle.failures);
  failures.delete(`a:${attempt.address}`);
  const account = `u:${attempt.account}`;
  const before = failures.get(account);
  if (before && before.count > 1) failures.set(account, { ...before, count: before.count - 1 });
  else failures.delete(account);
  return { failures };
};
