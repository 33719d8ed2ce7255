// How far apart one run's key frames are: whoever opens the stream anew waits for one, and so does a photo that is taken so.

import type { Packet } from '../domain/camera.ts';
import { type Ms, ms } from '../domain/units.ts';

/** Intervals that are looked at; their median is not moved by one key frame that came out of turn. */
const LOOKED_AT = 5;
/** Two intervals are no accident. */
const ENOUGH = 2;
/** Told again when it differs by more than this share: cameras are early or late by a picture or two. */
const NEWS = 0.2;
/** Some cameras write a key frame as several packets, or two in a row: nearer than this is the same one. */
const SAME: Ms = ms(100);

export interface KeyInterval {
  fold(packet: Pick<Packet, 'pts' | 'isKey'>): void;
}

export const keyInterval = (tell: (every: Ms) => void): KeyInterval => {
  let keyAt: Ms | undefined;
  let intervals: readonly number[] = [];
  let told: number | undefined;
  return {
    fold({ pts, isKey }) {
      if (!isKey || (keyAt !== undefined && pts - keyAt >= 0 && pts - keyAt < SAME)) return;
      const since = keyAt === undefined ? undefined : pts - keyAt;
      keyAt = pts;
      // A clock that was set back says nothing about the camera's habit.
      if (since === undefined || since < 0) return;
      intervals = [...intervals, since].slice(-LOOKED_AT);
      if (intervals.length < ENOUGH) return;
      const every = [...intervals].sort((a, b) => a - b)[Math.floor(intervals.length / 2)] ?? since;
      if (told !== undefined && Math.abs(every - told) <= told * NEWS) return;
      told = every;
      tell(ms(every));
    },
  };
};
