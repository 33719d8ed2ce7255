import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CameraRules } from './camera.ts';
import { calmIn, type EpisodeState, newEpisodeState, type Order, resumedEpisodeState, step } from './episode.ts';
import { cameraId } from './ids.ts';
import type { Signal } from './signal.ts';
import { epochMs, type Instant, monoMs, seconds } from './units.ts';

const rules: CameraRules = { calmPeriod: seconds(10), longestEpisode: seconds(300) };
const start = newEpisodeState(cameraId('garden'));
const at = (s: number): Instant => ({ mono: monoMs(s * 1000), wall: epochMs(1_795_000_000_000 + s * 1000) });

const motion = (s: number, score = 0.5): Signal => ({ type: 'motion', at: at(s), score, cause: 'pixels' });
const tick = (s: number): Signal => ({ type: 'tick', at: at(s) });
const blind = (s: number): Signal => ({ type: 'blind', at: at(s), reason: 'SW_CAM_LOST' });
const seeing = (s: number): Signal => ({ type: 'seeing', at: at(s) });

interface Told {
  readonly state: EpisodeState;
  readonly orders: readonly { readonly s: number; readonly what: string }[];
}

const name = (order: Order): string => {
  if (order.type === 'take-still') return order.kind;
  return order.type === 'episode-opened' ? 'opened' : order.end;
};

const play = (signals: readonly Signal[], from: EpisodeState = start): Told => {
  let state = from;
  const orders: { s: number; what: string }[] = [];
  for (const signal of signals) {
    const made = step(state, signal, rules);
    state = made.next;
    for (const order of made.orders) orders.push({ s: signal.at.mono / 1000, what: name(order) });
  }
  return { state, orders };
};
const ticks = (from: number, to: number): Signal[] => Array.from({ length: to - from }, (_, i) => tick(from + i));

describe('an episode', () => {
  const table: readonly { title: string; signals: readonly Signal[]; orders: Told['orders'] }[] = [
    { title: 'calm scene: nothing', signals: [seeing(0), ...ticks(1, 60)], orders: [] },
    {
      title: 'motion, then the calm period: one photo',
      signals: [seeing(0), motion(5), motion(6), ...ticks(7, 40)],
      orders: [
        { s: 5, what: 'opened' },
        { s: 16, what: 'calm' },
        { s: 16, what: 'calm' },
      ],
    },
    {
      title: 'motion within the calm period starts it again',
      signals: [seeing(0), motion(5), ...ticks(6, 14), motion(14), ...ticks(15, 40)],
      orders: [
        { s: 5, what: 'opened' },
        { s: 24, what: 'calm' },
        { s: 24, what: 'calm' },
      ],
    },
    {
      title: 'exactly the calm period is enough',
      signals: [seeing(0), motion(5), tick(14.999), tick(15)],
      orders: [
        { s: 5, what: 'opened' },
        { s: 15, what: 'calm' },
        { s: 15, what: 'calm' },
      ],
    },
    {
      title: 'no photo while blind; the calm period starts again when seeing',
      signals: [seeing(0), motion(5), blind(8), ...ticks(9, 100), seeing(100), ...ticks(101, 109), tick(110)],
      orders: [
        { s: 5, what: 'opened' },
        { s: 110, what: 'calm' },
        { s: 110, what: 'calm' },
      ],
    },
    {
      title: 'motion is sight: it ends blindness',
      signals: [motion(3), tick(13)],
      orders: [
        { s: 3, what: 'opened' },
        { s: 13, what: 'calm' },
        { s: 13, what: 'calm' },
      ],
    },
  ];
  it.each(table)('$title', ({ signals, orders }) => {
    expect(play(signals).orders).toEqual(orders);
  });

  it('that never calms gives a photo after the longest length, and goes on', () => {
    const restless = Array.from({ length: 700 }, (_, i) => motion(i + 1));
    expect(play([seeing(0), ...restless, tick(711)]).orders).toEqual([
      { s: 1, what: 'opened' },
      { s: 301, what: 'calm' },
      { s: 301, what: 'longest' },
      { s: 301, what: 'opened' },
      { s: 601, what: 'calm' },
      { s: 601, what: 'longest' },
      { s: 601, what: 'opened' },
      { s: 711, what: 'calm' },
      { s: 711, what: 'calm' },
    ]);
  });

  it('keeps the instant of its strongest motion', () => {
    const { state } = play([seeing(0), motion(5, 0.2), motion(6, 0.9), motion(7, 0.4)]);
    expect(state.open).toMatchObject({ peakScore: 0.9, peakAt: at(6), startedAt: at(5), lastMotionAt: at(7) });
  });

  it('that was open when the process died ends in its photo after the restart', () => {
    const { open } = play([seeing(0), motion(5)]).state;
    if (!open) throw new Error('not open');
    const resumed = resumedEpisodeState(start.camera, open);
    expect(play([tick(30), seeing(31), ...ticks(32, 50)], resumed).orders).toEqual([
      { s: 41, what: 'calm' },
      { s: 41, what: 'calm' },
    ]);
  });

  it('counts down its calm period', () => {
    const { state } = play([seeing(0), motion(5)]);
    expect(calmIn(state, at(9), rules)).toBe(6000);
    expect(calmIn(state, at(60), rules)).toBe(0);
    expect(calmIn(play([seeing(0)]).state, at(9), rules)).toBeUndefined();
    expect(calmIn(play([seeing(0), motion(5), blind(6)]).state, at(9), rules)).toBeUndefined();
  });
});

describe('any sequence of signals', () => {
  const signals = fc
    .array(
      fc.record({
        gap: fc.integer({ min: 0, max: 30_000 }),
        type: fc.constantFrom('motion', 'tick', 'blind', 'seeing'),
        score: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { maxLength: 80 },
    )
    .map((steps) => {
      let s = 0;
      return steps.map(({ gap, type, score }): Signal => {
        s += gap / 1000;
        if (type === 'motion') return motion(s, score);
        if (type === 'blind') return blind(s);
        return type === 'tick' ? tick(s) : seeing(s);
      });
    });

  it('opens and ends episodes in turn, each ended one with exactly one calm photo', () => {
    fc.assert(
      fc.property(signals, (list) => {
        const what = play([...list, seeing(5000), tick(5010), tick(6000)]).orders.map((order) => order.what);
        // Whole episodes only: opened, photo, end — 'calm' stands for the photo and for the end alike.
        expect(what.join(' ').replaceAll(/opened calm (calm|longest) ?/g, '')).toBe('');
      }),
    );
  });

  it('takes no photo while blind', () => {
    fc.assert(
      fc.property(signals, (list) => {
        let state = start;
        for (const signal of list) {
          const made = step(state, signal, rules);
          if (made.orders.some((order) => order.type === 'take-still')) expect(made.next.isBlind).toBe(false);
          state = made.next;
        }
      }),
    );
  });

  it('gives the same state back when nothing changed', () => {
    fc.assert(
      fc.property(signals, (list) => {
        const { state } = play(list);
        const again = state.isBlind ? blind(9000) : seeing(9000);
        expect(step(state, again, rules).next).toBe(state);
      }),
    );
  });
});
