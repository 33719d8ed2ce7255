import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StillwatchErrorCode } from './errors.ts';
import { cameraId, episodeId, stillId } from './ids.ts';
import {
  addsUp,
  type LedgerEvent,
  type LedgerRow,
  ledgerFrom,
  newLedger,
  stepLedger,
  sumLedger,
  type TriggerId,
  triggerId,
  type WorkId,
} from './ledger.ts';
import { epochMs } from './units.ts';

const rules = { zone: 'Europe/Copenhagen' };
const garden = cameraId('garden');
const shed = cameraId('shed');
const START = epochMs(1_795_000_000_000);
const episode = episodeId(garden, START);
const photo = stillId(garden, START, 'calm', episode);
const peak = stillId(garden, START, 'peak', episode);

/** A ledger with a store beside it, as the real one has. */
const book = (): {
  tell: (...events: readonly LedgerEvent[]) => void;
  restart: (resumed?: readonly WorkId[]) => void;
  rows: Map<TriggerId, LedgerRow>;
  outcomes: () => readonly string[];
} => {
  const rows = new Map<TriggerId, LedgerRow>();
  let state = newLedger();
  const tell = (...events: readonly LedgerEvent[]): void => {
    for (const event of events) {
      const step = stepLedger(state, event, rules);
      state = step.next;
      for (const row of step.rows) rows.set(row.id, row);
    }
  };
  return {
    tell,
    restart: (resumed = []) => {
      state = ledgerFrom([...rows.values()].filter((row) => row.outcome.state === 'open'));
      tell({ type: 'ended', cameras: undefined, resumed, code: 'SW_PROCESS_KILLED' });
    },
    rows,
    outcomes: () =>
      [...rows.values()].map(({ outcome }) => (outcome.state === 'missed' ? outcome.code : outcome.state)),
  };
};

const trigger = (after: number, origin: 'pixels' | 'camera' = 'pixels'): LedgerEvent => ({
  type: 'trigger',
  id: triggerId(garden, origin, epochMs(START + after)),
  camera: garden,
  origin,
  at: epochMs(START + after),
  episode,
});
const accepted = (kind: 'calm' | 'peak' | 'before', still = photo): LedgerEvent => ({
  type: 'accepted',
  work: episode,
  still,
  kind,
});
const missed = (kind: 'calm' | 'peak', code: StillwatchErrorCode): LedgerEvent => ({
  type: 'missed',
  work: episode,
  kind,
  code,
});

describe('a ledger', () => {
  const table: readonly (readonly [string, readonly LedgerEvent[], readonly string[]])[] = [
    ['waits while something happens', [trigger(0)], ['open']],
    ['gives a trigger its photo', [trigger(0), accepted('calm')], ['photo']],
    [
      'merges what the same photo shows',
      [trigger(0), trigger(900, 'camera'), trigger(4000), accepted('calm')],
      ['photo', 'merged', 'merged'],
    ],
    ['counts a trigger once however often it is told', [trigger(0), trigger(0), accepted('calm')], ['photo']],
    ['names why there is none', [trigger(0), missed('calm', 'SW_STORE_FULL')], ['SW_STORE_FULL']],
    [
      'names it for each of them',
      [trigger(0), trigger(5, 'camera'), missed('calm', 'SW_CAM_STREAM_LIMIT')],
      ['SW_CAM_STREAM_LIMIT', 'SW_CAM_STREAM_LIMIT'],
    ],
    [
      'falls back on the peak when the calm photo is missed',
      [trigger(0), accepted('peak', peak), missed('calm', 'SW_CAM_LOST')],
      ['photo'],
    ],
    [
      'does not take a picture from before for one of it',
      [trigger(0), accepted('before', peak), missed('calm', 'SW_CAM_LOST')],
      ['SW_CAM_LOST'],
    ],
    ['still waits when only the peak was missed', [trigger(0), missed('peak', 'SW_STILL_DAMAGED')], ['open']],
    ['believes a photo that comes after all', [trigger(0), missed('calm', 'SW_CAM_LOST'), accepted('calm')], ['photo']],
    ['keeps a photo when a later try fails', [trigger(0), accepted('calm'), missed('calm', 'SW_CAM_LOST')], ['photo']],
    ['merges a trigger that is told late', [trigger(0), accepted('calm'), trigger(50, 'camera')], ['photo', 'merged']],
    [
      'names the reason for a trigger that is told late',
      [trigger(0), missed('calm', 'SW_CAM_LOST'), trigger(50, 'camera')],
      ['SW_CAM_LOST', 'SW_CAM_LOST'],
    ],
    [
      'ends what a blind camera never showed',
      [
        trigger(0),
        { type: 'blind', camera: garden, code: 'SW_CAM_UNREACHABLE' },
        { type: 'tick', at: epochMs(START + 3_600_000) },
      ],
      ['SW_CAM_UNREACHABLE'],
    ],
    [
      'waits for a camera that is blind for a while',
      [
        trigger(0),
        { type: 'blind', camera: garden, code: 'SW_CAM_UNREACHABLE' },
        { type: 'tick', at: epochMs(START + 3_599_000) },
      ],
      ['open'],
    ],
    [
      'does not blame a blindness that is over',
      [
        trigger(0),
        { type: 'blind', camera: garden, code: 'SW_CAM_UNREACHABLE' },
        { type: 'seeing', camera: garden },
        { type: 'ended', cameras: [garden], resumed: [], code: 'SW_CAPTURE_DIED' },
      ],
      ['SW_CAPTURE_DIED'],
    ],
    [
      'goes on with what is taken up again',
      [trigger(0), { type: 'ended', cameras: [garden], resumed: [episode], code: 'SW_CAPTURE_DIED' }, accepted('calm')],
      ['photo'],
    ],
    [
      'leaves other cameras alone when a process dies',
      [trigger(0), { type: 'ended', cameras: [shed], resumed: [], code: 'SW_CAPTURE_DIED' }],
      ['open'],
    ],
    [
      'names a refusal at once',
      [{ ...trigger(0), episode: undefined, refused: 'SW_STILL_BACKLOG' } as LedgerEvent],
      ['SW_STILL_BACKLOG'],
    ],
  ];
  it.each(table)('%s', (_, events, outcomes) => {
    const ledger = book();
    ledger.tell(...events);
    expect(ledger.outcomes()).toEqual(outcomes);
  });

  it('closes with its reason what was open when the process was killed', () => {
    const ledger = book();
    ledger.tell(trigger(0), trigger(10, 'camera'));
    ledger.restart();
    expect(ledger.outcomes()).toEqual(['SW_PROCESS_KILLED', 'SW_PROCESS_KILLED']);
  });

  it('remembers over a restart that a picture exists', () => {
    const ledger = book();
    ledger.tell(trigger(0), accepted('peak', peak));
    ledger.restart();
    expect(ledger.outcomes()).toEqual(['photo']);
  });

  it('counts a day by the clock at the site', () => {
    const ledger = book();
    // 23:30 UTC on 22 November is half past midnight on the 23rd in Copenhagen.
    const at = epochMs(Date.UTC(2026, 10, 22, 23, 30));
    ledger.tell({
      type: 'trigger',
      id: triggerId(garden, 'owner', at),
      camera: garden,
      origin: 'owner',
      at,
      episode: undefined,
    });
    expect(sumLedger(ledger.rows.values())).toMatchObject([
      { day: '2026-11-23', camera: 'garden', triggers: 1, open: 1 },
    ]);
  });

  it('returns the same state for what changes nothing', () => {
    const state = stepLedger(newLedger(), trigger(0), rules).next;
    expect(stepLedger(state, trigger(0), rules).next).toBe(state);
    expect(stepLedger(state, { type: 'seeing', camera: garden }, rules).next).toBe(state);
    expect(stepLedger(state, { type: 'tick', at: START }, rules).next).toBe(state);
  });
});

describe('whatever happens', () => {
  const cameras = [garden, shed];
  const anyTime = fc.integer({ min: 0, max: 40 }).map((minutes) => epochMs(START + minutes * 60_000 * 9));
  const anyCamera = fc.constantFrom(...cameras);
  const anyWork = fc.tuple(anyCamera, anyTime).map(([camera, at]): WorkId => episodeId(camera, at));
  const anyCode = fc.constantFrom<StillwatchErrorCode>('SW_CAM_LOST', 'SW_STORE_FULL', 'SW_STILL_DAMAGED');
  const anyKind = fc.constantFrom('calm', 'peak', 'before', 'manual', 'scheduled', 'uploaded' as const);
  const anyTrigger = fc
    .tuple(anyCamera, anyTime, fc.constantFrom('pixels', 'camera', 'owner', 'schedule' as const), fc.option(anyCode))
    .map(
      ([camera, at, origin, refused]): LedgerEvent => ({
        type: 'trigger',
        id: triggerId(camera, origin, at),
        camera,
        origin,
        at,
        episode: origin === 'pixels' || origin === 'camera' ? episodeId(camera, at) : undefined,
        ...(refused === null ? {} : { refused }),
      }),
    );
  const anyEvent: fc.Arbitrary<LedgerEvent | { readonly type: 'kill'; readonly resumed: readonly WorkId[] }> = fc.oneof(
    { weight: 5, arbitrary: anyTrigger },
    {
      weight: 3,
      arbitrary: fc
        .tuple(anyWork, anyKind, anyTime)
        .map(
          ([work, kind, at]): LedgerEvent => ({ type: 'accepted', work, kind, still: stillId(garden, at, kind, work) }),
        ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(anyWork, anyKind, anyCode)
        .map(([work, kind, code]): LedgerEvent => ({ type: 'missed', work, kind, code })),
    },
    fc.tuple(anyCamera, anyCode).map(([camera, code]): LedgerEvent => ({ type: 'blind', camera, code })),
    anyCamera.map((camera): LedgerEvent => ({ type: 'seeing', camera })),
    anyTime.map((at): LedgerEvent => ({ type: 'tick', at })),
    fc
      .tuple(anyCamera, fc.array(anyWork))
      .map(
        ([camera, resumed]): LedgerEvent => ({ type: 'ended', cameras: [camera], resumed, code: 'SW_CAPTURE_DIED' }),
      ),
    fc.array(anyWork).map((resumed) => ({ type: 'kill' as const, resumed })),
  );

  it('every trigger is accounted for, and a merge always has its photo', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        const ledger = book();
        const told = new Set<string>();
        for (const event of events) {
          if (event.type === 'kill') ledger.restart(event.resumed);
          else ledger.tell(event);
          if (event.type === 'trigger') told.add(event.id);
          const sums = sumLedger(ledger.rows.values());
          expect(sums.every(addsUp)).toBe(true);
          expect(sums.reduce((total, sum) => total + sum.triggers, 0)).toBe(told.size);
        }
        for (const row of ledger.rows.values()) {
          const { outcome } = row;
          if (outcome.state !== 'merged') continue;
          const peers = [...ledger.rows.values()].filter((other) => other.work === row.work);
          expect(peers.some((peer) => peer.outcome.state === 'photo' && peer.outcome.still === outcome.still)).toBe(
            true,
          );
        }
        ledger.restart();
        expect(sumLedger(ledger.rows.values()).every((sum) => sum.open === 0 && addsUp(sum))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
