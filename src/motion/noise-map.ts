// How much each pixel changes when nothing happens, learned as a running mean; it decides what counts as a change.

/** Bits of fraction in `means`: a rate of 1/64 then still moves by a thousandth of a grey level. */
export const NOISE_FRACTION = 12;

export interface NoiseRules {
  /** Least change, in grey levels, that may count: below it lies what an encoder's quantiser leaves. */
  readonly floor: number;
  /** Multiple of a pixel's mean change that counts. */
  readonly factor: number;
  /** Power of two of the slowest learning rate; the first samples are averaged evenly. */
  readonly rateShift: number;
  /** Grey levels above its own mean that one sample may teach a pixel: an object passing must not become noise. */
  readonly reach: number;
}

export interface NoiseMap {
  /** Mean absolute change per pixel, in 1/4096 grey levels. */
  readonly means: Int32Array;
  readonly rules: NoiseRules;
  /** Samples learned from. */
  samples: number;
}

export const noiseMap = (pixels: number, rules: NoiseRules): NoiseMap => ({
  means: new Int32Array(pixels),
  rules,
  samples: 0,
});

/** The learning rate of the next sample as a power of two: 1, 1/2, 1/2, 1/4 … down to the slowest. */
export const rateShiftOf = (map: NoiseMap): number => Math.min(map.rules.rateShift, 31 - Math.clz32(map.samples + 1));

/** Samples after which a map can be believed. */
export const hasLearned = (map: NoiseMap): boolean => map.samples >= 1 << map.rules.rateShift;

/** Goes back towards `calm`, as far as `samples` of it would have brought it. */
export const relaxNoise = (map: NoiseMap, calm: Int32Array, samples: number): void => {
  const kept = (1 - 2 ** -map.rules.rateShift) ** samples;
  for (let at = 0; at < calm.length; at++) {
    const before = calm[at] ?? 0;
    map.means[at] = Math.round(before + ((map.means[at] ?? 0) - before) * kept);
  }
};

/** Makes a fresh map one that has learned `means` already: from here it learns at the slowest rate. */
export const startFrom = (map: NoiseMap, means: Int32Array): void => {
  map.means.set(means);
  map.samples = 1 << map.rules.rateShift;
};
