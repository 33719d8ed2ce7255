// Keep rules as a plan: which stills go, and why. Pure; the sweep in `archive` feeds it pages and carries the plan out.
// Order of going: siblings over a week old, covers over a week old, younger siblings, younger covers, then found photos
// (another program's); the oldest first in each. A photo taken while the clock was wrong has no age.

import type { CameraId, StillId } from './ids.ts';
import type { StoredStill } from './still.ts';
import { type EpochMs, epochMs, type Ms, ms } from './units.ts';

/** What the plan has to know of a still. */
export type KeepStill = Pick<StoredStill, 'id' | 'camera' | 'kind' | 'source' | 'takenAt' | 'bytes'>;

export interface CameraKeepRule {
  /** Older stills go. */
  readonly age?: Ms;
  /** So many stills of the camera stay. */
  readonly stills?: number;
  /** So many bytes of the camera stay. */
  readonly bytes?: number;
}

export interface KeepRules {
  /** For every camera that has no rule of its own in `cameras`. */
  readonly each: CameraKeepRule;
  readonly cameras: Readonly<Record<string, CameraKeepRule>>;
  /** Of all cameras together. */
  readonly bytes?: number;
  /** Bytes left free on the photos' disk; 0: no such rule; undefined: what `freeToKeep` thinks right. */
  readonly free: number | undefined;
  /** True when the owner wrote a rule: only then may photos go that another program made. */
  readonly includesFound: boolean;
}

export interface Holding {
  readonly stills: number;
  readonly bytes: number;
}

export interface DiskSpace {
  /** Bytes this program may still write. */
  readonly free: number;
  readonly total: number;
}

export interface KeepInput {
  readonly rules: KeepRules;
  readonly now: EpochMs;
  /** False while the system's clock cannot be believed: then nothing goes by age. */
  readonly isClockSteady: boolean;
  readonly holdings: ReadonlyMap<CameraId, Holding>;
  readonly disk: DiskSpace;
  readonly favourites: ReadonlySet<StillId>;
  /** Stills the spool still holds: the store's copy may not be known to be safe yet. */
  readonly unshipped: ReadonlySet<StillId>;
}

export type KeepReason = 'age' | 'count' | 'size' | 'space';
export type KeepClass = 'sibling' | 'cover' | 'found';

/** One walk over a class, oldest first. `isOldOnly`: up to those a week old. */
export interface Stretch {
  readonly class: KeepClass;
  readonly isOldOnly: boolean;
}

export interface KeepCursor {
  readonly takenAt: EpochMs;
  readonly id: StillId;
}

/** What must still go. */
interface Need {
  /** Older than this goes. */
  readonly before: EpochMs | undefined;
  readonly stills: number;
  readonly size: number;
  readonly space: number;
}

/** First what each camera's rule asks, then what all together must give. */
export type KeepRound = 'cameras' | 'overall';

export interface KeepState {
  readonly round: KeepRound;
  readonly needs: ReadonlyMap<CameraId, Need>;
  readonly overall: Need;
  /** What stays, going by the plan so far. */
  readonly holdings: ReadonlyMap<CameraId, Holding>;
  /** The last that went in round `cameras`, by camera and class: a dry run meets them again in round `overall`. */
  readonly gone: ReadonlyMap<string, KeepCursor>;
  /** Bytes that go. */
  readonly freed: number;
}

export interface Going<T extends KeepStill = KeepStill> {
  readonly still: T;
  readonly reason: KeepReason;
}

const DAY = 86_400_000;
/** What moved in the last week is looked at together, before, peak and calm; later the calm photo stands for it. */
const SIBLINGS_TOGETHER: Ms = ms(7 * DAY);
/** Lack of space takes nothing younger: when a day's photos do not fit, it is not old photos that fill the disk. */
const SPACE_LEAST_AGE: Ms = ms(DAY);
/** Freed beyond the rule at a time, as a share of it, so that not every new photo starts a sweep. */
const SPACE_MARGIN = 0.1;
/** Before 2000 there was no such program: the clock had not been set (a Raspberry Pi starts in 1970). */
const FIRST_BELIEVABLE: EpochMs = epochMs(946_684_800_000);

const GB = 1e9;
/** A twentieth of the disk, but 0.5 GB at least (catalogue, log, an update) and 2 GB at most. Source: engineering note, C. */
const FREE_SHARE = 0.05;
const FREE_LEAST = 0.5 * GB;
const FREE_MOST = 2 * GB;

export const STRETCHES: readonly Stretch[] = [
  { class: 'sibling', isOldOnly: true },
  { class: 'cover', isOldOnly: true },
  { class: 'sibling', isOldOnly: false },
  { class: 'cover', isOldOnly: false },
  { class: 'found', isOldOnly: false },
];

export const keepClass = (still: Pick<KeepStill, 'kind' | 'source'>): KeepClass => {
  if (still.source === 'file') return 'found';
  return still.kind === 'before' || still.kind === 'peak' ? 'sibling' : 'cover';
};

/** True when the date says only that the clock was not set. */
export const isUndated = (takenAt: EpochMs): boolean => takenAt < FIRST_BELIEVABLE;

/** Bytes to keep free on a disk of `total` bytes. */
export const freeToKeep = (rules: Pick<KeepRules, 'free'>, total: number): number =>
  Math.round(rules.free ?? Math.min(FREE_MOST, Math.max(FREE_LEAST, total * FREE_SHARE)));

/** True when the disk's free space is below the rule. */
export const isSpaceLow = (rules: Pick<KeepRules, 'free'>, disk: DiskSpace): boolean =>
  disk.free < freeToKeep(rules, disk.total);

export const ruleOf = (rules: KeepRules, camera: CameraId): CameraKeepRule => rules.cameras[camera] ?? rules.each;

const NO_NEED: Need = { before: undefined, stills: 0, size: 0, space: 0 };

const isMet = (need: Need): boolean => need.stills <= 0 && need.size <= 0 && need.space <= 0;

const over = (held: number, limit: number | undefined): number => (limit === undefined ? 0 : Math.max(0, held - limit));

/** Round `cameras`. */
export const firstKeepState = (input: KeepInput): KeepState => {
  const needs = new Map<CameraId, Need>();
  for (const [camera, held] of input.holdings) {
    const rule = ruleOf(input.rules, camera);
    const before = rule.age === undefined || !input.isClockSteady ? undefined : epochMs(input.now - rule.age);
    const stills = over(held.stills, rule.stills);
    needs.set(camera, { before, stills, size: over(held.bytes, rule.bytes), space: 0 });
  }
  return { round: 'cameras', needs, overall: NO_NEED, holdings: input.holdings, gone: new Map(), freed: 0 };
};

/** Round `overall`, after what the cameras' own rules took. */
export const overallKeepState = (state: KeepState, input: KeepInput): KeepState => {
  const { rules, disk } = input;
  let held = 0;
  for (const { bytes } of state.holdings.values()) held += bytes;
  const free = { free: disk.free + state.freed, total: disk.total };
  const wanted = freeToKeep(rules, disk.total) * (1 + SPACE_MARGIN);
  const space = isSpaceLow(rules, free) ? Math.ceil(wanted - free.free) : 0;
  return { ...state, round: 'overall', overall: { ...NO_NEED, size: over(held, rules.bytes), space } };
};

const isHeld = (still: KeepStill, input: KeepInput): boolean =>
  input.favourites.has(still.id) ||
  input.unshipped.has(still.id) ||
  (keepClass(still) === 'found' && !input.rules.includesFound);

const isUpTo = (still: KeepStill, cursor: KeepCursor | undefined): boolean =>
  cursor !== undefined &&
  (still.takenAt < cursor.takenAt || (still.takenAt === cursor.takenAt && still.id <= cursor.id));

const goneKey = (still: KeepStill): string => `${still.camera} ${keepClass(still)}`;

const cameraReason = (still: KeepStill, need: Need): KeepReason | undefined => {
  if (isUndated(still.takenAt)) return undefined;
  if (need.before !== undefined && still.takenAt < need.before) return 'age';
  if (need.stills > 0) return 'count';
  return need.size > 0 ? 'size' : undefined;
};

const overallReason = (still: KeepStill, need: Need, now: EpochMs): KeepReason | undefined => {
  if (need.size > 0) return 'size';
  return need.space > 0 && now - still.takenAt >= SPACE_LEAST_AGE ? 'space' : undefined;
};

const without = (need: Need, still: KeepStill): Need => ({
  before: need.before,
  stills: need.stills - 1,
  size: need.size - still.bytes,
  space: need.space - still.bytes,
});

/** Folds one page of a stretch: stills of its class, oldest first. */
export const planPage = <T extends KeepStill>(
  state: KeepState,
  page: readonly T[],
  input: KeepInput,
): { readonly next: KeepState; readonly going: readonly Going<T>[] } => {
  const needs = new Map(state.needs);
  const holdings = new Map(state.holdings);
  const gone = new Map(state.gone);
  let { overall, freed } = state;
  const going: Going<T>[] = [];
  for (const still of page) {
    if (isHeld(still, input)) continue;
    const need = needs.get(still.camera) ?? NO_NEED;
    const isPlanned = !isUndated(still.takenAt) && isUpTo(still, gone.get(goneKey(still)));
    if (isPlanned) continue;
    const reason = state.round === 'cameras' ? cameraReason(still, need) : overallReason(still, overall, input.now);
    if (!reason) continue;
    going.push({ still, reason });
    freed += still.bytes;
    const held = holdings.get(still.camera);
    if (held) holdings.set(still.camera, { stills: held.stills - 1, bytes: held.bytes - still.bytes });
    if (state.round === 'cameras') {
      needs.set(still.camera, without(need, still));
      gone.set(goneKey(still), { takenAt: still.takenAt, id: still.id });
    } else overall = without(overall, still);
  }
  return { next: going.length === 0 ? state : { ...state, needs, overall, holdings, gone, freed }, going };
};

/** How far a stretch must be walked: only stills taken before this are asked for; undefined: nothing of it can go. */
export const stretchEnd = (state: KeepState, stretch: Stretch, input: KeepInput): EpochMs | undefined => {
  if (stretch.class === 'found' && !input.rules.includesFound) return undefined;
  const weekAgo = epochMs(input.now - SIBLINGS_TOGETHER);
  const limit = stretch.isOldOnly ? weekAgo : epochMs(Number.MAX_SAFE_INTEGER);
  if (state.round === 'overall') {
    if (state.overall.size > 0) return limit;
    return state.overall.space > 0 ? epochMs(Math.min(limit, input.now - SPACE_LEAST_AGE + 1)) : undefined;
  }
  let end: number | undefined;
  for (const need of state.needs.values()) {
    const reach = isMet(need) ? need.before : limit;
    if (reach !== undefined) end = Math.max(end ?? 0, Math.min(reach, limit));
  }
  return end === undefined ? undefined : epochMs(end);
};

/** Bytes and stills that the rules want gone and the plan could not take: favourites, found, too young or not yet shipped. */
export const unmetNeed = (state: KeepState): { readonly stills: number; readonly bytes: number } => {
  let stills = 0;
  let bytes = Math.max(0, state.overall.size, state.overall.space);
  for (const need of state.needs.values()) {
    stills += Math.max(0, need.stills);
    bytes = Math.max(bytes, need.size);
  }
  return { stills, bytes };
};
