// How much the gate misses: a random share of what was skipped is decoded after all, and what is found there is counted.
// This is the count and its statistics; what follows from them is motion/audit.ts.

/** What was looked at afterwards, and in how much of it something had moved unseen. */
export interface Audit {
  readonly looked: number;
  readonly missed: number;
}

export interface MissRate {
  /** missed / looked; 0 before anything was looked at. */
  readonly rate: number;
  /** 95 % confidence interval. */
  readonly low: number;
  readonly high: number;
}

export const NO_AUDIT: Audit = { looked: 0, missed: 0 };

/** Standard normal quantile for 95 % on both sides. */
const Z = 1.959_964;

/** Wilson's score interval: honest for few looks and for rates near zero (E. B. Wilson, JASA 22, 1927). */
export const missRate = ({ looked, missed }: Audit): MissRate => {
  if (looked === 0) return { rate: 0, low: 0, high: 1 };
  const rate = missed / looked;
  const square = Z * Z;
  const centre = (rate + square / (2 * looked)) / (1 + square / looked);
  const half = (Z / (1 + square / looked)) * Math.sqrt((rate * (1 - rate)) / looked + square / (4 * looked * looked));
  return { rate, low: missed === 0 ? 0 : Math.max(0, centre - half), high: missed === looked ? 1 : centre + half };
};

export const folded = (audit: Audit, isMissed: boolean): Audit => ({
  looked: audit.looked + 1,
  missed: audit.missed + (isMissed ? 1 : 0),
});

/** Half of what is known is forgotten: what was bad once gets another chance. */
export const halved = ({ looked, missed }: Audit): Audit => ({
  looked: Math.round(looked / 2),
  missed: Math.round(missed / 2),
});

/** Looks that are remembered: the older half is forgotten then, so that the rate follows the season. */
const MEMORY = 2000;

export const aged = (audit: Audit): Audit => (audit.looked < MEMORY ? audit : halved(audit));
