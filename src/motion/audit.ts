// How much the gate misses: a random share of what was skipped is decoded after all, and what is found there is counted.

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

/** Looks that are remembered: the older half is forgotten then, so that the rate follows the season. */
const MEMORY = 2000;

export const aged = (audit: Audit): Audit =>
  audit.looked < MEMORY ? audit : { looked: Math.round(audit.looked / 2), missed: Math.round(audit.missed / 2) };

/** A skipped group of pictures that held motion is tolerated this often; one in a hundred is two seconds in three minutes. */
const TOLERATED = 0.01;
/** Misses of this rate are not mended by a wider gate. */
const HOPELESS = 0.1;

export interface AuditVerdict {
  /** Share of skipped groups of pictures to look at from now on. */
  readonly share: number;
  /** Factor on the gate's thresholds. */
  readonly gate: number;
  /** True when this camera had better be decoded fully. */
  readonly wantsCareful: boolean;
}

/** How often to look: more while little is known, more when misses turn up. */
export const auditVerdict = (audit: Audit): AuditVerdict => {
  const { low, high } = missRate(audit);
  if (low > HOPELESS) return { share: 0.1, gate: 0.5, wantsCareful: true };
  if (low > TOLERATED) return { share: 0.1, gate: 0.5, wantsCareful: false };
  if (high > 2 * TOLERATED) return { share: 0.03, gate: 1, wantsCareful: false };
  return { share: 0.01, gate: 1, wantsCareful: false };
};
