// Presentation times for pictures of a recording whose container may lack them, or lie.

import { type Ms, ms } from '../../domain/units.ts';

/** Seconds that times may run back before they are a new beginning (a joined recording) and not picture reordering. */
const REORDER_MS = 2_000;
/** A frame rate outside this range is a container's nonsense. */
const SLOWEST_FPS = 0.05;
const FASTEST_FPS = 240;
/** Frame rate when nothing says anything: what most low-res streams have. */
const GUESSED_FPS = 15;

export interface TimeHints {
  /** The container's frame rate; 0 or NaN when it has none. */
  readonly fps: number;
}

export interface PresentationTimes {
  /** The time of the next packet in decoding order, from the container's, in ms; undefined where it has none. */
  next(pts: number | undefined, dts: number | undefined): Ms;
}

export const presentationTimes = ({ fps }: TimeHints): PresentationTimes => {
  const isSane = fps >= SLOWEST_FPS && fps <= FASTEST_FPS;
  const frame = 1000 / (isSane ? fps : GUESSED_FPS);
  let latest: number | undefined;
  let shift: number | undefined;
  return {
    next(pts, dts) {
      const said = pts ?? dts;
      if (said === undefined) {
        const at = latest === undefined ? 0 : latest + frame;
        latest = at;
        return ms(at);
      }
      // The first picture is the beginning, whatever the container counts from.
      shift ??= -said;
      let at = said + shift;
      if (latest !== undefined && at < latest - REORDER_MS) {
        shift += latest + frame - at;
        at = latest + frame;
      }
      latest = Math.max(latest ?? at, at);
      return ms(at);
    },
  };
};
