// Brightness planes at about 5 a second to readings. Pure: everything it knows came in through `fold`.
// All arrays are made once; a fold allocates nothing but the readings it returns.

import type { Luma } from '../domain/camera.ts';
import type { Area } from '../domain/geometry.ts';
import { scoreOfPixels } from '../domain/readings.ts';
import type { Reading } from '../domain/signal.ts';
import { rasterAreas } from './area-raster.ts';
import { changeMap, countChanges, type Planes } from './change-map.ts';
import { chronicFloor, relaxFloor } from './chronic-floor.ts';
import { clockMask } from './clock-mask.ts';
import { confirmation } from './confirmation.ts';
import { type DetectorRules, SAMPLED_RULES } from './detector-rules.ts';
import { lightFitter } from './light-fit.ts';
import { hasLearned, noiseMap, relaxNoise, startFrom } from './noise-map.ts';
import { LUMA_SIZE, PIXELS, WINDOWS } from './plane-layout.ts';
import { forgetReturns, type KnownReturns, knownReturns, returnMap, teachReturns } from './return-map.ts';
import { smoothnessTest } from './structure.ts';
import { cellGrid, cellOfWindow, sumWindows, windowSums } from './window-sums.ts';

/** Mean shift of light, in grey levels, that is a lamp or a cloud and not a scene: readings are muted for a moment. */
const LIGHT_SHIFT = 8;
/** Share of points that must agree before a change is believed to be light: big near objects look like light otherwise. */
const LIGHT_INLIERS = 0.8;
/** Share of changed pixels beyond which the whole picture changed: a switch of day and night, a camera that was turned. */
const WHOLE_PICTURE = 0.5;
/** How long after motion a change of light is taken for the exposure following it. */
const MOVING_MS = 1500;
/** The background follows by one grey level every third sample: 1.7 levels a second at 5 fps. */
const BACKGROUND_EVERY = 3;
/** Share of changed pixels that must show something new for the change to be motion now, not the gap it left. */
const PRESENT_SHARE = 0.2;
/** Change since the sample before, against the usual: below it, what moved has stopped and only the lag still shows it. */
const MOVING = 1.6;
/** Grey levels per changed pixel that codec noise adds where the noise map says nothing. */
const STILL = 1.2;
/** Pixels over the chronic floor below which a change is nothing: single ones come and go all the time. */
const LEAST_FAINT = 2;
/** Usual time between samples: what a gap is counted in. */
const SAMPLE_MS = 200;
const IDENTITY: Uint8Array = Uint8Array.from({ length: 256 }, (_, level) => level);

/** What the last fold saw, for engines that decide how much to decode. */
export interface Sight {
  /** Largest excess over the chronic floor of any window, in pixels; 0 while muted or warming up. */
  readonly excess: number;
  readonly isSuspicious: boolean;
  /** Score of a change too small to be suspicious, and the cell where it was strongest; 0 when there is none. */
  readonly faint: number;
  readonly cell: number;
}

/** What a detector has learned about a scene; a new detector may begin with it. */
export interface Calibration {
  readonly within: Int32Array;
  readonly across: Int32Array;
  /** Between one key frame and the next. */
  readonly keys: Int32Array;
  readonly floor: Float32Array;
  /** Levels that pixels keep coming back to; undefined where nobody looked for them. */
  readonly returns: KnownReturns | undefined;
  readonly clock: Uint8Array;
}

export interface LumaDetector {
  /** Folds the next sample (in order of `pts`) and appends the readings that became certain, oldest first. */
  fold(luma: Luma, readings: Reading[]): Sight;
  /** The samples that follow do not continue the ones before: appends what is undecided, keeps what was learned. */
  interrupt(readings: Reading[]): void;
  /** A copy of what was learned so far. */
  calibration(): Calibration;
  /** Ticking cells found so far, or known from elsewhere. */
  readonly clockCells: Uint8Array;
  maskClock(cells: Uint8Array): void;
}

export interface DetectorOptions {
  readonly prior?: Calibration | undefined;
  readonly areas?: readonly Area[];
  readonly rules?: DetectorRules;
}

export const lumaDetector = ({ areas = [], prior, rules = SAMPLED_RULES }: DetectorOptions = {}): LumaDetector => {
  const ring = Array.from({ length: rules.lag + 1 }, () => new Uint8Array(PIXELS));
  const keys = new Uint8Array(rules.lag + 1);
  const times = new Float64Array(rules.lag + 1);
  const within = noiseMap(PIXELS, rules.noise.within);
  const across = noiseMap(PIXELS, rules.noise.across);
  const background = new Uint8Array(PIXELS);
  const owner = new Uint8Array(PIXELS);
  const strictness = new Uint8Array(PIXELS);
  const changes = changeMap();
  const sums = windowSums();
  const floor = chronicFloor(WINDOWS, rules.floor);
  const returns = rules.returns && returnMap(rules.returns, prior?.returns);
  const fitter = lightFitter(LUMA_SIZE.width, LUMA_SIZE.height);
  const clock = clockMask(LUMA_SIZE.width, LUMA_SIZE.height);
  const smoothness = smoothnessTest();
  const judge = confirmation(rules.confirmWithin);
  const sight = { excess: 0, isSuspicious: false, faint: 0, cell: 0 };
  /** The noise maps before the samples since the last interruption taught them; undefined until they had learned. */
  let before: { readonly within: Int32Array; readonly across: Int32Array } | undefined;
  /** Samples since the beginning or the last interruption. */
  let samples = 0;
  let hasMoved = false;
  let seenAt: number | undefined;
  let startedAt: number | undefined;
  let mutedUntil = Number.NEGATIVE_INFINITY;
  let movingUntil = Number.NEGATIVE_INFINITY;

  const maskClock = (cells: Uint8Array): void => {
    clock.seed(cells);
    strictness.set(owner);
    clock.apply(strictness);
  };
  rasterAreas(owner, areas);
  strictness.set(owner);
  if (prior) {
    startFrom(within, prior.within);
    startFrom(across, prior.across);
    floor.levels.set(prior.floor);
    maskClock(prior.clock);
  }
  const warmUpMs = prior ? 0 : rules.warmUpMs;

  const slotOf = (back: number): number => (samples - back) % (rules.lag + 1);
  const planeAt = (back: number): Uint8Array => ring[slotOf(back)] ?? background;

  /** How many samples back the reference is: the nearest that is far enough in time, else the oldest there is. */
  const lagNow = (): number => {
    const most = Math.min(rules.lag, samples);
    const at = times[slotOf(0)] ?? 0;
    let lag = 1;
    while (lag < most && at - (times[slotOf(lag)] ?? 0) < rules.lagMs) lag += 1;
    return lag;
  };

  /** True when a key frame lies between the two compared planes. */
  const crossesKey = (lag: number): boolean => {
    for (let back = 0; back < lag; back++) if (keys[slotOf(back)] === 1) return true;
    return false;
  };

  /**
   * After an interruption: who looks only while something moves would take moving for what always goes on there, and a path
   * walked often would be learned away. Nobody looked meanwhile because all was calm; that is made up for here.
   */
  const makeUpFor = (gap: number): void => {
    relaxFloor(floor, gap);
    if (returns) forgetReturns(returns, gap * SAMPLE_MS);
    if (hasMoved && before) {
      relaxNoise(within, before.within, gap);
      relaxNoise(across, before.across, gap);
    }
    hasMoved = false;
    if (!hasLearned(within)) return;
    before ??= { within: new Int32Array(PIXELS), across: new Int32Array(PIXELS) };
    before.within.set(within.means);
    before.across.set(across.means);
  };

  const followBackground = (now: Uint8Array): void => {
    for (let at = 0; at < PIXELS; at++) {
      const known = background[at] ?? 0;
      const seen = now[at] ?? 0;
      if (seen > known) background[at] = known + 1;
      else if (seen < known) background[at] = known - 1;
    }
  };

  const settleLight = (reference: Uint8Array, now: Uint8Array, at: number): Uint8Array => {
    const light = fitter.fit(reference, now);
    if (light.inliers < LIGHT_INLIERS) return IDENTITY;
    // Light may not begin motion; but exposure follows a large object, so it may not end it either.
    if (light.shift > LIGHT_SHIFT && at > movingUntil) mutedUntil = at + rules.muteMs;
    return light.table;
  };

  /** Compares the newest sample with its reference; fills `changes` and `sums`. */
  const compare = (at: number): void => {
    const now = planeAt(0);
    const lag = lagNow();
    const reference = planeAt(lag);
    const table = settleLight(reference, now, at);
    const planes: Planes = { now, previous: planeAt(1), reference, table, background, strictness };
    countChanges(changes, planes, crossesKey(lag) ? across : within, true, returns);
    if (changes.total > PIXELS * WHOLE_PICTURE && at > movingUntil) mutedUntil = at + rules.muteMs;
    sumWindows(sums, changes, floor, rules.leastExcess);
    if (sums.excess > 0 && at > movingUntil && smoothness.isSmooth(planes, sums.lit)) {
      sums.excess = 0;
      sums.strongest = 0;
    }
  };

  /** True when something is moving at this very sample: not a gap it left, not a place where it stopped. */
  const isMovingNow = (): boolean =>
    sums.present >= PRESENT_SHARE * sums.changed && sums.recent > MOVING * sums.usual + STILL * sums.changed;

  return {
    fold(luma, readings) {
      const now = planeAt(0);
      now.set(luma.pixels);
      keys[slotOf(0)] = luma.isKey ? 1 : 0;
      times[slotOf(0)] = luma.pts;
      startedAt ??= luma.pts;
      if (samples === 0) {
        background.set(now);
        makeUpFor(seenAt === undefined ? 0 : Math.max(0, luma.pts - seenAt) / SAMPLE_MS);
      }
      seenAt = luma.pts;
      const wasSuspicious = sight.isSuspicious;
      sight.excess = 0;
      sight.isSuspicious = false;
      sight.faint = 0;
      if (samples > 0) {
        if (clock.fold(planeAt(1), now, luma.pts)) maskClock(clock.seeds());
        compare(luma.pts);
        if (luma.pts < mutedUntil) background.set(now);
        else if (luma.pts - startedAt >= warmUpMs) {
          sight.cell = cellOfWindow(sums.window);
          if (sums.excess > 0) {
            sight.excess = sums.excess;
            sight.isSuspicious = true;
            if (wasSuspicious) {
              movingUntil = luma.pts + MOVING_MS;
              hasMoved = true;
            }
          } else if (sums.strongest >= LEAST_FAINT) sight.faint = scoreOfPixels(sums.strongest);
        }
      }
      const { isSuspicious } = sight;
      judge.push(
        {
          pts: luma.pts,
          score: isSuspicious ? scoreOfPixels(sums.changed) : sight.faint,
          cell: sight.cell,
          isSuspicious,
          isPresent: isSuspicious && isMovingNow(),
          cells: isSuspicious ? cellGrid(changes, sums) : undefined,
        },
        readings,
      );
      if (returns) teachReturns(returns, now, luma.pts, within.means, isSuspicious ? sums.lit : undefined);
      if (samples % BACKGROUND_EVERY === 0) followBackground(now);
      samples += 1;
      return sight;
    },
    interrupt(readings) {
      judge.finish(readings);
      clock.interrupt();
      samples = 0;
      sight.excess = 0;
      sight.isSuspicious = false;
    },
    calibration: () => ({
      within: within.means.slice(),
      across: across.means.slice(),
      keys: across.means.slice(),
      floor: floor.levels.slice(),
      returns: returns && knownReturns(returns),
      clock: clock.seeds(),
    }),
    get clockCells() {
      return clock.seeds();
    },
    maskClock,
  };
};
