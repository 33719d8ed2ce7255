// Tells a change of light from a change of scene: fits `now = gain × reference + offset` between two brightness planes.
// Medians per band of brightness make it blind to objects as long as they cover less than half of each band.

/** Every 4th pixel in both directions: 880 of 14 400 points, enough for medians, a sixteenth of the work. */
const STEP = 4;
const BANDS = 16;
const BAND_SHIFT = 4;
/** Differences run from -255 to 255. */
const DIFFERENCES = 511;
/** A band with fewer points says nothing. */
const FEWEST_IN_BAND = 6;
/** Clipped points (black, white) do not follow gain and offset. */
const DARKEST = 3;
const BRIGHTEST = 252;
/** Levels of spread under which a gain cannot be told from an offset: pulls the gain of a flat scene towards 1. */
const FLAT_SPREAD = 5;
/** Residual, in grey levels, from which a band loses weight: an object dominates it. */
const DOUBTFUL = 3;
const ROUNDS = 4;
/** A point agrees with the fit within this many grey levels, sensor noise included. */
const INLIER_LEVELS = 7;

export interface LightFit {
  /** Brightness in the reference to brightness expected now, 256 entries. */
  readonly table: Uint8Array;
  /** Mean change of brightness by the fit, in grey levels, without sign. */
  readonly shift: number;
  /** Share of points that agree with the fit, 0..1. */
  readonly inliers: number;
}

/** A fitter for planes of one size; `fit` gives the same object each time, valid until the next call. */
export interface LightFitter {
  fit(reference: Uint8Array, now: Uint8Array): LightFit;
}

const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : value);

export const lightFitter = (width: number, height: number): LightFitter => {
  const counts = new Uint16Array(BANDS * DIFFERENCES);
  const totals = new Float64Array(BANDS);
  const levels = new Float64Array(BANDS);
  const medians = new Float64Array(BANDS);
  const weights = new Float64Array(BANDS);
  const result = { table: new Uint8Array(256), shift: 0, inliers: 1 };

  const count = (reference: Uint8Array, now: Uint8Array): void => {
    counts.fill(0);
    totals.fill(0);
    levels.fill(0);
    for (let y = STEP >> 1; y < height; y += STEP) {
      for (let x = STEP >> 1; x < width; x += STEP) {
        const at = y * width + x;
        const before = reference[at] ?? 0;
        const after = now[at] ?? 0;
        if (before < DARKEST || before > BRIGHTEST || after < DARKEST || after > BRIGHTEST) continue;
        const band = before >> BAND_SHIFT;
        const slot = band * DIFFERENCES + after - before + 255;
        counts[slot] = (counts[slot] ?? 0) + 1;
        totals[band] = (totals[band] ?? 0) + 1;
        levels[band] = (levels[band] ?? 0) + before;
      }
    }
  };

  const medianOf = (band: number): number => {
    const half = (totals[band] ?? 0) / 2;
    const first = band * DIFFERENCES;
    let seen = 0;
    for (let at = 0; at < DIFFERENCES; at++) {
      seen += counts[first + at] ?? 0;
      if (seen > half) return at - 255;
    }
    return 0;
  };

  /** Weighted least squares over the bands' medians, doubtful bands losing weight round by round. @returns slope, centre, rise */
  const line = { slope: 0, centre: 0, rise: 0 };
  const fitLine = (): void => {
    for (let round = 0; round < ROUNDS; round++) {
      let weight = 0;
      let centre = 0;
      let rise = 0;
      for (let band = 0; band < BANDS; band++) {
        const share = weights[band] ?? 0;
        weight += share;
        centre += share * (levels[band] ?? 0);
        rise += share * (medians[band] ?? 0);
      }
      if (weight === 0) return;
      centre /= weight;
      rise /= weight;
      let spread = weight * FLAT_SPREAD * FLAT_SPREAD;
      let covariance = 0;
      for (let band = 0; band < BANDS; band++) {
        const share = weights[band] ?? 0;
        const from = (levels[band] ?? 0) - centre;
        spread += share * from * from;
        covariance += share * from * ((medians[band] ?? 0) - rise);
      }
      line.slope = covariance / spread;
      line.centre = centre;
      line.rise = rise;
      for (let band = 0; band < BANDS; band++) {
        const points = totals[band] ?? 0;
        if (points < FEWEST_IN_BAND) continue;
        const expected = line.rise + line.slope * ((levels[band] ?? 0) - line.centre);
        const residual = Math.abs((medians[band] ?? 0) - expected);
        weights[band] = residual <= DOUBTFUL ? points : (points * DOUBTFUL) / residual;
      }
    }
  };

  return {
    fit(reference, now) {
      count(reference, now);
      for (let band = 0; band < BANDS; band++) {
        const points = totals[band] ?? 0;
        weights[band] = points < FEWEST_IN_BAND ? 0 : points;
        levels[band] = points === 0 ? 0 : (levels[band] ?? 0) / points;
        medians[band] = points < FEWEST_IN_BAND ? 0 : medianOf(band);
      }
      line.slope = 0;
      line.centre = 0;
      line.rise = 0;
      fitLine();
      for (let level = 0; level < 256; level++) {
        result.table[level] = clamp(Math.round(level + line.rise + line.slope * (level - line.centre)));
      }
      let shift = 0;
      let inliers = 0;
      let points = 0;
      for (let y = STEP >> 1; y < height; y += STEP) {
        for (let x = STEP >> 1; x < width; x += STEP) {
          const at = y * width + x;
          const before = reference[at] ?? 0;
          const expected = result.table[before] ?? 0;
          const off = (now[at] ?? 0) - expected;
          shift += expected > before ? expected - before : before - expected;
          if (off <= INLIER_LEVELS && off >= -INLIER_LEVELS) inliers += 1;
          points += 1;
        }
      }
      result.shift = points === 0 ? 0 : shift / points;
      result.inliers = points === 0 ? 1 : inliers / points;
      return result;
    },
  };
};
