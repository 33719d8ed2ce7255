// What follows from an audit: how often to look, how early the gate opens, and when a camera had better be decoded fully.

import { type Audit, missRate } from '../domain/audit.ts';

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

/**
 * How often to look while all is well, by the highest miss rate that what was seen still allows. An audit costs as much as two
 * seconds of full decoding, and at 3 % was half of a calm camera's cost; without a miss the steps come after 73, 188 and 381 looks.
 */
const QUIET_SHARES = [
  { above: 0.05, share: 0.03 },
  { above: 2 * TOLERATED, share: 0.02 },
  { above: TOLERATED, share: 0.01 },
] as const;
const LEAST_SHARE = 0.005;

/** How often to look: more while little is known, more when misses turn up. */
export const auditVerdict = (audit: Audit): AuditVerdict => {
  const { low, high } = missRate(audit);
  if (low > HOPELESS) return { share: 0.1, gate: 0.5, wantsCareful: true };
  if (low > TOLERATED) return { share: 0.1, gate: 0.5, wantsCareful: false };
  const share = QUIET_SHARES.find(({ above }) => high > above)?.share ?? LEAST_SHARE;
  return { share, gate: 1, wantsCareful: false };
};
