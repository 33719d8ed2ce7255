// The ledger: every trigger ends in a photo, in a merge with one that has a photo, or in a named reason.
// A pure fold: step(state, event, rules) gives the next state and the rows that changed. It stores nothing itself.

import { assertNever } from './assert-never.ts';
import type { ClaimKind } from './camera-message.ts';
import { civilTime, type TimeZone } from './civil-time.ts';
import type { StillwatchErrorCode } from './errors.ts';
import type { CameraId, EpisodeId, StillId } from './ids.ts';
import type { StillKind } from './still.ts';
import { between, type EpochMs, type Ms, seconds } from './units.ts';

/** Who said that there is something to photograph. `camera`: its own event; `pixels`: our detector. */
export const TRIGGER_ORIGINS = ['pixels', 'camera', 'webhook', 'upload', 'owner', 'schedule'] as const;
export type TriggerOrigin = (typeof TRIGGER_ORIGINS)[number];

declare const brand: unique symbol;
/** One claim, told once however often it is delivered. Sorts by time. */
export type TriggerId = string & { readonly [brand]: 'trigger' };
/** What a trigger is waiting for: the episode it belongs to, or, for a photo asked for by itself, the trigger itself. */
export type WorkId = EpisodeId | TriggerId;

/** Time as 9 base-36 digits, origin, camera; `copy` tells several of one millisecond apart. */
export const triggerId = (camera: CameraId, origin: TriggerOrigin, at: EpochMs, copy = 0): TriggerId =>
  `${Math.max(0, Math.round(at)).toString(36).padStart(9, '0')}-${origin}${copy > 0 ? copy : ''}-${camera}` as TriggerId;

export type LedgerOutcome =
  /** Not decided yet; `still`: a picture of it exists already, its set is not complete. */
  | { readonly state: 'open'; readonly still: StillId | undefined }
  | { readonly state: 'photo'; readonly still: StillId }
  /** The photo of `still`, asked for by an earlier trigger of the same episode, shows it. */
  | { readonly state: 'merged'; readonly still: StillId }
  | { readonly state: 'missed'; readonly code: StillwatchErrorCode };

export interface LedgerRow {
  readonly id: TriggerId;
  readonly camera: CameraId;
  readonly origin: TriggerOrigin;
  readonly at: EpochMs;
  /** The local day it belongs to. */
  readonly day: string;
  readonly work: WorkId;
  readonly outcome: LedgerOutcome;
  /** What the camera said it was. */
  readonly claims?: readonly ClaimKind[];
}

export type LedgerEvent =
  | {
      readonly type: 'trigger';
      readonly id: TriggerId;
      readonly camera: CameraId;
      readonly origin: TriggerOrigin;
      readonly at: EpochMs;
      /** undefined: it stands by itself. */
      readonly episode: EpisodeId | undefined;
      readonly claims?: readonly ClaimKind[];
      /** Nothing will be taken for it, and why. */
      readonly refused?: StillwatchErrorCode;
    }
  | { readonly type: 'accepted'; readonly work: WorkId; readonly still: StillId; readonly kind: StillKind }
  | { readonly type: 'missed'; readonly work: WorkId; readonly kind: StillKind; readonly code: StillwatchErrorCode }
  | { readonly type: 'blind'; readonly camera: CameraId; readonly code: StillwatchErrorCode }
  | { readonly type: 'seeing'; readonly camera: CameraId }
  /** Whoever was to finish these cameras' works is gone; what is in `resumed` is taken up again. */
  | {
      readonly type: 'ended';
      /** undefined: all cameras. */
      readonly cameras: readonly CameraId[] | undefined;
      readonly resumed: readonly WorkId[];
      readonly code: 'SW_PROCESS_KILLED' | 'SW_CAPTURE_DIED' | 'SW_CAMERA_UNWATCHED';
    }
  | { readonly type: 'tick'; readonly at: EpochMs };

/** Triggers that wait for, or got, the same photo; the first is the one that asked for it. */
interface Work {
  readonly rows: readonly LedgerRow[];
}

export interface LedgerState {
  readonly open: ReadonlyMap<WorkId, Work>;
  /** Lately decided, oldest first: a trigger or a photo that comes late still finds its work. */
  readonly decided: ReadonlyMap<WorkId, Work>;
  readonly blind: ReadonlyMap<CameraId, StillwatchErrorCode>;
}

export interface LedgerRules {
  readonly zone: TimeZone;
}

export interface LedgerStep {
  readonly next: LedgerState;
  /** Rows that are new or changed, to be stored before anything else is told. */
  readonly rows: readonly LedgerRow[];
}

/** Decided works that are remembered: an episode's late words arrive within seconds, and no site has 256 at once. */
const MOST_DECIDED = 256;
/** A work that is open for so long while its camera is blind ends with the reason for the blindness. */
const BLIND_FOR: Ms = seconds(3600);
/** Longer than any episode: a work open for this long while its camera sees was forgotten by whoever had it. */
const OPEN_FOR: Ms = seconds(24 * 3600);

const NONE: readonly LedgerRow[] = [];

export const newLedger = (): LedgerState => ({ open: new Map(), decided: new Map(), blind: new Map() });

/** The state after a restart, from the stored rows that are still open. */
export const ledgerFrom = (open: readonly LedgerRow[]): LedgerState => {
  const works = new Map<WorkId, Work>();
  for (const row of [...open].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) {
    works.set(row.work, { rows: [...(works.get(row.work)?.rows ?? []), row] });
  }
  return { ...newLedger(), open: works };
};

/** Kinds that complete a work. `before` and `peak` are parts of a set. */
const completes = (kind: StillKind): boolean => kind !== 'before' && kind !== 'peak';

const stillOf = (work: Work): StillId | undefined => {
  for (const { outcome } of work.rows)
    if (outcome.state !== 'missed' && outcome.still !== undefined) return outcome.still;
  return undefined;
};

const decidedRows = (work: Work, still: StillId | undefined, code: StillwatchErrorCode): readonly LedgerRow[] =>
  work.rows.map((row, index): LedgerRow => {
    if (still === undefined) return { ...row, outcome: { state: 'missed', code } };
    return { ...row, outcome: { state: index === 0 ? 'photo' : 'merged', still } };
  });

const isSame = (a: LedgerOutcome, b: LedgerOutcome): boolean =>
  a.state === b.state && (a.state === 'missed' ? a.code : a.still) === (b.state === 'missed' ? b.code : b.still);

/** Moves works to the decided ones, each with its photo or with `code`. */
const decide = (
  state: LedgerState,
  ids: readonly WorkId[],
  outcome: (work: Work) => { readonly still: StillId | undefined; readonly code: StillwatchErrorCode },
): LedgerStep => {
  if (ids.length === 0) return { next: state, rows: NONE };
  const open = new Map(state.open);
  const decided = new Map(state.decided);
  const changed: LedgerRow[] = [];
  for (const id of ids) {
    const work = open.get(id) ?? decided.get(id);
    if (!work) continue;
    const { still, code } = outcome(work);
    const rows = decidedRows(work, still, code);
    rows.forEach((row, index) => {
      const before = work.rows[index];
      if (!before || !isSame(before.outcome, row.outcome)) changed.push(row);
    });
    open.delete(id);
    decided.delete(id);
    decided.set(id, { rows });
  }
  for (const id of decided.keys()) {
    if (decided.size <= MOST_DECIDED) break;
    decided.delete(id);
  }
  return { next: { ...state, open, decided }, rows: changed };
};

const receive = (state: LedgerState, event: LedgerEvent & { type: 'trigger' }, rules: LedgerRules): LedgerStep => {
  const workId: WorkId = event.episode ?? event.id;
  const known = state.open.get(workId) ?? state.decided.get(workId);
  if (known?.rows.some((row) => row.id === event.id)) return { next: state, rows: NONE };
  const row: LedgerRow = {
    id: event.id,
    camera: event.camera,
    origin: event.origin,
    at: event.at,
    day: civilTime(event.at, rules.zone).day,
    work: workId,
    outcome: { state: 'open', still: undefined },
    ...(event.claims === undefined || event.claims.length === 0 ? {} : { claims: event.claims }),
  };
  const work: Work = { rows: [...(known?.rows ?? []), row] };
  const open = new Map(state.open).set(workId, work);
  const first = work.rows[0]?.outcome;
  if (state.decided.has(workId) && first) {
    const late = decide({ ...state, open }, [workId], () => ({
      still: stillOf(work),
      code: first.state === 'missed' ? first.code : 'SW_UNEXPECTED',
    }));
    return late;
  }
  const { refused } = event;
  if (refused === undefined || known) return { next: { ...state, open }, rows: [row] };
  return decide({ ...state, open }, [workId], () => ({ still: undefined, code: refused }));
};

/** A part of a set exists: whatever happens to the rest, the trigger is not without a picture. */
const keepPart = (state: LedgerState, workId: WorkId, still: StillId): LedgerStep => {
  const work = state.open.get(workId);
  if (!work) return { next: state, rows: NONE };
  const rows = work.rows.map((row): LedgerRow => ({ ...row, outcome: { state: 'open', still } }));
  return { next: { ...state, open: new Map(state.open).set(workId, { rows }) }, rows };
};

/** Ends that nobody reported: works left behind by a process, or open for too long. */
const abandon = (
  state: LedgerState,
  isLost: (id: WorkId, work: Work) => boolean,
  code?: StillwatchErrorCode,
): LedgerStep =>
  decide(
    state,
    [...state.open].flatMap(([id, work]) => (isLost(id, work) ? [id] : [])),
    (work) => {
      const camera = work.rows[0]?.camera;
      const blindness = camera === undefined ? undefined : state.blind.get(camera);
      return { still: stillOf(work), code: blindness ?? code ?? 'SW_UNEXPECTED' };
    },
  );

/** Folds one event. Delivering an event again changes nothing. */
export const stepLedger = (state: LedgerState, event: LedgerEvent, rules: LedgerRules): LedgerStep => {
  switch (event.type) {
    case 'trigger':
      return receive(state, event, rules);
    case 'accepted': {
      // A picture from before shows nothing of what happened.
      if (event.kind === 'before') return { next: state, rows: NONE };
      if (!completes(event.kind)) return keepPart(state, event.work, event.still);
      return decide(state, [event.work], () => ({ still: event.still, code: 'SW_UNEXPECTED' }));
    }
    case 'missed':
      // What was decided by a photo stays so; a peak that could not be taken leaves the calm photo to come.
      if (!completes(event.kind) || !state.open.has(event.work)) return { next: state, rows: NONE };
      return decide(state, [event.work], (work) => ({ still: stillOf(work), code: event.code }));
    case 'blind':
      return { next: { ...state, blind: new Map(state.blind).set(event.camera, event.code) }, rows: NONE };
    case 'seeing': {
      if (!state.blind.has(event.camera)) return { next: state, rows: NONE };
      const blind = new Map(state.blind);
      blind.delete(event.camera);
      return { next: { ...state, blind }, rows: NONE };
    }
    case 'ended': {
      const resumed = new Set(event.resumed);
      const { cameras } = event;
      const isTheirs = (work: Work): boolean => !cameras || work.rows.some((row) => cameras.includes(row.camera));
      return abandon(state, (id, work) => !resumed.has(id) && isTheirs(work), event.code);
    }
    case 'tick':
      return abandon(state, (_, work) => {
        const last = work.rows.at(-1);
        if (!last) return true;
        return between(last.at, event.at) >= (state.blind.has(last.camera) ? BLIND_FOR : OPEN_FOR);
      });
    default:
      return assertNever(event);
  }
};

/** One camera's day: `triggers` is the sum of all the others. */
export interface LedgerSum {
  readonly day: string;
  readonly camera: CameraId;
  readonly triggers: number;
  readonly photo: number;
  readonly merged: number;
  readonly missed: number;
  readonly open: number;
  /** How often each reason; their sum is `missed`. */
  readonly reasons: Readonly<Partial<Record<StillwatchErrorCode, number>>>;
}

/** Sums per day and camera, newest day first. */
export const sumLedger = (rows: Iterable<LedgerRow>): readonly LedgerSum[] => {
  const sums = new Map<string, LedgerSum>();
  for (const { day, camera, outcome } of rows) {
    const key = `${day} ${camera}`;
    const none: LedgerSum = { day, camera, triggers: 0, photo: 0, merged: 0, missed: 0, open: 0, reasons: {} };
    const sum = sums.get(key) ?? none;
    const reasons =
      outcome.state === 'missed'
        ? { ...sum.reasons, [outcome.code]: (sum.reasons[outcome.code] ?? 0) + 1 }
        : sum.reasons;
    sums.set(key, { ...sum, triggers: sum.triggers + 1, [outcome.state]: sum[outcome.state] + 1, reasons });
  }
  return [...sums.values()].sort((a, b) => (a.day === b.day ? (a.camera < b.camera ? -1 : 1) : a.day < b.day ? 1 : -1));
};

/** True when every trigger of the sum is accounted for, as it always must be. */
export const addsUp = (sum: LedgerSum): boolean => {
  const reasons = Object.values(sum.reasons).reduce((total, count) => total + count, 0);
  return sum.triggers === sum.photo + sum.merged + sum.missed + sum.open && sum.missed === reasons;
};
