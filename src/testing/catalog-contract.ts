// What every catalogue does.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraId } from '../domain/ids.ts';
import { PHOTO_FILTERS } from '../domain/photo-filter.ts';
import type { KeepClass } from '../domain/retention.ts';
import { STILL_KINDS, type StoredStill } from '../domain/still.ts';
import { epochMs, ms } from '../domain/units.ts';
import type { Catalog, SheetCondition, StillCursor, StillQuery } from '../ports/catalog.ts';
import { memoryCatalog } from './memory-catalog.ts';
import { SOME_TIME, someId, storedStill } from './stills.ts';

const HOUR = 3_600_000;
const at = (by: number): ReturnType<typeof epochMs> => epochMs(SOME_TIME + by);

/** Every page of a query, by cursor. */
const allPages = async (catalog: Catalog, limit: number): Promise<readonly StoredStill[]> => {
  const all: StoredStill[] = [];
  let before: StillCursor | undefined;
  for (;;) {
    const page = await catalog.list({ limit, ...(before ? { before } : {}) });
    all.push(...page);
    const last = page.at(-1);
    if (!last || page.length < limit) return all;
    before = { takenAt: last.takenAt, id: last.id };
  }
};

export const catalogContract = (name: string, open: () => Promise<Catalog>): void => {
  const using = async (work: (catalog: Catalog) => Promise<void>): Promise<void> => {
    const catalog = await open();
    try {
      await work(catalog);
    } finally {
      await catalog.close();
    }
  };

  describe(`catalogue: ${name}`, () => {
    it('finds what was recorded, as it was', () =>
      using(async (catalog) => {
        const full = storedStill('a/1.jpg', {
          cause: 'owner',
          episode: 'abc' as NonNullable<StoredStill['episode']>,
          delay: ms(12),
          isDemo: true,
          offsetMinutes: -210,
          choice: { way: 'sub-frame', reason: 'last-resort', failed: [{ way: 'main-stream', code: 'SW_CAM_LOST' }] },
          change: { verdict: 'arrived', perMille: 31, mask: 'f'.repeat(144) },
          set: '2026-11-23/14-32-07',
        });
        const bare = storedStill('a/2.jpg', { cause: undefined, source: 'file' });
        expect(await catalog.record([full, bare])).toBe(2);
        expect(await catalog.find(full.id)).toEqual(full);
        expect(await catalog.findByPath('a/2.jpg')).toEqual(bare);
        expect(await catalog.find(someId('other'))).toBeUndefined();
        expect(await catalog.findByPath('A/1.jpg')).toBeUndefined();
      }));

    it('records nothing, and one still once', () =>
      using(async (catalog) => {
        const still = storedStill('a/1.jpg');
        expect(await catalog.record([])).toBe(0);
        expect(await catalog.record([still, still])).toBe(1);
        expect(await catalog.record([{ ...still, path: 'b/1.jpg', bytes: 7 }])).toBe(0);
        expect(await catalog.find(still.id)).toEqual(still);
        expect(await catalog.count()).toBe(1);
      }));

    it('has one still at a path: a found photo stands back, any other takes the place', () =>
      using(async (catalog) => {
        const found = storedStill('a/1.jpg', { id: someId('found'), source: 'file' });
        const taken = storedStill('a/1.jpg', { id: someId('taken'), takenAt: at(48 * HOUR) });
        expect(await catalog.record([found])).toBe(1);
        expect(await catalog.record([taken])).toBe(1);
        expect(await catalog.record([found])).toBe(0);
        expect(await catalog.findByPath('a/1.jpg')).toEqual(taken);
        expect(await catalog.find(found.id)).toBeUndefined();
        expect(await catalog.days()).toEqual([
          { day: '2026-11-25', camera: 'garden', stills: 1, covers: 1, bytes: 1000 },
        ]);
      }));

    it('a still that is known elsewhere displaces nobody', () =>
      using(async (catalog) => {
        const here = storedStill('a/1.jpg', { source: 'file' });
        const there = storedStill('b/1.jpg');
        await catalog.record([here, there]);
        expect(await catalog.record([{ ...there, path: 'a/1.jpg' }])).toBe(0);
        expect(await catalog.findByPath('a/1.jpg')).toEqual(here);
        expect(await catalog.count()).toBe(2);
      }));

    it('names the unknown paths, in the order asked, however many', () =>
      using(async (catalog) => {
        const paths = Array.from({ length: 1200 }, (_, index) => `a/${index}.jpg`);
        await catalog.record(paths.filter((_, index) => index % 3 === 0).map((path) => storedStill(path)));
        expect(await catalog.unknownPaths(paths)).toEqual(paths.filter((_, index) => index % 3 !== 0));
        expect(await catalog.unknownPaths([])).toEqual([]);
      }));

    it('counts days by the clock at the site, newest first', () =>
      using(async (catalog) => {
        const evening = Date.UTC(2026, 11, 31, 23, 30);
        const take = (path: string, offsetMinutes: number, camera: string): StoredStill =>
          storedStill(path, { takenAt: epochMs(evening), offsetMinutes, camera: cameraId(camera) });
        await catalog.record([
          take('1', 60, 'garden'),
          take('2', 0, 'garden'),
          take('3', 60, 'barn'),
          take('4', 60, 'barn'),
        ]);
        expect(await catalog.days()).toEqual([
          { day: '2027-01-01', camera: 'barn', stills: 2, covers: 2, bytes: 2000 },
          { day: '2027-01-01', camera: 'garden', stills: 1, covers: 1, bytes: 1000 },
          { day: '2026-12-31', camera: 'garden', stills: 1, covers: 1, bytes: 1000 },
        ]);
        const day = { day: '2027-01-01', limit: 10 };
        expect((await catalog.list(day)).map((still) => still.path).toSorted()).toEqual(['1', '3', '4']);
        expect((await catalog.list({ ...day, camera: cameraId('garden') })).map((still) => still.path)).toEqual(['1']);
        const of = async (...names: string[]): Promise<readonly string[]> =>
          (await catalog.list({ ...day, cameras: names.map(cameraId) })).map(({ path }) => path).toSorted();
        expect(await of()).toEqual([]);
        expect(await of('barn')).toEqual(['3', '4']);
        expect(await of('barn', 'garden', 'shed')).toEqual(['1', '3', '4']);
        expect(await catalog.list({ day: 'no day', camera: cameraId('garden'), limit: 10 })).toEqual([]);
      }));

    it('finds a camera’s day in every zone of the world', () =>
      using(async (catalog) => {
        const camera = cameraId('garden');
        for (const hours of [-12, -11, 0, 13, 14]) {
          for (const minute of [0, 24 * 60 - 1]) {
            const takenAt = epochMs(Date.UTC(2026, 5, 15) + minute * 60_000 - hours * HOUR);
            await catalog.record([storedStill(`${hours}/${minute}`, { takenAt, offsetMinutes: hours * 60, camera })]);
          }
        }
        expect(await catalog.list({ day: '2026-06-15', camera, limit: 100 })).toHaveLength(10);
        expect(await catalog.days()).toEqual([{ day: '2026-06-15', camera, stills: 10, covers: 10, bytes: 10_000 }]);
      }));

    it('leaves siblings out when only covers are wanted', () =>
      using(async (catalog) => {
        await catalog.record(STILL_KINDS.map((kind, index) => storedStill(kind, { kind, takenAt: at(index) })));
        const covers = await catalog.list({ coversOnly: true, limit: 100 });
        expect(covers.map((still) => still.kind)).toEqual(
          STILL_KINDS.filter((kind) => kind !== 'before' && kind !== 'peak').toReversed(),
        );
      }));

    it('gives one happening’s stills, and those that show one change', () =>
      using(async (catalog) => {
        const episode = 'abc' as NonNullable<StoredStill['episode']>;
        const mask = '0'.repeat(144);
        await catalog.record([
          storedStill('1', { episode, kind: 'peak', takenAt: at(1) }),
          storedStill('2', { episode, takenAt: at(2), change: { verdict: 'gone', perMille: 12, mask } }),
          storedStill('3', { takenAt: at(3), change: { verdict: 'passing', perMille: 0, mask } }),
        ]);
        const paths = (stills: readonly StoredStill[]): readonly string[] => stills.map((still) => still.path);
        expect(paths(await catalog.list({ episode, limit: 9 }))).toEqual(['2', '1']);
        expect(paths(await catalog.list({ episode, coversOnly: true, limit: 9 }))).toEqual(['2']);
        expect(paths(await catalog.list({ verdict: 'passing', limit: 9 }))).toEqual(['3']);
        expect(await catalog.list({ verdict: 'light-only', limit: 9 })).toEqual([]);
      }));

    it('gives every still once over all pages, newest first, also within one millisecond', () =>
      using(async (catalog) => {
        const stills = Array.from({ length: 25 }, (_, index) =>
          storedStill(`${index}`, { takenAt: at(Math.floor(index / 10)) }),
        );
        await catalog.record(stills);
        for (const limit of [1, 7, 25, 26]) {
          const all = await allPages(catalog, limit);
          expect(all.map((still) => still.id).toSorted()).toEqual(stills.map((still) => still.id).toSorted());
          for (const [index, still] of all.entries()) {
            const next = all[index + 1];
            if (next)
              expect(still.takenAt > next.takenAt || (still.takenAt === next.takenAt && still.id > next.id)).toBe(true);
          }
        }
      }));

    it('goes back to newer pages by cursor, nearest first cut, newest first told', () =>
      using(async (catalog) => {
        const stills = Array.from({ length: 10 }, (_, index) =>
          storedStill(`${index}`, { takenAt: at(Math.floor(index / 3)) }),
        );
        await catalog.record(stills);
        const all = await catalog.list({ limit: 100 });
        for (const [index, still] of all.entries()) {
          const after = { takenAt: still.takenAt, id: still.id };
          for (const limit of [1, 4, 100]) {
            expect(await catalog.list({ after, limit })).toEqual(all.slice(Math.max(0, index - limit), index));
          }
        }
      }));

    it('gives the oldest of a class, page after page', () =>
      using(async (catalog) => {
        const stills = [
          storedStill('calm-2', { takenAt: at(2) }),
          storedStill('calm-1', { takenAt: at(1) }),
          storedStill('calm-1b', { takenAt: at(1) }),
          storedStill('peak-0', { kind: 'peak', takenAt: at(0) }),
          storedStill('found-0', { kind: 'adopted', source: 'file', takenAt: at(0) }),
          storedStill('found-peak', { kind: 'peak', source: 'file', takenAt: at(3) }),
        ];
        await catalog.record(stills);
        const pathsOf = async (wanted: KeepClass, before: number): Promise<readonly string[]> => {
          const paths: string[] = [];
          let after: StillCursor | undefined;
          for (;;) {
            const query = { class: wanted, before: at(before), limit: 1, ...(after ? { after } : {}) };
            const [still] = await catalog.oldest(query);
            if (!still) return paths;
            paths.push(still.path);
            after = still;
          }
        };
        expect((await pathsOf('cover', 9)).toSorted()).toEqual(['calm-1', 'calm-1b', 'calm-2']);
        expect((await pathsOf('cover', 9)).at(-1)).toBe('calm-2');
        expect(await pathsOf('cover', 2)).toHaveLength(2);
        expect(await pathsOf('sibling', 9)).toEqual(['peak-0']);
        expect(await pathsOf('found', 9)).toEqual(['found-0', 'found-peak']);
      }));

    it('gives all in order of path', () =>
      using(async (catalog) => {
        const paths = ['b/1.jpg', 'a/2.jpg', 'a/10.jpg', 'a/2.peak.jpg', 'a/2-2.jpg'];
        await catalog.record(paths.map((path) => storedStill(path)));
        expect((await catalog.byPath('', 3)).map((still) => still.path)).toEqual(paths.toSorted().slice(0, 3));
        expect((await catalog.byPath('a/2-2.jpg', 9)).map((still) => still.path)).toEqual(paths.toSorted().slice(2));
      }));

    it('retires a still: gone from every answer, its path remembered until forgotten', () =>
      using(async (catalog) => {
        const [stays, goes] = [storedStill('a/1.jpg'), storedStill('a/2.jpg', { bytes: 7 })];
        await catalog.record([stays, goes]);
        const retired = { path: goes.path, sha256: goes.sha256 };
        expect(await catalog.retire([goes.id, someId('never there')])).toEqual([retired]);
        expect(await catalog.retire([])).toEqual([]);
        expect(await catalog.find(goes.id)).toBeUndefined();
        expect(await catalog.findByPath(goes.path)).toBeUndefined();
        expect(await catalog.list({ limit: 9 })).toEqual([stays]);
        expect(await catalog.days()).toEqual([
          { day: '2026-11-23', camera: 'garden', stills: 1, covers: 1, bytes: 1000 },
        ]);
        expect(await catalog.count()).toBe(1);
        expect(await catalog.unknownPaths(['a/1.jpg', 'a/2.jpg', 'a/3.jpg'])).toEqual(['a/3.jpg']);
        expect(await catalog.retired(9)).toEqual([retired]);
        await catalog.forget([goes.path]);
        await catalog.forget([goes.path]);
        expect(await catalog.retired(9)).toEqual([]);
        expect(await catalog.unknownPaths(['a/2.jpg'])).toEqual(['a/2.jpg']);
      }));

    it('takes a retired path back when a still is recorded there', () =>
      using(async (catalog) => {
        const [before, after] = [storedStill('a/1.jpg'), storedStill('a/1.jpg', { id: someId('other') })];
        await catalog.record([before]);
        await catalog.retire([before.id]);
        await catalog.record([after]);
        expect(await catalog.retired(9)).toEqual([]);
        expect(await catalog.findByPath('a/1.jpg')).toEqual(after);
      }));

    it('forgets a day whose last still is retired', () =>
      using(async (catalog) => {
        const stills = Array.from({ length: 1200 }, (_, index) => storedStill(`a/${index}.jpg`));
        await catalog.record(stills);
        expect(await catalog.retire(stills.map((still) => still.id))).toHaveLength(1200);
        expect(await catalog.days()).toEqual([]);
        expect(await catalog.retired(5000)).toHaveLength(1200);
        await catalog.forget(stills.map((still) => still.path));
        expect(await catalog.retired(1)).toEqual([]);
      }));

    it('counts covers apart from the pictures beside them', () =>
      using(async (catalog) => {
        const [calm, before, peak] = (['calm', 'before', 'peak'] as const).map((kind) =>
          storedStill(`a/${kind}.jpg`, { kind }),
        );
        if (!calm || !before || !peak) throw new TypeError('three stills');
        await catalog.record([calm, before, peak]);
        expect(await catalog.days()).toEqual([
          { day: '2026-11-23', camera: 'garden', stills: 3, covers: 1, bytes: 3000 },
        ]);
        expect(await catalog.count()).toBe(1);
        await catalog.retire([peak.id]);
        expect(await catalog.days()).toMatchObject([{ stills: 2, covers: 1, bytes: 2000 }]);
        await catalog.hold([calm.id], at(HOUR));
        expect(await catalog.days()).toMatchObject([{ stills: 1, covers: 0, bytes: 1000 }]);
        expect(await catalog.count()).toBe(0);
        expect(await catalog.sheet('2026-11-23')).toEqual([]);
      }));

    it('counts and lists the covers of a condition, day by day', () =>
      using(async (catalog) => {
        const shed = cameraId('shed');
        await catalog.record([
          storedStill('2026-11-23/14-32-07.jpg', { takenAt: at(0), claims: ['person'] }),
          storedStill('2026-11-23/14-33-07.jpg', { takenAt: at(60_000), isFavourite: true }),
          storedStill('2026-11-23/14-33-07.peak.jpg', { takenAt: at(60_000), kind: 'peak', claims: ['person'] }),
          storedStill('shed/2026-11-24/14-32-07.jpg', { camera: shed, takenAt: at(24 * HOUR), kind: 'manual' }),
        ]);
        const garden = { day: '2026-11-23', camera: cameraId('garden') };
        expect(await catalog.coverDays({})).toEqual([
          { day: '2026-11-24', camera: shed, covers: 1 },
          { ...garden, covers: 2 },
        ]);
        expect(await catalog.coverDays({ what: 'person' })).toEqual([{ ...garden, covers: 1 }]);
        expect(await catalog.coverDays({ what: 'favourite', cameras: [garden.camera] })).toHaveLength(1);
        expect(await catalog.coverDays({ what: 'manual', cameras: [garden.camera] })).toEqual([]);
        expect(await catalog.coverDays({ cameras: [] })).toEqual([]);
        const found = await catalog.sheet('2026-11-23', { what: 'person' });
        expect(found.map(({ path }) => path)).toEqual(['2026-11-23/14-32-07.jpg']);
      }));

    it('counts what passes a filter anew when a photo goes, comes back or is said to be something else', () =>
      using(async (catalog) => {
        const change = { verdict: 'passing' as const, perMille: 31, mask: 'f'.repeat(144) };
        const still = storedStill('a/1.jpg', { change, kind: 'manual', claims: ['person', 'vehicle'] });
        await catalog.record([still, storedStill('a/2.jpg', { change, claims: ['vehicle'] })]);
        const counts = async (): Promise<Record<string, number>> => {
          const counted: Record<string, number> = {};
          for (const what of PHOTO_FILTERS) {
            const days = await catalog.coverDays({ what });
            if (days.length > 0) counted[what] = days.reduce((sum, { covers }) => sum + covers, 0);
          }
          return counted;
        };
        const all = { passing: 2, person: 1, vehicle: 2, manual: 1 };
        expect(await counts()).toEqual(all);
        await catalog.note(still.id, { isFavourite: true, verdict: 'gone' });
        const noted = { ...all, passing: 1, lasting: 1, favourite: 1 };
        expect(await counts()).toEqual(noted);
        await catalog.hold([still.id], at(HOUR));
        expect(await counts()).toEqual({ passing: 1, vehicle: 1 });
        await catalog.restore(still.id);
        expect(await counts()).toEqual(noted);
        await catalog.note(still.id, { isFavourite: false, verdict: null });
        expect(await counts()).toEqual(all);
        await catalog.retire([still.id]);
        expect(await counts()).toEqual({ passing: 1, vehicle: 1 });
        await catalog.record([{ ...still, path: 'a/2.jpg' }]);
        expect(await counts()).toEqual({ passing: 1, person: 1, vehicle: 1, manual: 1 });
      }));

    it('counts and gives the hours of a day', () =>
      using(async (catalog) => {
        const shed = cameraId('shed');
        // 14:32 by the clock at the site.
        await catalog.record([
          storedStill('a', { takenAt: at(0) }),
          storedStill('b', { takenAt: at(60_000), claims: ['person'] }),
          storedStill('b.peak', { takenAt: at(60_000), kind: 'peak' }),
          storedStill('c', { takenAt: at(60_000), camera: shed }),
          storedStill('d', { takenAt: at(2 * HOUR), camera: shed }),
          storedStill('e', { takenAt: at(24 * HOUR) }),
        ]);
        const [day, garden] = ['2026-11-23', cameraId('garden')];
        expect(await catalog.dayHours(day, {})).toEqual([
          { hour: 16, camera: shed, covers: 1 },
          { hour: 14, camera: garden, covers: 2 },
          { hour: 14, camera: shed, covers: 1 },
        ]);
        expect(await catalog.dayHours(day, { cameras: [shed] })).toHaveLength(2);
        expect(await catalog.dayHours(day, { what: 'person' })).toEqual([{ hour: 14, camera: garden, covers: 1 }]);
        const paths = async (only: SheetCondition): Promise<readonly string[]> =>
          (await catalog.sheet(day, only)).map(({ path }) => path);
        expect(await paths({ hour: 16 })).toEqual(['d']);
        expect(await paths({ hour: 14, cameras: [garden] })).toEqual(['b', 'a']);
        expect(await paths({ hour: 14, cameras: [shed] })).toEqual(['c']);
        expect((await paths({ hour: 14 })).toSorted()).toEqual(['a', 'b', 'c']);
        expect(await paths({ hour: 14, what: 'person' })).toEqual(['b']);
        expect(await paths({ hour: 3 })).toEqual([]);
      }));

    it('finds the few among the many, whichever way it is asked', () =>
      using(async (catalog) => {
        const cameras = [cameraId('drive'), cameraId('garden'), cameraId('shed')];
        const stills = Array.from({ length: 4500 }, (_, index) =>
          storedStill(`a/${String(index).padStart(5, '0')}.jpg`, {
            takenAt: at(index * 1000),
            camera: cameras[index % 7 === 0 ? 0 : index % 2000 === 1 ? 1 : 2] ?? cameraId('shed'),
            source: index % 2000 === 3 ? 'upload' : 'main-stream',
            claims: index % 1500 === 9 ? ['person'] : [],
          }),
        );
        await catalog.record(stills);
        const numbers = async (query: Omit<StillQuery, 'limit'>): Promise<readonly number[]> =>
          (await catalog.list({ ...query, limit: 3 })).map(({ path }) => Number(path.slice(2, 7)));
        expect(await numbers({ sources: ['upload'] })).toEqual([4003, 2003, 3]);
        expect(await numbers({ claims: ['person'], coversOnly: true })).toEqual([3009, 1509, 9]);
        expect(await numbers({ claims: ['person', 'animal'] })).toEqual([3009, 1509, 9]);
        const middle = stills[1509];
        if (!middle) throw new TypeError('so many stills');
        expect(await numbers({ claims: ['person'], coversOnly: true, before: middle })).toEqual([9]);
        expect(await numbers({ claims: ['person'], coversOnly: true, after: middle })).toEqual([3009]);
        expect(await numbers({ sources: ['upload'], after: stills[2] as StoredStill })).toEqual([4003, 2003, 3]);
        expect(await numbers({ cameras: [cameraId('garden')] })).toEqual([4001, 2001, 1]);
        expect(await numbers({ cameras: cameras.slice(0, 2) })).toEqual([4494, 4487, 4480]);
        expect(await numbers({ cameras: cameras.slice(0, 2), before: stills[7] as StoredStill })).toEqual([1, 0]);
        expect(await numbers({ cameras: cameras.slice(0, 2), after: stills[1] as StoredStill })).toEqual([21, 14, 7]);
        expect(await numbers({ cameras, camera: cameraId('garden'), claims: ['person'], coversOnly: true })).toEqual(
          [],
        );
      }));

    it('gives the sheet of a day, newest first', () =>
      using(async (catalog) => {
        const take = (path: string, by: number, chosen: Partial<StoredStill> = {}): StoredStill =>
          storedStill(path, { takenAt: at(by), ...chosen });
        const change = { verdict: 'arrived' as const, perMille: 31, mask: 'f'.repeat(144) };
        const stills = [
          take('a', 0),
          take('b', 5, { change, camera: cameraId('barn') }),
          take('c', 9, { kind: 'peak' }),
        ];
        await catalog.record([...stills, take('d', 30 * HOUR)]);
        await catalog.note(stills[0]?.id ?? someId(''), { isFavourite: true });
        const row = { kind: 'calm', width: 64, height: 48 };
        expect(await catalog.sheet('2026-11-23')).toEqual([
          { ...row, path: 'b', camera: 'barn', verdict: 'arrived', isFavourite: false },
          { ...row, path: 'a', camera: 'garden', verdict: undefined, isFavourite: true },
        ]);
      }));

    it('notes what the owner said, and takes it back', () =>
      using(async (catalog) => {
        const change = { verdict: 'arrived' as const, perMille: 31, mask: 'f'.repeat(144) };
        const still = storedStill('a/1.jpg', { change });
        await catalog.record([still]);
        expect(await catalog.note(someId('nobody'), { isFavourite: true })).toBeUndefined();
        const noted = { ...still, isFavourite: true, ownerVerdict: 'light-only' };
        expect(await catalog.note(still.id, { isFavourite: true, verdict: 'light-only' })).toEqual(noted);
        expect(await catalog.find(still.id)).toEqual(noted);
        expect(await catalog.list({ verdict: 'light-only', limit: 9 })).toEqual([noted]);
        expect(await catalog.list({ verdict: 'arrived', limit: 9 })).toEqual([]);
        expect(await catalog.list({ isFavourite: true, limit: 9 })).toEqual([noted]);
        expect(await catalog.note(still.id, { isFavourite: false })).toEqual({ ...still, ownerVerdict: 'light-only' });
        expect(await catalog.note(still.id, { verdict: null })).toEqual(still);
        expect(await catalog.list({ verdict: 'arrived', isFavourite: false, limit: 9 })).toEqual([still]);
      }));

    it('holds what a person deleted, brings it back, and retires it when it is too late', () =>
      using(async (catalog) => {
        const [first, second, stays] = ['a', 'b', 'c'].map((path) => storedStill(`${path}.jpg`));
        if (!first || !second || !stays) throw new TypeError('three stills');
        await catalog.record([first, second, stays]);
        await catalog.note(first.id, { isFavourite: true });
        expect(await catalog.hold([first.id, someId('nobody')], at(HOUR))).toEqual([first.id]);
        expect(await catalog.hold([second.id], at(2 * HOUR))).toEqual([second.id]);
        expect(await catalog.list({ limit: 9 })).toEqual([stays]);
        expect(await catalog.unknownPaths(['a.jpg', 'b.jpg', 'x.jpg'])).toEqual(['x.jpg']);
        expect(await catalog.held()).toEqual([
          { still: { ...first, isFavourite: true }, until: at(HOUR) },
          { still: second, until: at(2 * HOUR) },
        ]);
        expect(await catalog.retired(9)).toEqual([]);
        expect(await catalog.restore(first.id)).toEqual({ ...first, isFavourite: true });
        expect(await catalog.restore(first.id)).toBeUndefined();
        expect(await catalog.count()).toBe(2);
        expect(await catalog.retireHeld(at(2 * HOUR))).toBe(0);
        expect(await catalog.retireHeld(at(3 * HOUR))).toBe(1);
        expect(await catalog.retired(9)).toEqual([{ path: 'b.jpg', sha256: second.sha256 }]);
        expect(await catalog.restore(second.id)).toBeUndefined();
      }));

    it('records nothing that a person deleted, and takes no bytes away that have a row again', () =>
      using(async (catalog) => {
        const [first, second] = ['a', 'b'].map((path) => storedStill(`${path}.jpg`));
        if (!first || !second) throw new TypeError('two stills');
        await catalog.record([first, second]);
        await catalog.hold([first.id, second.id], at(HOUR));
        expect(await catalog.record([first])).toBe(0);
        expect(await catalog.list({ limit: 9 })).toEqual([]);
        const other = { ...second, id: someId('other') };
        expect(await catalog.record([other, first])).toBe(1);
        await catalog.retireHeld(at(2 * HOUR));
        expect(await catalog.retired(9)).toEqual([{ path: 'a.jpg', sha256: first.sha256 }]);
        expect(await catalog.list({ limit: 9 })).toEqual([other]);
      }));

    it('searches as the plainest catalogue does', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              hours: fc.integer({ min: -40, max: 40 }),
              offsetMinutes: fc.constantFrom(0, 60, -210, 345),
              kind: fc.constantFrom('calm' as const, 'peak' as const, 'manual' as const),
              source: fc.constantFrom('main-stream' as const, 'sub-frame' as const),
              camera: fc.constantFrom('garden', 'barn', 'drive'),
              claims: fc.constantFrom(undefined, ['person'] as const, ['person', 'vehicle'] as const),
              isFavourite: fc.boolean(),
            }),
            { maxLength: 12 },
          ),
          fc.record(
            {
              from: fc.integer({ min: -40, max: 40 }),
              until: fc.integer({ min: -40, max: 40 }),
              hours: fc.record({ from: fc.nat(23), until: fc.nat(24) }),
              kinds: fc.constantFrom(['calm'] as const, [] as const, ['calm', 'manual'] as const),
              sources: fc.constantFrom(['sub-frame'] as const),
              cameras: fc.constantFrom(['garden', 'barn'] as const, [] as const),
              claims: fc.constantFrom(['vehicle'] as const, ['person', 'animal'] as const, [] as const),
              isFavourite: fc.boolean(),
            },
            { requiredKeys: [] },
          ),
          (rows, { from, until, cameras, ...query }) =>
            using(async (catalog) => {
              const plain = memoryCatalog();
              const stills = rows.map(({ hours, camera, claims, isFavourite, ...rest }, index) =>
                storedStill(`${index}`, {
                  ...rest,
                  takenAt: at(hours * HOUR),
                  camera: cameraId(camera),
                  ...(claims ? { claims } : {}),
                  ...(isFavourite ? { isFavourite } : {}),
                }),
              );
              const wanted = {
                ...query,
                ...(from === undefined ? {} : { from: at(from * HOUR) }),
                ...(until === undefined ? {} : { until: at(until * HOUR) }),
                ...(cameras ? { cameras: cameras.map(cameraId) } : {}),
                limit: 100,
              };
              for (const each of [catalog, plain]) await each.record(stills);
              expect(await catalog.list(wanted)).toEqual(await plain.list(wanted));
            }),
        ),
        { numRuns: 60 },
      ));

    it('answers as the plainest catalogue does, whatever is recorded', () =>
      fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.array(
              fc.record({
                path: fc.constantFrom('1', '2', '3', '4', '5'),
                name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
                source: fc.constantFrom('file' as const, 'main-stream' as const),
                hours: fc.nat(60),
              }),
              // One at a time: what a batch of clashing paths does to itself is no part of the contract.
              { maxLength: 1 },
            ),
            { maxLength: 12 },
          ),
          (batches) =>
            using(async (catalog) => {
              const plain = memoryCatalog();
              for (const batch of batches) {
                const stills = batch.map(({ path, name: id, source, hours }) =>
                  storedStill(path, { id: someId(id), source, takenAt: at(hours * HOUR) }),
                );
                expect(await catalog.record(stills)).toBe(await plain.record(stills));
              }
              expect(await catalog.list({ limit: 100 })).toEqual(await plain.list({ limit: 100 }));
              expect(await catalog.days()).toEqual(await plain.days());
              expect(await catalog.count()).toBe(await plain.count());
            }),
        ),
        { numRuns: 40 },
      ));
  });
};
