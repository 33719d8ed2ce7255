// A camera's settings while they are tried: the draft, its history, what the past says to it, and putting it in force.

import type { DrawnMask, DrawnZone, WholeSensitivity } from '../src/domain/drawn-areas.ts';
import type { AreaDraft, TuneHours } from '../src/web/wire-cameras.ts';
import type { CameraPatch, CameraSettingsView, CameraWords } from '../src/web/wire-settings.ts';
import type { ReplayView } from '../src/web/wire-tune.ts';
import { ask } from './api.ts';
import { secondsOf } from './duration.ts';

export interface Draft {
  readonly sensitivity: WholeSensitivity;
  readonly threshold: number;
  readonly calmPeriodSeconds: number;
  readonly areas: readonly AreaDraft[];
}

/** Milliseconds. A finger moves on; every step of it need not be tried. */
const GATHER = 120;
/** Columns of the graph: about two pixels each on a desktop. */
const COLUMNS = 480;
const MOST_UNDO = 100;

const draftOf = ({ sensitivity, threshold, calmPeriod, masks, zones }: CameraWords): Draft => ({
  sensitivity: sensitivity ?? 'normal',
  threshold: threshold ?? 1,
  calmPeriodSeconds: secondsOf(calmPeriod ?? '') ?? 10,
  areas: [
    ...Object.entries(zones ?? {}).map(
      ([name, zone]): AreaDraft => ({
        kind: 'zone',
        name,
        isOn: zone.enabled ?? true,
        sensitivity: zone.sensitivity ?? 'normal',
        polygon: zone.polygon,
      }),
    ),
    ...Object.entries(masks ?? {}).map(
      ([name, mask]): AreaDraft => ({
        kind: 'mask',
        name,
        isOn: mask.enabled ?? true,
        sensitivity: 'normal',
        polygon: mask.polygon,
      }),
    ),
  ],
});

const masksOf = ({ areas }: Draft): Record<string, DrawnMask> =>
  Object.fromEntries(
    areas
      .filter(({ kind }) => kind === 'mask')
      .map(({ name, isOn, polygon }) => [name, isOn ? { polygon } : { polygon, enabled: false }]),
  );
const zonesOf = ({ areas }: Draft): Record<string, DrawnZone> =>
  Object.fromEntries(
    areas
      .filter(({ kind }) => kind === 'zone')
      .map(({ name, isOn, polygon, sensitivity }) => [
        name,
        { polygon, sensitivity, ...(isOn ? {} : { enabled: false }) },
      ]),
  );

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What leads from one map of areas to another, as a merge patch; undefined: nothing. */
const areaPatch = <T>(
  from: Readonly<Record<string, T>>,
  to: Readonly<Record<string, T>>,
): Readonly<Record<string, T | null>> | undefined => {
  const gone = Object.keys(from).filter((name) => !(name in to));
  const changed = Object.entries(to).filter(([name, area]) => !same(area, from[name]));
  if (gone.length + changed.length === 0) return undefined;
  return Object.fromEntries([...gone.map((name) => [name, null] as const), ...changed]);
};

/** Only what differs, so that what others changed meanwhile stays. */
const patchOf = (from: Draft, to: Draft): CameraPatch => {
  const [masks, zones] = [areaPatch(masksOf(from), masksOf(to)), areaPatch(zonesOf(from), zonesOf(to))];
  return {
    ...(from.sensitivity === to.sensitivity ? {} : { sensitivity: to.sensitivity }),
    ...(from.threshold === to.threshold ? {} : { threshold: to.threshold === 1 ? null : to.threshold }),
    ...(from.calmPeriodSeconds === to.calmPeriodSeconds ? {} : { calmPeriod: `${to.calmPeriodSeconds}s` }),
    ...(masks ? { masks } : {}),
    ...(zones ? { zones } : {}),
  } as CameraPatch;
};

export const tuning = (camera: string) => {
  let hours = $state<TuneHours>(24);
  let draft = $state.raw<Draft | undefined>();
  let inForce = $state.raw<Draft | undefined>();
  let fixed = $state.raw<readonly string[]>([]);
  let result = $state.raw<ReplayView | undefined>();
  let isTrying = $state(false);
  let trouble = $state<string | undefined>();
  let history = $state.raw<readonly Draft[]>([]);
  /** What was in force before the last change that was applied here. */
  let before = $state.raw<Draft | undefined>();
  let said = $state<'applied' | 'takenBack' | undefined>();
  /** What somebody else made of it while it was changed here. */
  let theirs = $state.raw<Draft | undefined>();
  let etag: string | undefined;
  let asked: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const tryNow = async (): Promise<void> => {
    if (!draft) return;
    asked?.abort();
    const own = new AbortController();
    asked = own;
    isTrying = true;
    const { sensitivity, threshold, calmPeriodSeconds } = draft;
    const setting = { sensitivity, threshold, calmPeriodSeconds, masks: masksOf(draft), zones: zonesOf(draft) };
    const answer = await ask('POST', `/cameras/${camera}/replay`, {
      body: { hours, columns: COLUMNS, setting },
      signal: own.signal,
    });
    if (own.signal.aborted) return;
    isTrying = false;
    if (answer.value) result = answer.value;
    trouble = answer.trouble;
  };
  const trySoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void tryNow(), GATHER);
  };

  const take = (view: CameraSettingsView, tag: string | undefined): void => {
    etag = tag;
    fixed = view.fixed;
    inForce = draftOf(view.effective);
  };
  const save = async (from: Draft, to: Draft): Promise<boolean> => {
    const answer = await ask('PATCH', `/cameras/${camera}/settings`, {
      body: patchOf(from, to),
      ifMatch: etag,
    });
    if (answer.value) {
      take(answer.value, answer.etag);
      trouble = undefined;
      return true;
    }
    if (answer.problem?.status === 412) {
      const now = await ask('GET', `/cameras/${camera}/settings`);
      if (now.value) {
        take(now.value, now.etag);
        theirs = inForce;
        return false;
      }
    }
    const places = answer.problem?.errors?.map(({ at, detail }) => `${at}: ${detail}`) ?? [];
    trouble = [answer.trouble, ...places].join(' ');
    return false;
  };

  return {
    get hours() {
      return hours;
    },
    set hours(next) {
      hours = next;
      result = undefined;
      void tryNow();
    },
    get draft() {
      return draft;
    },
    get inForce() {
      return inForce;
    },
    get fixed() {
      return fixed;
    },
    get result() {
      return result;
    },
    get isTrying() {
      return isTrying;
    },
    get trouble() {
      return trouble;
    },
    get said() {
      return said;
    },
    get theirs() {
      return theirs;
    },
    get isChanged() {
      return draft !== undefined && !same(draft, inForce);
    },
    get canUndo() {
      return history.length > 0;
    },
    async load() {
      const answer = await ask('GET', `/cameras/${camera}/settings`);
      trouble = answer.trouble;
      if (!answer.value) return;
      take(answer.value, answer.etag);
      draft = inForce;
      await tryNow();
    },
    /** @param isStep false: a drag that goes on is one step to undo, not a hundred */
    change(part: Partial<Draft>, isStep = true) {
      if (!draft) return;
      if (isStep) history = [...history, draft].slice(-MOST_UNDO);
      draft = { ...draft, ...part };
      said = undefined;
      trySoon();
    },
    undo() {
      const last = history.at(-1);
      if (!last) return;
      history = history.slice(0, -1);
      draft = last;
      trySoon();
    },
    reset() {
      if (draft && inForce) this.change(inForce);
    },
    async apply() {
      if (!draft || !inForce) return;
      const from = inForce;
      if (!(await save(from, draft))) return;
      before = from;
      draft = inForce;
      said = 'applied';
      await tryNow();
    },
    async takeBack() {
      if (!before || !inForce) return;
      if (!(await save(inForce, before))) return;
      draft = inForce;
      said = 'takenBack';
      before = undefined;
      await tryNow();
    },
    takeTheirs() {
      if (theirs) draft = theirs;
      theirs = undefined;
      void tryNow();
    },
    async keepMine() {
      theirs = undefined;
      await this.apply();
    },
  };
};

export type TuningState = ReturnType<typeof tuning>;
