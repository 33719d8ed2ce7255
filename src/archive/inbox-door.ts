// Who may deliver: a key per camera, and patience for guessers. A wrong key says nothing about which part was wrong, and
// after a few the address it came from is not listened to for a while.

import type { InboxCamera } from '../domain/inbox.ts';
import { fitsMail } from '../domain/recognition.ts';
import type { Secret } from '../domain/secret.ts';
import { between, type MonoMs, type Ms, ms } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { LoginAnswer } from '../ports/inbox.ts';

/** A camera with an old key tries a few times a day; a guesser thousands of times. */
const MOST_FAILURES = 10;
const FAILURES_WITHIN: Ms = ms(15 * 60_000);
/** Addresses remembered: an attack from more would push the oldest out, and still have ten tries each. */
const MOST_PEERS = 4096;

/** True when both are the same, in a time that depends on the length of `given` only. */
const isSame = (secret: Secret, given: string): boolean => {
  const wanted = secret.reveal();
  let difference = wanted.length ^ given.length;
  for (let at = 0; at < given.length; at++) {
    difference |= given.charCodeAt(at) ^ (wanted.charCodeAt(at % Math.max(1, wanted.length)) || 0);
  }
  return difference === 0 && wanted.length > 0;
};

export interface InboxKeys {
  login(user: string, key: string, peer: string): LoginAnswer;
  loginByAddress(address: string, peer: string): LoginAnswer;
  byMailbox(addresses: readonly string[]): InboxCamera | undefined;
}

export const inboxKeys = (cameras: readonly InboxCamera[], clock: Clock): InboxKeys => {
  const failures = new Map<string, { readonly since: MonoMs; readonly count: number }>();

  const isBarred = (peer: string): boolean => {
    if (peer === '') return false;
    const found = failures.get(peer);
    if (!found) return false;
    if (between(found.since, clock.now().mono) >= FAILURES_WITHIN) {
      failures.delete(peer);
      return false;
    }
    return found.count >= MOST_FAILURES;
  };

  const fail = (peer: string): LoginAnswer => {
    if (peer === '') return { state: 'unknown' };
    const found = failures.get(peer);
    failures.delete(peer);
    failures.set(peer, { since: found?.since ?? clock.now().mono, count: (found?.count ?? 0) + 1 });
    const [oldest] = failures.keys();
    if (failures.size > MOST_PEERS && oldest !== undefined) failures.delete(oldest);
    return { state: 'unknown' };
  };

  const login = (user: string, key: string, peer: string): LoginAnswer => {
    if (isBarred(peer)) return { state: 'wait' };
    let camera: InboxCamera | undefined;
    // Every key is compared, so that the time does not tell which cameras exist.
    for (const each of cameras) {
      if (each.key && isSame(each.key, key) && each.id === user.trim().toLowerCase()) camera = each;
    }
    return camera ? { state: 'welcome', camera } : fail(peer);
  };

  return {
    login,
    byMailbox: (addresses) => cameras.find(({ recognise }) => recognise && fitsMail(recognise, addresses)),
    loginByAddress(address, peer) {
      const [, user, key] = /^<?([a-z0-9-]{1,40})\+([^@\s<>]{1,128})@/i.exec(address.trim()) ?? [];
      if (user === undefined || key === undefined) return { state: 'unknown' };
      return login(user, key, peer);
    },
  };
};
