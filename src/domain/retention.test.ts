import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CameraId, cameraId, type StillId } from './ids.ts';
import {
  firstKeepState,
  freeToKeep,
  type Going,
  type Holding,
  isSpaceLow,
  type KeepInput,
  type KeepRules,
  type KeepState,
  type KeepStill,
  keepClass,
  overallKeepState,
  planPage,
  STRETCHES,
  stretchEnd,
  unmetNeed,
} from './retention.ts';
import { epochMs, ms } from './units.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const GB = 1e9;

const still = (name: string, daysAgo: number, chosen: Partial<KeepStill> = {}): KeepStill => ({
  id: name as StillId,
  camera: cameraId('garden'),
  kind: 'calm',
  source: 'main-stream',
  takenAt: epochMs(NOW - daysAgo * DAY),
  bytes: 100,
  ...chosen,
});

const rules = (chosen: Partial<KeepRules> = {}): KeepRules => ({
  each: {},
  cameras: {},
  free: 0,
  includesFound: true,
  ...chosen,
});

const holdingsOf = (stills: readonly KeepStill[]): Map<CameraId, Holding> => {
  const held = new Map<CameraId, Holding>();
  for (const { camera, bytes } of stills) {
    const before = held.get(camera) ?? { stills: 0, bytes: 0 };
    held.set(camera, { stills: before.stills + 1, bytes: before.bytes + bytes });
  }
  return held;
};

const inputOf = (stills: readonly KeepStill[], chosen: Partial<KeepInput> = {}): KeepInput => ({
  rules: rules(),
  now: epochMs(NOW),
  isClockSteady: true,
  holdings: holdingsOf(stills),
  disk: { free: 50 * GB, total: 100 * GB },
  favourites: new Set(),
  unshipped: new Set(),
  ...chosen,
});

/** The plan over stills in memory, a page at a time, as the sweep walks the catalogue. `forgets`: gone stills are not met again. */
const plan = (
  stills: readonly KeepStill[],
  input: KeepInput,
  { pageSize = 3, forgets = false } = {},
): { readonly going: readonly Going[]; readonly state: KeepState } => {
  const all: Going[] = [];
  let state = firstKeepState(input);
  for (const round of ['cameras', 'overall'] as const) {
    if (round === 'overall') state = overallKeepState(state, input);
    const seen = new Map<string, number>();
    for (const stretch of STRETCHES) {
      const inClass = stills
        .filter((one) => keepClass(one) === stretch.class)
        .filter((one) => !forgets || !all.some((going) => going.still === one))
        .toSorted((a, b) => a.takenAt - b.takenAt || (a.id < b.id ? -1 : 1));
      let at = forgets ? 0 : (seen.get(stretch.class) ?? 0);
      for (;;) {
        const end = stretchEnd(state, stretch, input);
        const page = inClass.slice(at, at + pageSize).filter((one) => end !== undefined && one.takenAt < end);
        if (page.length === 0) break;
        const planned = planPage(state, page, input);
        all.push(...planned.going);
        state = planned.next;
        at += page.length;
      }
      seen.set(stretch.class, at);
    }
  }
  return { going: all, state };
};

const names = (stills: readonly KeepStill[], chosen: Partial<KeepInput>): string =>
  plan(stills, inputOf(stills, chosen))
    .going.map(({ still: { id }, reason }) => `${id}:${reason}`)
    .join(' ');

const low = (short: number): KeepInput['disk'] => ({ free: 10 * GB - short, total: 100 * GB });
const keepFree: Partial<KeepRules> = { free: 10 * GB };

describe('keep rules', () => {
  const peak = { kind: 'peak' } as const;
  const before = { kind: 'before' } as const;
  const found = { kind: 'adopted', source: 'file' } as const;
  const shed = { camera: cameraId('shed') };
  it.each<[string, KeepStill[], Partial<KeepInput>, string]>([
    ['no rule', [still('a', 9000)], {}, ''],
    [
      'age, by the millisecond',
      [still('a', 30), still('b', 30, { takenAt: epochMs(NOW - 30 * DAY - 1) })],
      { rules: rules({ each: { age: ms(30 * DAY) } }) },
      'b:age',
    ],
    [
      'age takes every kind',
      [still('a', 31), still('b', 31, peak), still('c', 31, before), still('d', 31, found)],
      { rules: rules({ each: { age: ms(30 * DAY) } }) },
      'b:age c:age a:age d:age',
    ],
    [
      'age waits for a clock that can be believed',
      [still('a', 31)],
      { isClockSteady: false, rules: rules({ each: { age: ms(30 * DAY) } }) },
      '',
    ],
    [
      'a photo without a date has no age',
      [still('a', 0, { takenAt: epochMs(5000) })],
      { rules: rules({ each: { age: ms(30 * DAY) } }) },
      '',
    ],
    [
      'a camera’s own rule stands before the common one',
      [still('a', 31), still('b', 31, shed), still('c', 400, shed)],
      { rules: rules({ each: { age: ms(30 * DAY) }, cameras: { shed: { age: ms(365 * DAY) } } }) },
      'c:age a:age',
    ],
    [
      'count takes the oldest',
      [still('a', 3), still('b', 2), still('c', 1)],
      { rules: rules({ each: { stills: 2 } }) },
      'a:count',
    ],
    [
      'count is per camera',
      [still('a', 3), still('b', 2), still('c', 1, shed)],
      { rules: rules({ each: { stills: 1 } }) },
      'a:count',
    ],
    [
      'peaks and befores before calms',
      [still('a', 20), still('b', 10, peak), still('c', 9, before), still('d', 8)],
      { rules: rules({ each: { stills: 1 } }) },
      'b:count c:count a:count',
    ],
    [
      'within a week the three stay together while older calms can go',
      [still('a', 20), still('b', 19), still('c', 3, peak), still('d', 3)],
      { rules: rules({ each: { stills: 2 } }) },
      'a:count b:count',
    ],
    [
      'and then the week’s peaks',
      [still('a', 20), still('c', 3, peak), still('d', 3)],
      { rules: rules({ each: { stills: 1 } }) },
      'a:count c:count',
    ],
    [
      'a camera’s size',
      [still('a', 3), still('b', 2), still('c', 1)],
      { rules: rules({ each: { bytes: 150 } }) },
      'a:size b:size',
    ],
    [
      'the size of all',
      [still('a', 3), still('b', 2, shed), still('c', 1)],
      { rules: rules({ bytes: 250 }) },
      'a:size',
    ],
    [
      'found photos last',
      [still('a', 3), still('b', 900, found), still('c', 1)],
      { rules: rules({ bytes: 250 }) },
      'a:size',
    ],
    [
      'found photos too when the owner said a size',
      [still('b', 900, found), still('c', 800, found)],
      { rules: rules({ bytes: 100 }) },
      'b:size',
    ],
    [
      'but never by the rule nobody wrote',
      [still('b', 900, found), still('c', 800, found)],
      { disk: low(1000), rules: rules({ ...keepFree, includesFound: false }) },
      '',
    ],
    ['space that suffices', [still('a', 300)], { disk: low(0), rules: rules(keepFree) }, ''],
    [
      'space is freed with a margin',
      [still('a', 300, { bytes: GB / 2 }), still('b', 299, { bytes: GB / 2 }), still('c', 298)],
      { disk: low(1), rules: rules(keepFree) },
      'a:space b:space c:space',
    ],
    [
      'no space, but only today’s photos: something else fills the disk',
      [still('a', 0.9), still('b', 1)],
      { disk: low(1000), rules: rules(keepFree) },
      'b:space',
    ],
    [
      'favourites for ever',
      [still('a', 900), still('b', 800)],
      { favourites: new Set(['a' as StillId]), rules: rules({ each: { age: ms(DAY) } }) },
      'b:age',
    ],
    [
      'never what the spool still holds',
      [still('a', 900), still('b', 800)],
      { unshipped: new Set(['a' as StillId]), rules: rules({ each: { age: ms(DAY) } }) },
      'b:age',
    ],
    [
      'what a camera’s rule takes counts for all',
      [still('a', 40), still('b', 2), still('c', 1)],
      { rules: rules({ each: { age: ms(30 * DAY) }, bytes: 200 }) },
      'a:age',
    ],
    [
      'each goes once',
      [still('a', 40), still('b', 2), still('c', 1)],
      { rules: rules({ each: { age: ms(30 * DAY) }, bytes: 100 }) },
      'a:age b:size',
    ],
  ])('%s', (_, stills, chosen, expected) => {
    expect(names(stills, chosen)).toBe(expected);
  });

  it.each([
    [8 * GB, 0.5 * GB],
    [16 * GB, 0.8 * GB],
    [64 * GB, 2 * GB],
    [4000 * GB, 2 * GB],
  ])('keeps of a disk of %d bytes %d free unless told otherwise', (total, free) => {
    expect(freeToKeep({ free: undefined }, total)).toBe(free);
    expect(isSpaceLow({ free: undefined }, { free: free - 1, total })).toBe(true);
    expect(isSpaceLow({ free: undefined }, { free, total })).toBe(false);
    expect(isSpaceLow({ free: 0 }, { free: 0, total })).toBe(false);
  });

  it('says what the rules want and cannot have', () => {
    const stills = [still('a', 900, found), still('b', 0.5)];
    const input = inputOf(stills, { disk: low(1000), rules: rules({ ...keepFree, includesFound: false }) });
    expect(unmetNeed(plan(stills, input).state)).toEqual({ stills: 0, bytes: GB + 1000 });
  });
});

describe('keep rules, whatever there is', () => {
  const anyStill = fc.record({
    daysAgo: fc.nat(60),
    camera: fc.constantFrom(cameraId('garden'), cameraId('shed')),
    kind: fc.constantFrom('calm', 'peak', 'before', 'adopted' as const),
    bytes: fc.integer({ min: 1, max: 1000 }),
    isUndated: fc.boolean(),
    isFavourite: fc.boolean(),
    isUnshipped: fc.boolean(),
  });
  const anyRule = fc.record(
    { age: fc.nat(60).map((days) => ms(days * DAY)), stills: fc.nat(20), bytes: fc.nat(9000) },
    { requiredKeys: [] },
  );
  const world = fc
    .record({
      stills: fc.array(anyStill, { maxLength: 40 }),
      each: anyRule,
      shed: fc.option(anyRule, { nil: undefined }),
      bytes: fc.option(fc.nat(20_000), { nil: undefined }),
      short: fc.integer({ min: -100, max: 5000 }),
      includesFound: fc.boolean(),
      isClockSteady: fc.boolean(),
    })
    .map((drawn) => {
      const stills = drawn.stills.map((one, index) =>
        still(`s${String(index).padStart(2, '0')}`, one.daysAgo, {
          camera: one.camera,
          kind: one.kind,
          source: one.kind === 'adopted' ? 'file' : 'main-stream',
          bytes: one.bytes,
          ...(one.isUndated ? { takenAt: epochMs(one.daysAgo * 1000) } : {}),
        }),
      );
      const named = (flag: 'isFavourite' | 'isUnshipped'): Set<StillId> =>
        new Set(stills.filter((_, index) => drawn.stills[index]?.[flag]).map((one) => one.id));
      const input = inputOf(stills, {
        // A free rule so small that its margin is a few stills.
        disk: { free: 3000 - drawn.short, total: 100 * GB },
        isClockSteady: drawn.isClockSteady,
        favourites: named('isFavourite'),
        unshipped: named('isUnshipped'),
        rules: rules({
          each: drawn.each,
          cameras: drawn.shed ? { shed: drawn.shed } : {},
          ...(drawn.bytes === undefined ? {} : { bytes: drawn.bytes }),
          free: 3000,
          includesFound: drawn.includesFound,
        }),
      });
      return { stills, input };
    });

  it('takes only what is shipped, no favourite, nothing twice, and found photos only when told to', () => {
    fc.assert(
      fc.property(world, ({ stills, input }) => {
        const ids = plan(stills, input).going.map(({ still: { id } }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { still: gone, reason } of plan(stills, input).going) {
          expect(input.unshipped.has(gone.id) || input.favourites.has(gone.id)).toBe(false);
          if (keepClass(gone) === 'found') expect(input.rules.includesFound).toBe(true);
          if (reason === 'age') expect(gone.takenAt).toBeGreaterThan(Date.UTC(2000, 0));
          if (reason === 'age') expect(input.isClockSteady).toBe(true);
        }
      }),
    );
  });

  it('is the same for every page size, and whether or not what went is met again', () => {
    fc.assert(
      fc.property(world, fc.integer({ min: 1, max: 9 }), ({ stills, input }, pageSize) => {
        const once = plan(stills, input, { pageSize: 100 }).going;
        expect(plan(stills, input, { pageSize }).going).toEqual(once);
        expect(plan(stills, input, { pageSize: 100, forgets: true }).going).toEqual(once);
      }),
    );
  });

  it('leaves nothing for a second run', () => {
    fc.assert(
      fc.property(world, ({ stills, input }) => {
        const { going, state } = plan(stills, input);
        const rest = stills.filter((one) => !going.some((gone) => gone.still === one));
        const disk = { ...input.disk, free: input.disk.free + state.freed };
        expect(plan(rest, { ...input, holdings: holdingsOf(rest), disk }).going).toEqual([]);
      }),
    );
  });

  it('takes no cover while an old sibling of that camera could go, unless by age', () => {
    fc.assert(
      fc.property(world, ({ stills, input }) => {
        const { going } = plan(stills, input);
        const rest = stills.filter((one) => !going.some((gone) => gone.still === one));
        const isFree = (one: KeepStill): boolean =>
          keepClass(one) === 'sibling' &&
          one.takenAt < NOW - 7 * DAY &&
          one.takenAt > Date.UTC(2000, 0) &&
          !input.favourites.has(one.id) &&
          !input.unshipped.has(one.id);
        for (const { still: gone, reason } of going) {
          if (keepClass(gone) !== 'cover' || reason === 'age') continue;
          expect(rest.filter((one) => one.camera === gone.camera && isFree(one))).toEqual([]);
        }
      }),
    );
  });
});
