import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STILL_KINDS, type StillKind } from '../domain/still.ts';
import { WAY_NAMES, type WayName } from '../domain/still-choice.ts';
import { ms, seconds } from '../domain/units.ts';
import { type LinkFacts, planStill, type WayFacts, type WayRecord } from './still-policy.ts';

const lan: LinkFacts = { isCostly: false, streamLimit: undefined, streamsOpen: 1 };
const tapo: LinkFacts = { ...lan, streamLimit: 2, streamsOpen: 1 };
const tapoFull: LinkFacts = { ...tapo, streamsOpen: 2 };
const sim: LinkFacts = { ...lan, isCostly: true };

const measured = (pixels: number, delay: number, more: Partial<WayRecord> = {}): WayRecord => ({
  pixels,
  delay: ms(delay),
  age: ms(0),
  failuresInRow: 0,
  ...more,
});
const way = (name: WayName, record?: WayRecord, before?: number): WayFacts => ({
  name,
  record,
  ...(before === undefined ? {} : { before: seconds(before) }),
});

const ring = way('main-ring', measured(3_700_000, 150));
const cold = way('main-stream', measured(3_700_000, 1900));
const snap = way('http-snapshot', measured(3_700_000, 400));
const smallSnap = way('http-snapshot', measured(230_400, 300));
const sub = way('sub-frame', measured(230_400, 30));
const calmStill = way('last-calm', measured(3_700_000, 0), 1800);

describe('the order of ways', () => {
  const table: readonly (readonly [
    string,
    { readonly kind: StillKind; readonly ago: number },
    readonly WayFacts[],
    LinkFacts,
    readonly string[],
  ])[] = [
    // calm: any moment from now on will do, so pixels, then speed
    [
      'calm with nothing measured',
      { kind: 'calm', ago: 0 },
      [way('main-stream'), way('sub-frame')],
      lan,
      ['main-stream most-pixels', 'sub-frame last-resort'],
    ],
    [
      'calm with a snapshot nobody measured',
      { kind: 'calm', ago: 0 },
      [way('http-snapshot'), way('main-stream'), way('sub-frame')],
      lan,
      ['main-stream most-pixels', 'http-snapshot last-resort', 'sub-frame last-resort'],
    ],
    [
      'calm with everything',
      { kind: 'calm', ago: 0 },
      [sub, cold, snap, ring],
      lan,
      ['main-ring fastest', 'http-snapshot fastest', 'main-stream fastest', 'sub-frame last-resort'],
    ],
    [
      'calm where the snapshot is small',
      { kind: 'calm', ago: 0 },
      [smallSnap, cold, sub],
      lan,
      ['main-stream most-pixels', 'sub-frame last-resort', 'http-snapshot last-resort'],
    ],
    [
      'calm where the main stream fails lately',
      { kind: 'calm', ago: 0 },
      [way('main-stream', measured(3_700_000, 1900, { failuresInRow: 2 })), sub],
      lan,
      ['sub-frame last-resort', 'main-stream last-resort'],
    ],
    [
      'calm after one failure',
      { kind: 'calm', ago: 0 },
      [way('main-stream', measured(3_700_000, 1900, { failuresInRow: 1 })), sub],
      lan,
      ['main-stream most-pixels', 'sub-frame last-resort'],
    ],
    [
      'calm where the snapshot is a minute old',
      { kind: 'calm', ago: 0 },
      [way('http-snapshot', measured(3_700_000, 100, { age: seconds(60) })), cold],
      lan,
      ['main-stream fastest', 'http-snapshot last-resort'],
    ],
    [
      'calm at a camera with one stream left',
      { kind: 'calm', ago: 0 },
      [cold, sub],
      tapo,
      ['main-stream most-pixels', 'sub-frame last-resort'],
    ],
    [
      'calm at a camera with none left',
      { kind: 'calm', ago: 0 },
      [cold, sub],
      tapoFull,
      ['sub-frame most-pixels', '-main-stream stream-limit'],
    ],
    [
      'calm at a camera with none left, and a ring',
      { kind: 'calm', ago: 0 },
      [cold, sub, ring],
      tapoFull,
      ['main-ring most-pixels', 'sub-frame last-resort', '-main-stream stream-limit'],
    ],
    [
      'calm over a SIM: the smaller download',
      { kind: 'calm', ago: 0 },
      [cold, snap, sub],
      sim,
      ['http-snapshot cheapest', 'main-stream cheapest', 'sub-frame last-resort'],
    ],
    [
      'calm never from an older still',
      { kind: 'calm', ago: 0 },
      [calmStill, cold],
      lan,
      ['main-stream most-pixels', '-last-calm too-late'],
    ],
    // before: the ring, else the last calm still, else the small one
    [
      'before with a ring',
      { kind: 'before', ago: 2000 },
      [sub, cold, snap, calmStill, ring],
      lan,
      [
        'main-ring moment',
        'last-calm nothing-since',
        'sub-frame moment',
        '-main-stream too-late',
        '-http-snapshot too-late',
      ],
    ],
    [
      'before without a ring',
      { kind: 'before', ago: 2000 },
      [sub, cold, calmStill],
      lan,
      ['last-calm nothing-since', 'sub-frame moment', '-main-stream too-late'],
    ],
    [
      'before when the last still is from the morning',
      { kind: 'before', ago: 2000 },
      [sub, way('last-calm', measured(3_700_000, 0), 8 * 3600)],
      lan,
      ['sub-frame moment', 'last-calm nothing-since'],
    ],
    [
      'before when there is nothing else',
      { kind: 'before', ago: 2000 },
      [sub, cold],
      lan,
      ['sub-frame moment', '-main-stream too-late'],
    ],
    // peak: the moment counts
    [
      'peak with a ring',
      { kind: 'peak', ago: 2000 },
      [sub, cold, snap, ring, calmStill],
      lan,
      [
        'main-ring moment',
        'sub-frame moment',
        '-main-stream too-late',
        '-http-snapshot too-late',
        '-last-calm too-late',
      ],
    ],
    [
      'peak right now: a quick snapshot is still of it',
      { kind: 'peak', ago: 200 },
      [sub, cold, snap],
      lan,
      ['http-snapshot moment', 'sub-frame moment', '-main-stream too-late'],
    ],
    [
      'peak right now over a SIM',
      { kind: 'peak', ago: 200 },
      [sub, snap],
      sim,
      ['sub-frame moment', '-http-snapshot costly'],
    ],
    // asked for
    ['manual', { kind: 'manual', ago: 0 }, [ring, cold], lan, ['main-ring fastest', 'main-stream fastest']],
    ['scheduled', { kind: 'scheduled', ago: 0 }, [cold], lan, ['main-stream most-pixels']],
  ];
  it.each(table)('%s', (_, { kind, ago }, offered, link, expected) => {
    const plan = planStill({ kind, ago: ms(ago) }, offered, link);
    const told = [
      ...plan.ways.map(({ name, reason }) => `${name} ${reason}`),
      ...plan.leftOut.map(({ name, because }) => `-${name} ${because}`),
    ];
    expect(told.filter((each) => !each.startsWith('-'))).toEqual(expected.filter((each) => !each.startsWith('-')));
    expect(told.filter((each) => each.startsWith('-')).sort()).toEqual(
      expected.filter((each) => each.startsWith('-')).sort(),
    );
  });

  const anyWay = fc.record({
    name: fc.constantFrom(...WAY_NAMES),
    record: fc.option(
      fc.record({
        pixels: fc.constantFrom(230_400, 2_073_600, 3_700_000),
        delay: fc.integer({ min: 0, max: 5000 }).map(ms),
        age: fc.integer({ min: 0, max: 60_000 }).map(ms),
        failuresInRow: fc.nat(5),
      }),
      { nil: undefined },
    ),
  });
  const anyLink = fc.record({
    isCostly: fc.boolean(),
    streamLimit: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
    streamsOpen: fc.integer({ min: 1, max: 3 }),
  });

  it('forgets no way and names none twice; the sub stream’s own frame is never left out', () => {
    const ways = fc.uniqueArray(anyWay, { selector: ({ name }) => name });
    fc.assert(
      fc.property(fc.constantFrom(...STILL_KINDS), fc.nat(10_000), ways, anyLink, (kind, ago, offered, link) => {
        const plan = planStill({ kind, ago: ms(ago) }, offered, link);
        const told = [...plan.ways, ...plan.leftOut].map(({ name }) => name);
        expect([...told].sort()).toEqual(offered.map(({ name }) => name).sort());
        expect(plan.leftOut.map(({ name }) => name)).not.toContain('sub-frame');
      }),
    );
  });

  it('does not depend on the order the ways are named in', () => {
    const ways = fc.uniqueArray(anyWay, { selector: ({ name }) => name, minLength: 2 });
    fc.assert(
      fc.property(fc.constantFrom(...STILL_KINDS), ways, anyLink, (kind, offered, link) => {
        const wanted = { kind, ago: ms(0) };
        expect(planStill(wanted, [...offered].reverse(), link).ways).toEqual(planStill(wanted, offered, link).ways);
      }),
    );
  });
});
