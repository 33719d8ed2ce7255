import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MotionWitness } from '../domain/camera.ts';
import type { CameraMessage } from '../domain/camera-message.ts';
import { newEpisodeState, step } from '../domain/episode.ts';
import { cameraId } from '../domain/ids.ts';
import type { Signal } from '../domain/signal.ts';
import { epochMs, type Instant, monoMs, seconds } from '../domain/units.ts';
import { type MergeInput, mergeStep, newMergeState } from './trigger-merge.ts';

const at = (second: number): Instant => ({
  mono: monoMs(second * 1000),
  wall: epochMs(1_795_000_000_000 + second * 1000),
});
const said = (value: string, operation: CameraMessage['operation'] = 'Changed'): readonly CameraMessage[] => [
  { topic: 'tns1:VideoSource/MotionAlarm', operation, utcTime: '', source: {}, key: {}, data: { State: value } },
];

const T = (second: number): MergeInput => ({ type: 'tick', at: at(second) });
const ON = (second: number): MergeInput => ({ type: 'camera', at: at(second), messages: said('true') });
const OFF = (second: number): MergeInput => ({ type: 'camera', at: at(second), messages: said('false') });
const OLD = (second: number): MergeInput => ({ type: 'camera', at: at(second), messages: said('true', 'Initialized') });
const UP = (second: number): MergeInput => ({ type: 'line-up', at: at(second) });
const DOWN = (second: number): MergeInput => ({ type: 'line-down', at: at(second), reason: 'SW_CAM_LOST' });
const px = (signal: Signal): MergeInput => ({ type: 'pixels', signal });
const SEE = (second: number): MergeInput => px({ type: 'seeing', at: at(second) });
const BLIND = (second: number): MergeInput => px({ type: 'blind', at: at(second), reason: 'SW_CAM_SILENT' });
const MOVE = (second: number): MergeInput => px({ type: 'motion', at: at(second), score: 0.8, cause: 'pixels' });
const STAND = (second: number, isOn: boolean): MergeInput => ({ type: 'stand-in', at: at(second), isOn });

const signalsOf = (witness: MotionWitness, inputs: readonly MergeInput[]): readonly Signal[] => {
  let state = newMergeState();
  return inputs.flatMap((input) => {
    const merged = mergeStep(state, input, witness);
    state = merged.next;
    return merged.signals;
  });
};
// `c` camera motion, `p` pixel motion, `t` tick, `b` blind, `s` seeing.
const short = (witness: MotionWitness, inputs: readonly MergeInput[]): string =>
  signalsOf(witness, inputs)
    .map((signal) => (signal.type === 'motion' ? (signal.cause === 'camera' ? 'c' : 'p') : signal.type.charAt(0)))
    .join('');

describe('trigger-merge', () => {
  it.each<[string, MotionWitness, readonly MergeInput[], string]>([
    ['events: the camera alone runs it', 'events', [UP(0), ON(1), T(2), T(3), OFF(4), T(5)], 'sccct'],
    ['events: pixels do not count', 'events', [UP(0), SEE(0), MOVE(1), T(2)], 'st'],
    ['events: a dead line is blindness', 'events', [UP(0), DOWN(5), UP(9)], 'sbs'],
    ['events: a replayed state begins nothing', 'events', [UP(0), OLD(1), T(2)], 'st'],
    ['events: a true that never ends stops after its time', 'events', [UP(0), ON(0), T(29), T(30), T(31)], 'scctt'],
    [
      'events: pixels stand in for a dead channel',
      'events',
      [UP(0), SEE(0), STAND(1, true), MOVE(2), STAND(3, false), MOVE(4)],
      'sp',
    ],
    [
      'events: with pixels standing in, a dead line is not blindness',
      'events',
      [UP(0), SEE(0), STAND(1, true), DOWN(2)],
      's',
    ],
    [
      'events: standing in for a line that is down gives sight back',
      'events',
      [UP(0), SEE(0), DOWN(2), STAND(3, true)],
      'sbs',
    ],
    ['pixels: the camera does not count', 'pixels', [SEE(0), ON(1), T(2), MOVE(3)], 'stp'],
    ['pixels: the line does not count', 'pixels', [SEE(0), UP(0), DOWN(1), BLIND(2)], 'sb'],
    ['both: either counts', 'both', [SEE(0), ON(1), OFF(2), MOVE(3), T(4)], 'scpt'],
    ['both: a lost line leaves the pixels', 'both', [SEE(0), UP(0), DOWN(1), MOVE(2)], 'sp'],
    ['both: blind pixels stay blind through the camera’s word', 'both', [SEE(0), BLIND(1), ON(2), T(3)], 'sbcbcb'],
  ])('%s', (_, witness, inputs, expected) => {
    expect(short(witness, inputs)).toBe(expected);
  });

  it('opens one episode for both witnesses, and calms only when both are quiet', () => {
    const rules = { calmPeriod: seconds(10), longestEpisode: seconds(600) };
    const inputs = [SEE(0), ON(1), MOVE(3), T(8), OFF(12), T(15), T(21), T(22), T(23)];
    let state = newEpisodeState(cameraId('gate'));
    const orders: string[] = [];
    for (const signal of signalsOf('both', inputs)) {
      const stepped = step(state, signal, rules);
      state = stepped.next;
      for (const order of stepped.orders) orders.push(`${order.type}@${(signal.at.mono / 1000).toFixed()}`);
    }
    // The camera said true until 12 s; its last motion was seen on the tick at 8 s.
    expect(orders).toEqual(['episode-opened@1', 'take-still@21', 'episode-ended@21']);
  });

  it('never makes a camera signal with pixels only, nor a pixel signal with events only', () => {
    const input = fc
      .tuple(fc.constantFrom(T, ON, OFF, OLD, UP, DOWN, SEE, BLIND, MOVE), fc.integer({ min: 0, max: 5 }))
      .map(([make, gap]) => [make, gap] as const);
    fc.assert(
      fc.property(fc.array(input), fc.constantFrom<MotionWitness>('events', 'pixels', 'both'), (steps, witness) => {
        let second = 0;
        const inputs = steps.map(([make, gap]) => make((second += gap)));
        const signals = signalsOf(witness, inputs);
        for (const signal of signals) {
          if (signal.type !== 'motion') continue;
          if (witness === 'pixels') expect(signal.cause).toBe('pixels');
          if (witness === 'events') expect(signal.cause).toBe('camera');
        }
        const times = signals.map((signal) => signal.at.mono);
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });
});
