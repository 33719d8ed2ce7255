// Whether the program does its work: it sees, it keeps, it ships. Pure; each "no" has its reasons.

import type { StillwatchErrorCode } from './errors.ts';
import { type DiskSpace, freeToKeep, type KeepRules } from './retention.ts';
import { between, type EpochMs, type Ms, ms } from './units.ts';

export interface ReadinessInput {
  readonly now: EpochMs;
  readonly cameras: readonly {
    readonly id: string;
    readonly sight: 'starting' | 'seeing' | 'blind';
    readonly code: StillwatchErrorCode | undefined;
  }[];
  /** undefined: the disk does not answer. */
  readonly disk: DiskSpace | undefined;
  readonly rules: Pick<KeepRules, 'free'>;
  readonly isCatalogReadable: boolean;
  /** When the oldest photo in the spool was taken; undefined: none waits. */
  readonly oldestWaiting: EpochMs | undefined;
  readonly waiting: number;
  /** The last storage trouble that nothing has proven to be over. */
  readonly storageTrouble: StillwatchErrorCode | undefined;
}

interface Claim {
  readonly isTrue: boolean;
  readonly reasons: readonly string[];
}

export interface Readiness {
  readonly isReady: boolean;
  readonly sees: Claim;
  readonly keeps: Claim;
  readonly ships: Claim;
}

/** Shipping takes milliseconds; two of its rounds a minute apart must both have failed. */
const LONGEST_WAIT: Ms = ms(150_000);
/** The part of the free-space rule below which the sweep has lost the race. */
const NEARLY_FULL = 0.5;

const claim = (reasons: readonly string[]): Claim => ({ isTrue: reasons.length === 0, reasons });

export const readiness = (input: ReadinessInput): Readiness => {
  const sees = claim(
    input.cameras.flatMap(({ id, sight, code }) => (sight === 'seeing' ? [] : [`${id} ${code ?? sight}`])),
  );
  const { disk } = input;
  const isFull = disk !== undefined && disk.free < NEARLY_FULL * freeToKeep(input.rules, disk.total);
  const keeps = claim([
    ...(disk ? [] : ['the disk does not answer']),
    ...(isFull ? [`only ${Math.round(disk.free / 1e6)} MB free`] : []),
    ...(input.storageTrouble ? [input.storageTrouble] : []),
  ]);
  const age = input.oldestWaiting === undefined ? 0 : between(input.oldestWaiting, input.now);
  const ships = claim([
    ...(input.isCatalogReadable ? [] : ['the catalogue cannot be read']),
    ...(age > LONGEST_WAIT ? [`${input.waiting} photos wait, the oldest for ${Math.round(age / 60_000)} min`] : []),
  ]);
  return { isReady: sees.isTrue && keeps.isTrue && ships.isTrue, sees, keeps, ships };
};
