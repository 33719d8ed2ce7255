// How many may stand at a door at once, all together and from one address, and how long a stranger may stand there without
// saying who it is: those who only hold the door open are sent away, and the others come in meanwhile.

import { type Ms, ms } from './units.ts';

/** A site has at most hundreds of cameras, which are here for seconds. */
const MOST = 256;
/** Behind one carrier's or site's address there may be many of them. */
const MOST_OF_ONE_PEER = 64;

/** From connecting to being known, however busily a stranger talks meanwhile. */
export const KNOWN_WITHIN: Ms = ms(30_000);
/** The longest visit: 64 MB over a link of 0.5 Mbit/s take 17 minutes. */
export const LONGEST_VISIT: Ms = ms(30 * 60_000);

export interface Crowd {
  /** @returns false: there is no room for this one */
  enter(peer: string): boolean;
  leave(peer: string): void;
}

export const crowd = (): Crowd => {
  const perPeer = new Map<string, number>();
  let all = 0;
  return {
    enter(peer) {
      const count = perPeer.get(peer) ?? 0;
      if (all >= MOST || count >= MOST_OF_ONE_PEER) return false;
      all++;
      perPeer.set(peer, count + 1);
      return true;
    },
    leave(peer) {
      const left = (perPeer.get(peer) ?? 0) - 1;
      if (left < 0) return;
      all--;
      if (left === 0) perPeer.delete(peer);
      else perPeer.set(peer, left);
    },
  };
};
