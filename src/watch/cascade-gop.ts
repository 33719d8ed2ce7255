// How far apart a stream's key frames are: with more than a few seconds between them, looking at key frames alone is too blind.

import type { Packet } from '../domain/camera.ts';
import { type Ms, ms } from '../domain/units.ts';

/** Groups of pictures longer than this hide an event of two seconds altogether. */
const LONG: Ms = ms(4_000);
/** Key frames are early or late by a frame or two. */
const SLACK: Ms = ms(300);
/** A camera that sent long groups is believed to send them again until this many short ones came. */
const SHORT_AGAIN = 5;

export interface GopClock {
  fold(packet: Packet): void;
  /** True while key frames are too far apart, or overdue. */
  readonly isLong: boolean;
}

export const gopClock = (): GopClock => {
  let keyAt: Ms | undefined;
  let isLong = false;
  let short = 0;
  return {
    fold({ pts, isKey }) {
      keyAt ??= pts;
      const since = pts - keyAt;
      if (since > LONG + SLACK) {
        isLong = true;
        short = 0;
      }
      if (!isKey) return;
      if (since > 0 && since <= LONG + SLACK) short += 1;
      if (short >= SHORT_AGAIN) isLong = false;
      keyAt = pts;
    },
    get isLong() {
      return isLong;
    },
  };
};
