import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EpisodeState, newEpisodeState, resumedEpisodeState, step } from './episode.ts';
import { newSetState, resumedSetState, type SetState, stepSet } from './episode-set.ts';
import { cameraId } from './ids.ts';
import type { Signal } from './signal.ts';
import { epochMs, type Instant, monoMs, seconds } from './units.ts';

const rules = { calmPeriod: seconds(10), longestEpisode: seconds(300) };
const garden = cameraId('garden');
const at = (s: number): Instant => ({ mono: monoMs(s * 1000), wall: epochMs(1_795_000_000_000 + s * 1000) });
const motion = (s: number, score: number): Signal => ({ type: 'motion', at: at(s), score, cause: 'pixels' });
const tick = (s: number): Signal => ({ type: 'tick', at: at(s) });
const ticks = (from: number, to: number): Signal[] => Array.from({ length: to - from }, (_, i) => tick(from + i));

interface Ordered {
  readonly s: number;
  readonly what: string;
  readonly of: number;
}

const play = (
  signals: readonly Signal[],
  from: EpisodeState = newEpisodeState(garden),
  set: SetState = newSetState(),
): readonly Ordered[] => {
  const told: Ordered[] = [];
  let [state, sets] = [from, set];
  for (const signal of signals) {
    const made = step(state, signal, rules);
    state = made.next;
    const extra = stepSet(sets, { open: state.open, made: made.orders, at: signal.at });
    sets = extra.next;
    for (const order of extra.orders) {
      const what = order.kind === 'peak' && !order.isSettled ? 'try' : order.kind;
      told.push({ s: signal.at.mono / 1000, what, of: order.wantedAt.mono / 1000 });
    }
    for (const order of made.orders)
      if (order.type === 'take-still')
        told.push({ s: signal.at.mono / 1000, what: order.kind, of: order.wantedAt.mono / 1000 });
  }
  return told;
};
const settled = (told: readonly Ordered[]): readonly Ordered[] => told.filter(({ what }) => what !== 'try');

describe('the set of an episode', () => {
  it('is before, peak and calm, the peak of the strongest reading', () => {
    const signals = [
      { type: 'seeing', at: at(0) } as Signal,
      motion(20, 0.2),
      motion(21, 0.8),
      motion(22, 0.5),
      ...ticks(23, 40),
    ];
    expect(play(signals)).toEqual([
      { s: 20, what: 'before', of: 17 },
      { s: 20, what: 'try', of: 20 },
      { s: 21, what: 'try', of: 21 },
      { s: 23, what: 'peak', of: 21 },
      { s: 32, what: 'calm', of: 32 },
    ]);
  });

  it('takes another peak when a clearly stronger one comes, not for a little more', () => {
    const signals = [
      motion(20, 0.4),
      ...ticks(21, 24),
      motion(24, 0.45),
      ...ticks(25, 28),
      motion(28, 0.6),
      ...ticks(29, 45),
    ];
    expect(settled(play(signals)).map(({ what, of }) => `${what} ${of}`)).toEqual([
      'before 17',
      'peak 20',
      'peak 28',
      'calm 38',
    ]);
  });

  it('has its peak also when it ends before the peak has stood', () => {
    const quick = { ...rules, calmPeriod: seconds(1) };
    let [state, sets] = [newEpisodeState(garden), newSetState()];
    const kinds: string[] = [];
    for (const signal of [motion(5, 0.3), tick(6)]) {
      const made = step(state, signal, quick);
      const extra = stepSet(sets, { open: made.next.open, made: made.orders, at: signal.at });
      [state, sets] = [made.next, extra.next];
      kinds.push(...extra.orders.filter((order) => order.isSettled).map((order) => order.kind));
      kinds.push(...made.orders.flatMap((order) => (order.type === 'take-still' ? [order.kind] : [])));
    }
    expect(kinds).toEqual(['before', 'peak', 'calm']);
  });

  it('has no before when it only continues', () => {
    const restless = Array.from({ length: 700 }, (_, s) => motion(s, 0.5));
    const told = settled(play([...restless, ...ticks(700, 720)]));
    expect(told.filter(({ what }) => what === 'before')).toHaveLength(1);
    expect(told.filter(({ what }) => what === 'calm')).toHaveLength(3);
    expect(told.filter(({ what }) => what === 'peak')).toHaveLength(3);
  });

  it('does not order again what was ordered before a restart', () => {
    const first = step(newEpisodeState(garden), motion(5, 0.5), rules).next.open;
    if (!first) throw new Error('not open');
    const told = play(
      [{ type: 'seeing', at: at(60) }, ...ticks(61, 80)],
      resumedEpisodeState(garden, first),
      resumedSetState(first),
    );
    expect(told.map(({ what }) => what)).toEqual(['calm']);
  });

  it('has one before and at least one peak for each calm, and few peaks, whatever moves', () => {
    const anySignals = fc.array(
      fc.tuple(fc.integer({ min: 1, max: 8 }), fc.double({ min: 0.001, max: 1, noNaN: true })),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(anySignals, (steps) => {
        let s = 0;
        const signals: Signal[] = [{ type: 'seeing', at: at(0) }];
        for (const [gap, score] of steps) {
          for (let passed = 1; passed < gap; passed++) signals.push(tick(s + passed));
          s += gap;
          signals.push(motion(s, score));
        }
        const told = settled(play([...signals, ...ticks(s + 1, s + 20)]));
        const count = (kind: string): number => told.filter(({ what }) => what === kind).length;
        expect(count('before')).toBeLessThanOrEqual(count('calm'));
        expect(count('peak')).toBeGreaterThanOrEqual(count('calm'));
        // 1.25^32 is more than 1/0.001: no episode has more.
        expect(count('peak')).toBeLessThanOrEqual(33 * count('calm'));
      }),
    );
  });
});
