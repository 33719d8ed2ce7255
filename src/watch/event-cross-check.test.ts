import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs, type Instant, monoMs } from '../domain/units.ts';
import { type CheckInput, type CheckState, checkFigures, checkStep, newCheckState } from './event-cross-check.ts';

const at = (second: number): Instant => ({
  mono: monoMs(second * 1000),
  wall: epochMs(1_795_000_000_000 + second * 1000),
});

interface Told {
  readonly state: CheckState;
  readonly orders: readonly string[];
}

/** Runs `inputs` with a tick each second up to `until`. */
const run = (
  inputs: readonly CheckInput[],
  until: number,
  claims: (second: number) => boolean = () => false,
  isLineUp = true,
): Told => {
  let state = newCheckState();
  const orders: string[] = [];
  const take = (input: CheckInput): void => {
    const step = checkStep(state, input);
    state = step.next;
    for (const order of step.orders) orders.push(`${order}@${input.at.mono / 1000}`);
  };
  const waiting = inputs.toSorted((a, b) => a.at.mono - b.at.mono);
  for (let second = 0; second <= until; second++) {
    while (waiting[0] && waiting[0].at.mono <= second * 1000) take(waiting.shift() as CheckInput);
    take({ type: 'tick', at: at(second), isClaiming: claims(second), isLineUp });
  }
  return { state, orders };
};
const px = (second: number): CheckInput => ({ type: 'pixels', at: at(second) });
const cam = (second: number): CheckInput => ({ type: 'camera', at: at(second) });
const motions = (count: number, from = 100, gap = 60): readonly CheckInput[] =>
  Array.from({ length: count }, (_, index) => px(from + index * gap));

describe('cross-check', () => {
  it.each<[string, readonly CheckInput[], [agreed: number, onlyPixels: number, onlyCamera: number]]>([
    ['the camera a little later', [px(10), cam(14)], [1, 0, 0]],
    ['the camera a little earlier', [cam(10), px(15)], [1, 0, 0]],
    ['pixels alone', [px(10)], [0, 1, 0]],
    ['the camera alone', [cam(10)], [0, 0, 1]],
    ['too far apart', [px(10), cam(30)], [0, 1, 1]],
    ['one long motion is one', [px(10), px(14), px(18), px(22), cam(12)], [1, 0, 0]],
    ['two motions are two', [px(10), cam(11), px(40), cam(42)], [2, 0, 0]],
    ['repeated claims of one motion', [cam(10), cam(12), px(13), cam(14)], [1, 0, 0]],
  ])('%s', (_, inputs, [agreed, onlyPixels, onlyCamera]) => {
    expect(checkFigures(run(inputs, 90).state)).toMatchObject({ agreed, onlyPixels, onlyCamera });
  });

  it('silence while pixels move: renewed, rebuilt, reported with pixels standing in, tried again', () => {
    const { orders, state } = run(motions(18), 1300);
    // The sixtieth second of each motion's minute: 11 s after its beginning nobody had spoken.
    expect(orders).toEqual(['renew@231', 'rebuild@351', 'rebuild@531', 'stand-in@531', 'rebuild@1131']);
    expect(checkFigures(state)).toMatchObject({ onlyPixels: 18, unheard: 18, isStandIn: true });
    expect(checkStep(state, cam(1301)).orders).toEqual(['stand-down']);
  });

  it('a word of the camera starts the count anew', () => {
    const inputs = [...motions(2), cam(225), ...motions(2, 280)];
    expect(run(inputs, 500).orders).toEqual([]);
  });

  it('a line that is down is not silence', () => {
    const { orders, state } = run(motions(10), 800, undefined, false);
    expect(orders).toEqual([]);
    expect(checkFigures(state).onlyPixels).toBe(10);
  });

  it('a camera that holds its claim agrees with what pixels see during it', () => {
    const { state } = run([px(50), px(120)], 200, (second) => second > 20);
    expect(checkFigures(state)).toMatchObject({ agreed: 2, onlyPixels: 0 });
  });

  it('a camera that cries all day is said so once, and once when it is mended', () => {
    const hour = 3600;
    const cries = run([cam(1)], 7 * hour, () => true);
    expect(cries.orders).toEqual([`tell-cries@${6 * hour}`]);
    expect(checkFigures(cries.state).claimedShare).toBeGreaterThan(0.99);
    const mended = run([cam(1)], 16 * hour, (second) => second < 7 * hour);
    expect(mended.orders.map((order) => order.split('@')[0])).toEqual(['tell-cries', 'tell-quiet']);
  });

  it('counts every motion once and keeps one day', () => {
    const input = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 120 }));
    fc.assert(
      fc.property(fc.array(input, { maxLength: 40 }), (entries) => {
        let second = 0;
        const inputs = entries.map(([isPixels, gap]) => (isPixels ? px : cam)((second += gap)));
        const { state } = run(inputs, second + 30);
        const { agreed, onlyPixels, onlyCamera } = checkFigures(state);
        const pixels = entries.filter(([isPixels]) => isPixels).length;
        expect(agreed + onlyPixels).toBeLessThanOrEqual(pixels);
        expect(onlyCamera).toBeLessThanOrEqual(entries.length - pixels);
        expect(state.hours.length).toBeLessThanOrEqual(24);
      }),
      { numRuns: 30 },
    );
  });
});
