// Picks about five pictures a second from a stream of any frame rate, by their presentation times.

import type { Ms } from '../domain/units.ts';

/** Time from one sample to the next: 5 fps see a runner at every metre, and cost a third of 15. */
export const SAMPLE_MS = 200;
/** Times are allowed to be this early: frames of a 15 fps stream fall at 66.7 ms, not on the grid. */
const SLACK_MS = 34;

export interface Sampler {
  /** True when the picture at `pts` is the next sample. */
  wants(pts: Ms): boolean;
}

export const sampler = (): Sampler => {
  let due = Number.NEGATIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  return {
    wants(pts) {
      // Presentation times that run backwards (a camera's clock that was set) start the grid again.
      if (pts < last) due = pts;
      last = pts;
      if (pts < due - SLACK_MS) return false;
      due = Math.max(due + SAMPLE_MS, pts + SAMPLE_MS - SLACK_MS);
      if (!Number.isFinite(due)) due = pts + SAMPLE_MS;
      return true;
    },
  };
};
