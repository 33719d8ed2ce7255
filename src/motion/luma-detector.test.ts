import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Area } from '../domain/geometry.ts';
import type { Reading } from '../domain/signal.ts';
import { paintedScene, type Scene, seededRandom, type Thing } from '../testing/painted-scene.ts';
import { calibrate } from './calibration.ts';
import { KEY_RULES } from './detector-rules.ts';
import { type DetectorOptions, lumaDetector } from './luma-detector.ts';
import { CELL_COLUMNS, CELLS } from './plane-layout.ts';

/** These paint half an hour of video each; a busy machine takes its time. */
const PATIENCE_MS = 120_000;
/** Few runs: each is half a minute of video. The seed is fast-check's own, printed when a property fails. */
const RUNS = { numRuns: 8 };

const readingsOf = (scene: Scene, options: DetectorOptions = {}): readonly Reading[] => {
  const detector = lumaDetector(options);
  const readings: Reading[] = [];
  for (const luma of paintedScene(scene)) detector.fold(luma, readings);
  detector.interrupt(readings);
  return readings;
};

const motionOf = (scene: Scene, options: DetectorOptions = {}): readonly number[] =>
  readingsOf(scene, options).flatMap((reading) => (reading.isMotion ? [reading.pts / 1000] : []));

/** Crosses the picture from left to right in `seconds`, beginning after the warm-up. */
const crossing = (thing: Omit<Thing, 'at'>, seconds: number, y: number, from = 22): Thing => ({
  ...thing,
  at: (second) =>
    second >= from && second <= from + seconds ? { x: (640 * (second - from)) / seconds, y } : undefined,
});

describe('a calm scene', () => {
  it(
    'never triggers, whatever the sensor’s noise',
    () => {
      fc.assert(
        fc.property(fc.integer(), fc.double({ min: 0, max: 6, noNaN: true }), (seed, noise) => {
          expect(motionOf({ seconds: 40, seed, noise })).toEqual([]);
        }),
        RUNS,
      );
    },
    PATIENCE_MS,
  );

  it('gives one reading per sample, in order, all of score 0', () => {
    const readings = readingsOf({ seconds: 30, noise: 0 });
    expect(readings).toHaveLength(150);
    expect(readings.every((reading) => reading.score === 0 && reading.cells === undefined)).toBe(true);
    const times = readings.map((reading) => reading.pts);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});

describe('light', () => {
  it(
    'never triggers by a change of gain and offset, sudden or slow',
    () => {
      fc.assert(
        fc.property(
          fc.double({ min: 0.6, max: 1.5, noNaN: true }),
          fc.integer({ min: -25, max: 25 }),
          fc.constantFrom(0, 0.2, 1, 5),
          (gain, offset, ramp) => {
            const light = (second: number): { gain: number; offset: number } => {
              const share = Math.max(0, Math.min(1, ramp === 0 ? Number(second >= 25) : (second - 25) / ramp));
              return { gain: 1 + (gain - 1) * share, offset: offset * share };
            };
            expect(motionOf({ seconds: 40, light })).toEqual([]);
          },
        ),
        { numRuns: 12 },
      );
    },
    PATIENCE_MS,
  );

  it('does not hide somebody who walks while it changes slowly', () => {
    const light = (second: number): { gain: number; offset: number } => ({
      gain: 1 + 0.2 * Math.sin(second / 8),
      offset: 0,
    });
    const walker = crossing({ width: 24, height: 60, contrast: 40 }, 8, 150);
    expect(motionOf({ seconds: 34, light, things: [walker] }).length).toBeGreaterThan(20);
  });

  it('is told from an object by its smoothness: a lit patch grows without edges', () => {
    // A patch of 200 × 120 pixels that brightens by 14 levels within a second, soft at its border.
    const layers = Array.from({ length: 12 }, (_, layer): Thing => {
      const inset = layer * 8;
      return {
        width: 360 - 2 * inset,
        height: 240 - 2 * inset,
        contrast: 14 / 12,
        at: (second) => (second >= 24 + layer / 15 ? { x: 140 + inset, y: 60 + inset } : undefined),
      };
    });
    expect(motionOf({ seconds: 32, things: layers })).toEqual([]);
  });
});

describe('an object', () => {
  it(
    'of 12 × 8 pixels and contrast 25 is always seen when it crosses the picture',
    () => {
      fc.assert(
        fc.property(
          fc.integer(),
          fc.integer({ min: 4, max: 340 }),
          fc.double({ min: 3, max: 12, noNaN: true }),
          fc.constantFrom(25, -25),
          (seed, y, seconds, contrast) => {
            const mote = crossing({ width: 12, height: 8, contrast }, seconds, y);
            expect(motionOf({ seconds: 36, seed, things: [mote] }).length).toBeGreaterThan(0);
          },
        ),
        { numRuns: 12 },
      );
    },
    PATIENCE_MS,
  );

  it('is timed by when it moves: from its appearance to its disappearance, not to the end of the comparison', () => {
    const walker = crossing({ width: 30, height: 70, contrast: 50 }, 6, 120);
    const times = motionOf({ seconds: 36, things: [walker] });
    expect(times[0]).toBeGreaterThanOrEqual(22);
    expect(times[0]).toBeLessThanOrEqual(22.4);
    expect(times.at(-1)).toBeGreaterThanOrEqual(27.6);
    expect(times.at(-1)).toBeLessThanOrEqual(28.2);
  });

  it('that stops and stays is calm within a sample or two', () => {
    const visitor: Thing = {
      width: 40,
      height: 80,
      contrast: 45,
      at: (second) => (second < 22 ? undefined : { x: Math.min(300, 60 * (second - 22)), y: 140 }),
    };
    const last = motionOf({ seconds: 40, things: [visitor] }).at(-1);
    expect(last).toBeGreaterThanOrEqual(26.6);
    expect(last).toBeLessThanOrEqual(27.6);
  });

  it('lights the cells it is in', () => {
    const walker = crossing({ width: 40, height: 80, contrast: 50 }, 8, 20);
    const moving = readingsOf({ seconds: 36, things: [walker] }).find((reading) => reading.pts === 26_000);
    expect(moving?.cells).toHaveLength(CELLS);
    const lit = [...(moving?.cells ?? [])].flatMap((share, cell) => (share > 60 ? [cell] : []));
    expect(lit.length).toBeGreaterThan(1);
    // At 26 s it is in the middle (x 320–360, the places before it 48 pixels further left), y 20–100.
    for (const cell of lit) {
      expect(cell % CELL_COLUMNS).toBeGreaterThanOrEqual(6);
      expect(cell % CELL_COLUMNS).toBeLessThanOrEqual(9);
      expect(Math.floor(cell / CELL_COLUMNS)).toBeLessThanOrEqual(2);
    }
  });

  it('is not reported while the scene is being learned, unless it is known already', () => {
    const early = crossing({ width: 30, height: 60, contrast: 50 }, 5, 120, 3);
    const scene: Scene = { seconds: 15, things: [early] };
    expect(motionOf(scene)).toEqual([]);
    const prior = calibrate([...paintedScene(scene)]);
    const times = motionOf(scene, { prior });
    expect(times[0]).toBeLessThanOrEqual(3.4);
    expect(times.at(-1)).toBeGreaterThanOrEqual(7.4);
    expect(times.at(-1)).toBeLessThanOrEqual(8.4);
  });
});

describe('masks and zones', () => {
  const left: Area['polygon'] = [
    { x: 0, y: 0 },
    { x: 0.5, y: 0 },
    { x: 0.5, y: 1 },
    { x: 0, y: 1 },
  ];
  const stays = (x: number): Thing => ({
    width: 30,
    height: 60,
    contrast: 50,
    at: (second) => (second > 22 ? { x: x + 60 * Math.abs(Math.sin(second)), y: 150 } : undefined),
  });

  it.each([
    ['in a mask', 40, 'ignored', false],
    ['beside a mask', 480, 'ignored', true],
    ['in a zone of low sensitivity', 40, 'low', true],
    ['in a zone of high sensitivity', 40, 'high', true],
  ] as const)('movement %s', (_, x, sensitivity, isSeen) => {
    const times = motionOf({ seconds: 30, things: [stays(x)] }, { areas: [{ polygon: left, sensitivity }] });
    expect(times.length > 0).toBe(isSeen);
  });

  it('a faint thing is seen in a sensitive zone and not in a dull one', () => {
    const faint = { ...stays(40), contrast: 9.5 };
    const seen = (sensitivity: Area['sensitivity']): boolean =>
      motionOf({ seconds: 30, noise: 0.5, things: [faint] }, { areas: [{ polygon: left, sensitivity }] }).length > 0;
    expect([seen('low'), seen('normal'), seen('high')]).toEqual([false, true, true]);
  });
});

describe('a burnt-in clock', () => {
  /** Seven-segment digits of 12 × 20 pixels: seconds, tens and minutes that really count. */
  const SEGMENTS = ['abcdef', 'bc', 'abged', 'abgcd', 'fgbc', 'afgcd', 'afgedc', 'abc', 'abcdefg', 'abcdfg'];
  const PLACE: Readonly<Record<string, readonly [number, number, number, number]>> = {
    a: [0, 0, 12, 4],
    b: [8, 0, 4, 10],
    c: [8, 10, 4, 10],
    d: [0, 16, 12, 4],
    e: [0, 10, 4, 10],
    f: [0, 0, 4, 10],
    g: [0, 8, 12, 4],
  };
  const digit = (x: number, y: number, shown: (second: number) => number): readonly Thing[] =>
    Object.entries(PLACE).map(([segment, [dx, dy, width, height]]) => ({
      width,
      height,
      contrast: 80,
      at: (second) => (SEGMENTS[shown(second)]?.includes(segment) ? { x: x + dx, y: y + dy } : undefined),
    }));
  const clockAt = (x: number, y: number): readonly Thing[] => [
    ...digit(x, y, (second) => Math.floor(second / 60) % 10),
    ...digit(x + 24, y, (second) => Math.floor(second / 10) % 6),
    ...digit(x + 40, y, (second) => Math.floor(second) % 10),
  ];

  it.each([
    ['upper left', 20, 14],
    ['lower right', 560, 326],
  ])('in the %s corner does not trigger, also when its tens and minutes turn', (_, x, y) => {
    expect(motionOf({ seconds: 80, things: clockAt(x, y) })).toEqual([]);
  });

  it('does trigger where no clock belongs: the mask is earned', () => {
    expect(
      motionOf({ seconds: 50, noise: 1, things: digit(320, 180, (second) => Math.floor(second / 30) % 10) }).length,
    ).toBeGreaterThan(0);
  });
});

describe('what comes back', () => {
  /** Branches that sway about their places and never twice alike, in gusts. */
  const branches = (seed: number, from = 0): readonly Thing[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 60 }, (_, leaf): Thing => {
      const [x, y] = [410 + (leaf % 10) * 20, 50 + Math.floor(leaf / 10) * 22];
      const [fast, slow, phase] = [3 + 3 * random(), 0.7 + random(), 6 * random()];
      return {
        width: 10 + 6 * random(),
        height: 8 + 8 * random(),
        contrast: (leaf % 2 === 0 ? 1 : -1) * (20 + 20 * random()),
        at: (second) => {
          const gust = second < from ? 0 : 0.6 + 0.4 * Math.sin(second / 5 + seed);
          return {
            x: x + gust * (5 * Math.sin(fast * second + phase) + 3 * Math.sin(slow * second)),
            y: y + gust * 3 * Math.cos(slow * second + phase),
          };
        },
      };
    });
  };

  it(
    'branches that sway are learned in the warm-up but for a gust of a second, and who walks by or through them is seen',
    () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 70, max: 260 }), (seed, y) => {
          const walker = crossing({ width: 30, height: 70, contrast: 60 }, 8, y, 80);
          const times = motionOf({ seconds: 92, seed, things: [...branches(seed), walker] });
          expect(times.filter((time) => time > 30 && time < 80).length).toBeLessThanOrEqual(5);
          expect(times.filter((time) => time >= 80 && time <= 88).length).toBeGreaterThan(25);
          expect(times.filter((time) => time > 89).length).toBeLessThanOrEqual(2);
        }),
        { numRuns: 4 },
      );
    },
    PATIENCE_MS,
  );

  it(
    'wind that rises later is motion at first, and none after a minute',
    () => {
      const times = motionOf({ seconds: 150, things: branches(5, 40) });
      expect(times.filter((time) => time < 40)).toEqual([]);
      expect(times.filter((time) => time > 100)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('a lamp that flickers is no motion once it is known', () => {
    const lamp: Thing = {
      width: 60,
      height: 40,
      contrast: 40,
      at: (second) => (Math.sin(second * 7) + Math.sin(second * 4.3) > 0.4 ? { x: 300, y: 160 } : undefined),
    };
    expect(motionOf({ seconds: 60, things: [lamp] }).filter((time) => time > 30)).toEqual([]);
  });

  it(
    'does not make somebody vanish who paces up and down for a minute',
    () => {
      const pacer: Thing = {
        width: 26,
        height: 64,
        contrast: -50,
        at: (second) =>
          second < 30 || second > 90
            ? undefined
            : { x: 300 + 120 * Math.sin((2 * Math.PI * (second - 30)) / 7), y: 120 },
      };
      const times = [30, ...motionOf({ seconds: 92, things: [pacer] }), 90];
      const rests = times.slice(1).map((time, index) => time - (times[index] ?? time));
      expect(Math.max(...rests)).toBeLessThan(5);
    },
    PATIENCE_MS,
  );
});

describe('gaps and sparse pictures', () => {
  it('an interruption forgets the pictures, not the scene', () => {
    const detector = lumaDetector();
    const readings: Reading[] = [];
    for (const luma of paintedScene({ seconds: 30 })) detector.fold(luma, readings);
    detector.interrupt(readings);
    const walker = crossing({ width: 30, height: 70, contrast: 45 }, 6, 120, 1);
    for (const luma of paintedScene({ seconds: 9, seed: 9, things: [walker] })) {
      detector.fold({ ...luma, pts: (luma.pts + 600_000) as typeof luma.pts }, readings);
    }
    detector.interrupt(readings);
    const times = readings.filter((reading) => reading.isMotion).map((reading) => reading.pts / 1000 - 600);
    expect(times[0]).toBeGreaterThanOrEqual(1);
    expect(times[0]).toBeLessThanOrEqual(1.6);
  });

  it(
    'what goes on at one place every four minutes stays motion for who looks only then',
    () => {
      const detector = lumaDetector();
      for (const luma of paintedScene({ seconds: 30 })) detector.fold(luma, []);
      const gardener: Thing = {
        width: 24,
        height: 40,
        contrast: 25,
        at: (second) => (second < 2 || second > 10 ? undefined : { x: 300 + 40 * Math.sin(2 * second), y: 150 }),
      };
      const seen: number[] = [];
      for (let time = 1; time <= 15; time++) {
        const readings: Reading[] = [];
        detector.interrupt(readings);
        for (const luma of paintedScene({ seconds: 13, seed: time, things: [gardener] })) {
          detector.fold({ ...luma, pts: (luma.pts + time * 240_000) as typeof luma.pts }, readings);
        }
        seen.push(readings.filter((reading) => reading.isMotion).length);
      }
      expect(seen[0], seen.join(' ')).toBeGreaterThan(20);
      expect(Math.min(...seen), seen.join(' ')).toBeGreaterThan((seen[0] ?? 0) * 0.8);
    },
    PATIENCE_MS,
  );

  it('a picture per second is enough for what stays that long', () => {
    const walker = crossing({ width: 30, height: 70, contrast: 45 }, 10, 120, 30);
    const times = motionOf({ seconds: 60, fps: 1, things: [walker] });
    expect(times.length).toBeGreaterThan(5);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(29);
    expect(Math.max(...times)).toBeLessThanOrEqual(42);
  });

  it('key frames alone see what changed between them', () => {
    const walker = crossing({ width: 30, height: 70, contrast: 45 }, 8, 120, 40);
    const keyed = lumaDetector({ rules: KEY_RULES });
    const hits: number[] = [];
    for (const luma of paintedScene({ seconds: 60, things: [walker] })) {
      if (luma.isKey && keyed.fold(luma, []).isSuspicious) hits.push(luma.pts / 1000);
    }
    // From 40 s, when it appears, to 48 s, when it has just left the picture.
    expect(hits).toEqual([40, 42, 44, 46, 48]);
  });
});
