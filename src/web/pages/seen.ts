// What motion detection saw around a happening, second by second, as a small graph.

import { episodeStart } from '../../domain/ids.ts';
import { SUSPICIOUS_PIXELS, scoreOfPixels } from '../../domain/readings.ts';
import type { StoredStill } from '../../domain/still.ts';
import { epochMs } from '../../domain/units.ts';
import { zoneMoment } from '../time-text.ts';
import type { SeenView } from '../wire-pages.ts';
import type { Visit } from './frame.ts';

/** Seconds shown before the first motion and after the photo. */
const AROUND = 20;
/** Seconds. What is longer is not told apart in a small graph. */
const LONGEST = 900;

/** @param set the photos of one happening */
export const seenOf = async (visit: Visit, set: readonly StoredStill[]): Promise<SeenView | null> => {
  const { deps, language } = visit;
  const { episode, camera } = set[0] ?? {};
  if (episode === undefined || camera === undefined) return null;
  const start = episodeStart(episode);
  const last = Math.max(start, ...set.map(({ takenAt }) => takenAt));
  const from = (Math.floor(start / 1000) - AROUND) * 1000;
  const until = Math.min(from + LONGEST * 1000, (Math.ceil(last / 1000) + AROUND) * 1000);
  const seconds: (number | null)[] = Array.from({ length: (until - from) / 1000 }, () => null);
  let hasMoved = false;
  for (const reading of await deps.api.readings.read(camera, epochMs(from), epochMs(until))) {
    if (reading.type === 'areas' || reading.type === 'audit') continue;
    const at = Math.round((reading.from - from) / 1000);
    if (reading.type === 'calm') seconds.fill(0, at, at + reading.seconds);
    else {
      seconds[at] = Math.round(reading.score * 100);
      hasMoved ||= reading.type === 'moving';
    }
  }
  if (!hasMoved) return null;
  const threshold = deps.api.watched(camera)?.motion?.threshold ?? 1;
  return {
    seconds,
    needed: Math.round(scoreOfPixels(SUSPICIOUS_PIXELS * threshold) * 100),
    photos: set
      .map(({ takenAt }) => Math.round((takenAt - from) / 1000))
      .filter((at) => at >= 0 && at < seconds.length),
    from: zoneMoment(epochMs(from), deps.zone, language).time,
    until: zoneMoment(epochMs(until), deps.zone, language).time,
  };
};
