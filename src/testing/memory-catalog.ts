// The catalogue in memory: the port's meaning in its plainest form, which the SQL one is compared with.

import { civilTime } from '../domain/civil-time.ts';
import type { StillId } from '../domain/ids.ts';
import { type FilterConditions, filterConditions, meets } from '../domain/photo-filter.ts';
import { keepClass } from '../domain/retention.ts';
import { type StoredStill, verdictOf } from '../domain/still.ts';
import { type EpochMs, later, ms } from '../domain/units.ts';
import type {
  Catalog,
  CoverCondition,
  CoverCount,
  DayCount,
  HourCount,
  HourSpan,
  RetiredStill,
} from '../ports/catalog.ts';

const dayOf = (still: StoredStill): string =>
  civilTime(later(still.takenAt, ms(still.offsetMinutes * 60_000)), 'UTC').day;

const isCover = ({ kind }: Pick<StoredStill, 'kind'>): boolean => kind !== 'before' && kind !== 'peak';

const hourOf = (still: StoredStill): number =>
  Number(civilTime(later(still.takenAt, ms(still.offsetMinutes * 60_000)), 'UTC').time.slice(0, 2));

const isWithin = ({ from, until }: HourSpan, still: StoredStill): boolean => {
  const hour = hourOf(still);
  return from <= until ? hour >= from && hour < until : hour >= from || hour < until;
};

const isMeant = (only: FilterConditions & Pick<CoverCondition, 'cameras'>, still: StoredStill): boolean =>
  (!only.cameras || only.cameras.includes(still.camera)) &&
  meets(only, {
    kind: still.kind,
    verdict: verdictOf(still),
    claims: still.claims ?? [],
    isFavourite: still.isFavourite ?? false,
  });

const isMeantCover = ({ what, ...only }: CoverCondition, still: StoredStill): boolean =>
  isCover(still) && isMeant({ ...only, ...filterConditions(what) }, still);

const newestFirst = (a: { takenAt: number; id: StillId }, b: { takenAt: number; id: StillId }): number =>
  b.takenAt - a.takenAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);

const byDayThenCamera = (a: CoverCount, b: CoverCount): number =>
  a.day === b.day ? (a.camera < b.camera ? -1 : 1) : a.day < b.day ? 1 : -1;

export const memoryCatalog = (): Catalog => {
  const stills = new Map<StillId, StoredStill>();
  const retired = new Map<string, RetiredStill>();
  const held = new Map<StillId, { readonly still: StoredStill; readonly until: EpochMs }>();
  const at = (path: string): StoredStill | undefined => [...stills.values()].find((still) => still.path === path);
  return {
    async record(added) {
      let fresh = 0;
      for (const still of added) {
        if (stills.has(still.id) || held.has(still.id)) continue;
        const holder = at(still.path);
        if (holder && still.source === 'file') continue;
        if (holder) stills.delete(holder.id);
        stills.set(still.id, still);
        retired.delete(still.path);
        fresh++;
      }
      return fresh;
    },
    find: async (id) => stills.get(id),
    findByPath: async (path) => at(path),
    async unknownPaths(paths) {
      const known = new Set([
        ...[...stills.values(), ...[...held.values()].map(({ still }) => still)].map((still) => still.path),
        ...retired.keys(),
      ]);
      return paths.filter((path) => !known.has(path));
    },
    async list({ day, camera, before, after, coversOnly, episode, verdict, limit, ...query }) {
      const found = [...stills.values()]
        .filter((still) => day === undefined || dayOf(still) === day)
        .filter((still) => camera === undefined || still.camera === camera)
        .filter((still) => isMeant(query, still))
        .filter((still) => !coversOnly || isCover(still))
        .filter((still) => episode === undefined || still.episode === episode)
        .filter((still) => verdict === undefined || verdictOf(still) === verdict)
        .filter((still) => query.from === undefined || still.takenAt >= query.from)
        .filter((still) => query.until === undefined || still.takenAt < query.until)
        .filter((still) => !query.hours || isWithin(query.hours, still))
        .filter((still) => !query.sources || query.sources.includes(still.source))
        .filter((still) => !before || newestFirst(before, still) < 0)
        .filter((still) => !after || newestFirst(still, after) < 0)
        .sort(newestFirst);
      return after ? found.slice(-limit) : found.slice(0, limit);
    },
    async days() {
      const counts = new Map<string, DayCount>();
      for (const still of stills.values()) {
        const key = `${dayOf(still)} ${still.camera}`;
        const count = counts.get(key) ?? { day: dayOf(still), camera: still.camera, stills: 0, covers: 0, bytes: 0 };
        counts.set(key, {
          ...count,
          stills: count.stills + 1,
          covers: count.covers + (isCover(still) ? 1 : 0),
          bytes: count.bytes + still.bytes,
        });
      }
      return [...counts.values()].sort(byDayThenCamera);
    },
    count: async () => [...stills.values()].filter(isCover).length,
    async coverDays(only) {
      const counts = new Map<string, CoverCount>();
      for (const still of [...stills.values()].filter((still) => isMeantCover(only, still))) {
        const [day, { camera }] = [dayOf(still), still];
        const key = `${day} ${camera}`;
        counts.set(key, { day, camera, covers: (counts.get(key)?.covers ?? 0) + 1 });
      }
      return [...counts.values()].sort(byDayThenCamera);
    },
    async dayHours(day, only) {
      const counts = new Map<string, HourCount>();
      for (const still of [...stills.values()].filter((one) => dayOf(one) === day && isMeantCover(only, one))) {
        const [hour, { camera }] = [hourOf(still), still];
        const key = `${hour} ${camera}`;
        counts.set(key, { hour, camera, covers: (counts.get(key)?.covers ?? 0) + 1 });
      }
      return [...counts.values()].sort((a, b) => b.hour - a.hour || (a.camera < b.camera ? -1 : 1));
    },
    async sheet(day, { hour, ...only } = {}) {
      const covers = [...stills.values()]
        .filter((still) => dayOf(still) === day && isMeantCover(only, still))
        .filter((still) => hour === undefined || hourOf(still) === hour)
        .sort(newestFirst);
      return covers.map((still) => ({
        path: still.path,
        camera: still.camera,
        kind: still.kind,
        verdict: verdictOf(still),
        width: still.width,
        height: still.height,
        isFavourite: still.isFavourite ?? false,
      }));
    },
    async note(id, { isFavourite, verdict }) {
      const known = stills.get(id);
      if (!known) return undefined;
      const { isFavourite: was, ownerVerdict: said, ...still } = known;
      const word = verdict === undefined ? said : verdict;
      const next: StoredStill = {
        ...still,
        ...((isFavourite ?? was) ? { isFavourite: true } : {}),
        ...(word ? { ownerVerdict: word } : {}),
      };
      stills.set(id, next);
      return next;
    },
    async hold(ids, until) {
      const gone = ids.flatMap((id) => stills.get(id) ?? []);
      for (const still of gone) {
        stills.delete(still.id);
        held.set(still.id, { still, until });
      }
      return gone.map(({ id }) => id);
    },
    async restore(id) {
      const { still } = held.get(id) ?? {};
      held.delete(id);
      if (still) stills.set(id, still);
      return still;
    },
    held: async () => [...held.values()].sort((a, b) => a.until - b.until || (a.still.id < b.still.id ? -1 : 1)),
    async retireHeld(now) {
      const due = [...held.values()].filter(({ until }) => until < now);
      for (const { still } of due) {
        held.delete(still.id);
        if (!at(still.path)) retired.set(still.path, { path: still.path, sha256: still.sha256 });
      }
      return due.length;
    },
    async oldest({ class: wanted, before, after, limit }) {
      return [...stills.values()]
        .filter((still) => keepClass(still) === wanted && still.takenAt < before)
        .filter((still) => !after || newestFirst(after, still) > 0)
        .sort((a, b) => newestFirst(b, a))
        .slice(0, limit);
    },
    async byPath(after, limit) {
      const all = [...stills.values()].filter((still) => still.path > after);
      return all.sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, limit);
    },
    async retire(ids) {
      const gone = ids.flatMap((id) => stills.get(id) ?? []).map(({ path, sha256 }) => ({ path, sha256 }));
      for (const id of ids) stills.delete(id);
      for (const one of gone) retired.set(one.path, one);
      return gone;
    },
    retired: async (limit) => [...retired.values()].sort((a, b) => (a.path < b.path ? -1 : 1)).slice(0, limit),
    async forget(paths) {
      for (const path of paths) retired.delete(path);
    },
    close: async () => undefined,
  };
};
