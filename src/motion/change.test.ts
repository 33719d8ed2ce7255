import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANGE_SIZE, type ChangePicture } from '../domain/change-picture.ts';
import { compareStills, type PairChange, peakChange, setChange } from './change.ts';

const { width: W, height: H } = CHANGE_SIZE;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly luma: number;
  /** Colour differences from grey. */
  readonly colour?: number;
}

interface Drawn {
  readonly boxes?: readonly Box[];
  readonly gain?: number;
  readonly offset?: number;
  /** The camera looks this far to the side. */
  readonly shift?: { readonly x: number; readonly y: number };
  readonly noise?: number;
  readonly seed?: number;
  /** A shadow: everything left of it is this much darker. */
  readonly shadow?: { readonly until: number; readonly factor: number };
  readonly hasColour?: boolean;
  readonly scene?: number;
}

/** A random value for a point of a lattice, 0..1, the same every time. */
const lattice = (x: number, y: number, scene: number): number => {
  let hash = Math.imul(x + 1013, 374_761_393) ^ Math.imul(y + 7919, 668_265_263) ^ Math.imul(scene + 1, 974_711);
  hash = Math.imul(hash ^ (hash >>> 13), 1_274_126_177);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

/** Random ground of one grain, smooth between lattice points, so that a part of a pixel means something. */
const grain = (x: number, y: number, size: number, scene: number): number => {
  const [left, top] = [Math.floor(x / size), Math.floor(y / size)];
  const soft = (part: number): number => part * part * (3 - 2 * part);
  const [right, down] = [soft(x / size - left), soft(y / size - top)];
  const row = (atY: number): number => lattice(left, atY, scene) * (1 - right) + lattice(left + 1, atY, scene) * right;
  return row(top) * (1 - down) + row(top + 1) * down;
};

const ground = (x: number, y: number, scene: number): number =>
  70 + 60 * grain(x, y, 17, scene) + 35 * grain(x, y, 6, scene + 10) + 20 * grain(x, y, 90, scene + 20);

const draw = (drawn: Drawn = {}): ChangePicture => {
  const { boxes = [], gain = 1, offset = 0, shift = { x: 0, y: 0 }, noise = 2, hasColour = true, scene = 0 } = drawn;
  let state = ((drawn.seed ?? 1) * 2_654_435_761) >>> 0;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const luma = new Uint8Array(W * H);
  const blue = new Uint8Array((W * H) / 4).fill(128);
  const red = new Uint8Array((W * H) / 4).fill(128);
  const inBox = (box: Box, x: number, y: number): boolean =>
    x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;
  for (let y = 0; y < H; y++) {
    for (let x = 0; x < W; x++) {
      const [atX, atY] = [x + shift.x, y + shift.y];
      const box = boxes.find((each) => inBox(each, atX, atY));
      // A thing has a pattern of its own.
      let value = box ? box.luma + 8 * Math.sin(atX * 0.9) : ground(atX, atY, scene);
      if (drawn.shadow && atX < drawn.shadow.until) value *= drawn.shadow.factor;
      const lit = gain * value + offset + noise * 3.4 * random();
      luma[y * W + x] = Math.max(0, Math.min(255, Math.round(lit)));
      if (x % 2 === 0 && y % 2 === 0 && hasColour) {
        const at = (y / 2) * (W / 2) + x / 2;
        blue[at] = 120 + (box?.colour ?? 0);
        red[at] = 134 - (box?.colour ?? 0);
      }
    }
  }
  return { luma, blue, red };
};

const parcel: Box = { x: 200, y: 100, width: 24, height: 20, luma: 180 };
const empty = draw();

describe('two stills of one place', () => {
  it('show something that arrived, where it is', () => {
    const found = compareStills(empty, draw({ boxes: [parcel], seed: 2 }));
    expect(found.finding).toBe('arrived');
    expect(found.share).toBeGreaterThan(0.006);
    expect(found.share).toBeLessThan(0.04);
    const marked = [...found.mask.keys()].filter((cell) => found.mask[cell] === 1);
    for (const cell of marked) {
      const [x, y] = [(cell % 32) * 10, Math.floor(cell / 32) * 10];
      expect(x).toBeGreaterThanOrEqual(180);
      expect(x).toBeLessThanOrEqual(230);
      expect(y).toBeGreaterThanOrEqual(80);
      expect(y).toBeLessThanOrEqual(130);
    }
    expect(found.mask[11 * 32 + 21]).toBe(1);
  });

  it('show something that is gone', () => {
    expect(compareStills(draw({ boxes: [parcel], seed: 2 }), empty).finding).toBe('gone');
  });

  it('show the same, whatever the noise', () => {
    const found = compareStills(empty, draw({ seed: 3, noise: 4 }));
    expect(found).toMatchObject({ finding: 'same', share: 0 });
  });

  it.each([
    ['darker', { gain: 0.6, offset: 0 }],
    ['brighter', { gain: 1.3, offset: 5 }],
    ['lifted', { gain: 1, offset: 30 }],
  ])('show only another light when it is %s', (_, light) => {
    expect(compareStills(empty, draw({ ...light, seed: 4 })).finding).toBe('light-only');
  });

  it('show only another light when a shadow falls over a third of it', () => {
    const shaded = draw({ shadow: { until: 110, factor: 0.6 }, seed: 5 });
    expect(compareStills(empty, shaded)).toMatchObject({ finding: 'light-only', share: 0 });
    expect(compareStills(shaded, empty)).toMatchObject({ finding: 'light-only', share: 0 });
  });

  it('show what arrived although the light changed and the camera shook', () => {
    const after = draw({ boxes: [parcel], gain: 0.75, offset: 4, shift: { x: 3.4, y: -2.2 }, seed: 6 });
    const found = compareStills(empty, after);
    expect(found.finding).toBe('arrived');
    expect(found.light.gain).toBeCloseTo(0.75, 1);
    expect(found.shift.x).toBeCloseTo(-3.4, 0);
    expect(found.shift.y).toBeCloseTo(2.2, 0);
  });

  it('show a thing that differs by colour only', () => {
    const red: Box = { ...parcel, luma: 112, colour: -30 };
    const plain: Box = { ...parcel, luma: 112 };
    expect(compareStills(draw({ boxes: [plain] }), draw({ boxes: [red], seed: 2 })).share).toBeGreaterThan(0);
  });

  it.each([
    ['the camera switched to infrared', draw({ hasColour: false, seed: 2 }), 'night-switch'],
    ['the camera was turned', draw({ shift: { x: 90, y: 40 }, scene: 0, seed: 2 }), 'camera-moved'],
    ['it is another place', draw({ scene: 2, seed: 2 }), 'camera-moved'],
    ['the lens is covered', { ...empty, luma: new Uint8Array(W * H).fill(17) }, 'no-structure'],
  ])('cannot be compared when %s', (_, after, why) => {
    expect(compareStills(empty, after)).toMatchObject({ finding: 'cannot-compare', why, share: 0 });
    expect(compareStills(after, empty)).toMatchObject({ finding: 'cannot-compare', why, share: 0 });
  });

  it('show nothing new under any light and any small shake', () => {
    const light = { gain: fc.double({ min: 0.6, max: 1.35, noNaN: true }), offset: fc.integer({ min: -12, max: 12 }) };
    const shift = fc.record({
      x: fc.double({ min: -11, max: 11, noNaN: true }),
      y: fc.double({ min: -11, max: 11, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.record({ ...light, shift, seed: fc.nat(1000) }), (drawn) => {
        expect(['same', 'light-only']).toContain(compareStills(empty, draw(drawn)).finding);
      }),
      { numRuns: 10 },
    );
  });

  it('show a thing of 14 × 14 px and contrast 30 or more wherever it is put, and the reverse when it is taken', () => {
    const box = fc.record({
      x: fc.integer({ min: 20, max: 270 }),
      y: fc.integer({ min: 20, max: 140 }),
      width: fc.integer({ min: 14, max: 60 }),
      height: fc.integer({ min: 14, max: 60 }),
      // The ground lies between 70 and 185: a contrast of 30 at least.
      luma: fc.constantFrom(30, 40, 225, 235),
    });
    fc.assert(
      fc.property(box, fc.nat(1000), (thing, seed) => {
        const full = draw({ boxes: [thing], seed });
        expect(compareStills(empty, full).finding).toBe('arrived');
        expect(compareStills(full, empty).finding).toBe('gone');
      }),
      { numRuns: 10 },
    );
  });

  it('show a thing of 7 × 7 px as well, away from where cameras write the time', () => {
    const box = fc.record({
      x: fc.integer({ min: 20, max: 270 }),
      y: fc.integer({ min: 20, max: 140 }),
      width: fc.integer({ min: 7, max: 13 }),
      height: fc.integer({ min: 7, max: 13 }),
      luma: fc.constantFrom(20, 245),
    });
    fc.assert(
      fc.property(box, fc.nat(1000), (thing, seed) => {
        const full = draw({ boxes: [thing], seed });
        expect(compareStills(empty, full).finding).toBe('arrived');
        expect(compareStills(full, empty).finding).toBe('gone');
      }),
      { numRuns: 10 },
    );
  });

  it('show no thing where the time is written, nor where many spots differ', () => {
    // 45 grey levels off the ground: too little for the cells at this size.
    const spot = (x: number, y: number): Box => ({
      x,
      y,
      width: 6,
      height: 6,
      luma: (empty.luma[(y + 3) * W + x + 3] ?? 0) + 45,
    });
    const found = (y: number): string => compareStills(empty, draw({ boxes: [spot(160, y)] })).finding;
    expect([found(4), found(80), found(170)]).toEqual(['same', 'arrived', 'same']);
    const leaves = Array.from({ length: 12 }, (_, at) => spot(20 + at * 23, 90));
    expect(compareStills(empty, draw({ boxes: leaves })).finding).toBe('same');
  });
});

describe('the verdict of a set', () => {
  const pair = (finding: PairChange['finding']): PairChange => ({
    finding,
    share: finding === 'arrived' || finding === 'gone' ? 0.0314 : 0,
    mask: new Uint8Array(576),
    shift: { x: 0, y: 0 },
    light: { gain: 1, offset: 0 },
  });
  // before → calm, before → peak, verdict
  const table = [
    ['same', 'arrived', 'passing'],
    ['same', 'gone', 'passing'],
    ['same', 'same', 'passing'],
    ['same', undefined, 'passing'],
    ['same', 'light-only', 'light-only'],
    ['same', 'cannot-compare', 'passing'],
    ['arrived', 'arrived', 'arrived'],
    ['arrived', undefined, 'arrived'],
    ['gone', 'arrived', 'gone'],
    ['light-only', 'arrived', 'passing'],
    ['light-only', 'light-only', 'light-only'],
    ['light-only', undefined, 'light-only'],
    ['cannot-compare', 'arrived', 'cannot-compare'],
  ] as const;
  it.each(table)('before to calm %s, before to peak %s: %s', (lasting, moment, verdict) => {
    expect(setChange(pair(lasting), moment && pair(moment)).verdict).toBe(verdict);
  });

  it('keeps the share in thousandths', () => {
    expect(setChange(pair('arrived'), undefined).perMille).toBe(31);
    expect(peakChange(pair('gone'))).toMatchObject({ verdict: 'gone', perMille: 31 });
  });
});
