// Whether the program does its work: it sees, it keeps, it ships. Pure; each "no" has its reasons.

import { assertNever } from './assert-never.ts';
import type { StillwatchErrorCode } from './errors.ts';
import { type DiskSpace, freeToKeep, type KeepRules } from './retention.ts';
import { between, type EpochMs, type Ms, ms } from './units.ts';

type Sight = 'starting' | 'seeing' | 'blind';

export interface ReadinessInput {
  readonly now: EpochMs;
  readonly cameras: readonly {
    readonly id: string;
    readonly sight: Sight;
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

export type ReadinessTrouble =
  | {
      readonly type: 'camera';
      readonly camera: string;
      readonly sight: Exclude<Sight, 'seeing'>;
      readonly code: StillwatchErrorCode | undefined;
    }
  | { readonly type: 'disk-silent' }
  | { readonly type: 'disk-full'; readonly free: number }
  | { readonly type: 'storage'; readonly code: StillwatchErrorCode }
  | { readonly type: 'catalogue' }
  | { readonly type: 'waiting'; readonly photos: number; readonly age: Ms };

interface Claim {
  readonly isTrue: boolean;
  readonly troubles: readonly ReadinessTrouble[];
  /** The same for programs, in words that do not change with the language. */
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

const reasonOf = (trouble: ReadinessTrouble): string => {
  switch (trouble.type) {
    case 'camera':
      return `${trouble.camera} ${trouble.code ?? 'starting'}`;
    case 'disk-silent':
      return 'the disk does not answer';
    case 'disk-full':
      return `only ${Math.round(trouble.free / 1e6)} MB free`;
    case 'storage':
      return trouble.code;
    case 'catalogue':
      return 'the catalogue cannot be read';
    case 'waiting':
      return `${trouble.photos} photos wait, the oldest for ${Math.round(trouble.age / 60_000)} min`;
    default:
      return assertNever(trouble);
  }
};

const claim = (troubles: readonly ReadinessTrouble[]): Claim => ({
  isTrue: troubles.length === 0,
  troubles,
  reasons: troubles.map(reasonOf),
});

export const readiness = (input: ReadinessInput): Readiness => {
  const sees = claim(
    input.cameras.flatMap(({ id, sight, code }) =>
      sight === 'seeing'
        ? []
        : [{ type: 'camera', camera: id, sight, code: sight === 'blind' ? code : undefined } as const],
    ),
  );
  const { disk } = input;
  const isFull = disk !== undefined && disk.free < NEARLY_FULL * freeToKeep(input.rules, disk.total);
  const keeps = claim([
    ...(disk ? [] : [{ type: 'disk-silent' } as const]),
    ...(isFull ? [{ type: 'disk-full', free: disk.free } as const] : []),
    ...(input.storageTrouble ? [{ type: 'storage', code: input.storageTrouble } as const] : []),
  ]);
  const age = input.oldestWaiting === undefined ? ms(0) : between(input.oldestWaiting, input.now);
  const ships = claim([
    ...(input.isCatalogReadable ? [] : [{ type: 'catalogue' } as const]),
    ...(age > LONGEST_WAIT ? [{ type: 'waiting', photos: input.waiting, age } as const] : []),
  ]);
  return { isReady: sees.isTrue && keeps.isTrue && ships.isTrue, sees, keeps, ships };
};
