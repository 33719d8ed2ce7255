// A recording through the live engine and the live episode rules: same packets in, same readings, same fold.

import type { CameraRules, Packet, VideoFormat } from '../domain/camera.ts';
import { type EpisodeState, newEpisodeState, type OpenEpisode, step } from '../domain/episode.ts';
import type { Area } from '../domain/geometry.ts';
import { cameraId } from '../domain/ids.ts';
import type { Reading, Signal } from '../domain/signal.ts';
import { epochMs, type Instant, later, type Ms, monoMs, ms } from '../domain/units.ts';
import { calibrate } from '../motion/calibration.ts';
import type { Calibration } from '../motion/luma-detector.ts';
import { LUMA_SIZE } from '../motion/plane-layout.ts';
import { sampler } from '../motion/sampler.ts';
import type { LumaDecoder } from '../ports/luma-decoder.ts';
import type { ReplayEngine } from './motion-engine.ts';

export interface ReplayedEpisode {
  readonly start: Ms;
  readonly lastMotion: Ms;
  /** When the scene had been calm for the calm period, or the recording ended. */
  readonly end: Ms;
  readonly peak: Ms;
  readonly score: number;
}

export interface Replay {
  readonly episodes: readonly ReplayedEpisode[];
  readonly readings: readonly Reading[];
  readonly decodedShare: number;
  /** Time of the last picture. */
  readonly until: Ms;
}

/** How much of a recording is looked at beforehand to learn the scene; more would learn another hour's light. */
const LEARN_FROM: Ms = ms(60_000);

/** Learns the scene from the recording's beginning. The samples are copied: 60 s at 5 fps are 4.3 MB. */
export const learnScene = (
  packets: Iterable<Packet>,
  decoder: LumaDecoder,
  format: VideoFormat,
  areas: readonly Area[] = [],
): Calibration => {
  using run = decoder.open(format, LUMA_SIZE);
  const isSample = sampler();
  const samples = [];
  for (const packet of packets) {
    const luma = run.decode(packet);
    if (luma && luma.pts > LEARN_FROM) break;
    if (luma && isSample.wants(luma.pts)) samples.push({ ...luma, pixels: luma.pixels.slice() });
  }
  return calibrate(samples, areas);
};

/** The recording's own clock: its beginning is the beginning of time. */
const instantOf = (pts: Ms): Instant => ({ mono: monoMs(pts), wall: epochMs(pts) });

const replayed = (episode: OpenEpisode, end: Ms): ReplayedEpisode => ({
  start: ms(episode.startedAt.mono),
  lastMotion: ms(episode.lastMotionAt.mono),
  end,
  peak: ms(episode.peakAt.mono),
  score: episode.peakScore,
});

/**
 * Feeds `packets` to `engine` one by one, as if each had been read alone, and folds what it says into episodes.
 * An episode that is open when the recording ends, ends there.
 * @param progress called with the time of each packet; between calls nothing is half done
 */
export const replay = async (
  packets: Iterable<Packet>,
  engine: ReplayEngine,
  rules: CameraRules,
  progress: (at: Ms) => Promise<void> | undefined = () => undefined,
): Promise<Replay> => {
  let state: EpisodeState = { ...newEpisodeState(cameraId('recording')), isBlind: false };
  const episodes: ReplayedEpisode[] = [];
  const readings: Reading[] = [];
  let until = ms(0);
  const fold = (signal: Signal): void => {
    const { next, orders } = step(state, signal, rules);
    state = next;
    for (const order of orders) {
      if (order.type !== 'episode-ended') continue;
      // The economy engine may find out late; the scene was calm by its own time.
      const calmAt = later(order.episode.lastMotionAt.mono, rules.calmPeriod);
      episodes.push(replayed(order.episode, ms(Math.min(order.at.mono, calmAt))));
    }
  };
  const take = (more: readonly Reading[]): void => {
    for (const reading of more) {
      readings.push(reading);
      if (reading.isMotion) fold({ type: 'motion', at: instantOf(reading.pts), score: reading.score, cause: 'pixels' });
    }
  };
  for (const packet of packets) {
    take(engine.feed([packet]));
    until = ms(Math.max(until, packet.pts));
    fold({ type: 'tick', at: instantOf(until) });
    await progress(until);
  }
  take(engine.finish());
  if (state.open) episodes.push(replayed(state.open, until));
  return { episodes, readings, decodedShare: engine.decodedShare, until };
};
