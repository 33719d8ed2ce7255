import { describe, expect, it } from 'vitest';
import { SHEET } from './backdrop.ts';
import { momentAt, type Placed, thingsAt } from './script.ts';
import { AT_FIRST, SCENE_SECONDS, TIMELINE } from './timeline.ts';

/** Sheet units to pixels of the watched stream. */
const SUB = 640 / SHEET.width;

const figureSvg = (placed: readonly Placed[]): string =>
  JSON.stringify(placed.map(({ figure, x, y, scale, looksLeft }) => [figure.svg, x, y, scale, looksLeft]));

const eventful = TIMELINE.filter(({ kind }) => kind !== 'light');

describe('the timeline', () => {
  it('begins with the 20 s that a detector needs, and leaves 14 s of calm after every happening', () => {
    const edges = [0, ...TIMELINE.flatMap(({ start, end }) => [start, end]), SCENE_SECONDS];
    expect(edges.slice(1).every((edge, index) => edge >= (edges[index] ?? Infinity))).toBe(true);
    expect(eventful[0]?.start).toBeGreaterThanOrEqual(20);
    const gaps = eventful.map(({ end }, index) => (eventful[index + 1]?.start ?? SCENE_SECONDS) - end);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(14);
  });

  it('has its first happening over in time for a photo within a minute', () => {
    expect(eventful[0]?.end).toBeLessThanOrEqual(32);
  });

  it('tells of things that come, things that go, somebody who only passes, and light', () => {
    expect(new Set(TIMELINE.map(({ kind }) => kind))).toEqual(new Set(['passing', 'arrives', 'leaves', 'light']));
    expect(eventful.length).toBeGreaterThanOrEqual(5);
  });

  it('ends as it began', () => {
    expect(thingsAt(SCENE_SECONDS)).toEqual(AT_FIRST);
    const [last, first] = [momentAt(SCENE_SECONDS), momentAt(0)];
    expect(figureSvg(last.placed)).toBe(figureSvg(first.placed));
    expect(last.light).toBe(first.light);
    expect(last.drift).toBeCloseTo(first.drift, 9);
  });
});

describe.each(eventful)('$name', ({ kind, thing, start, end }) => {
  it('lasts long enough to be seen and not longer than a visit', () => {
    expect(end - start).toBeGreaterThanOrEqual(4);
    expect(end - start).toBeLessThanOrEqual(10);
  });

  it('changes what stands in the yard, or does not', () => {
    const [before, after] = [thingsAt(start - 0.1), thingsAt(end)];
    if (kind === 'arrives') expect(new Set(after)).toEqual(new Set([...before, thing]));
    else if (kind === 'leaves') expect(new Set(before)).toEqual(new Set([...after, thing]));
    else expect(after).toEqual(before);
  });

  it('moves somebody who is large enough in the watched stream', () => {
    const still = new Set(momentAt(start - 0.1).placed.map(({ figure }) => figure.svg));
    const movers = momentAt(start + (end - start) * 0.45).placed.filter(({ figure }) => !still.has(figure.svg));
    const sizes = movers.map(({ figure: { box }, scale }) => [
      (box.right - box.left) * scale * SUB,
      (box.bottom - box.top) * scale * SUB,
    ]);
    // 24 x 40 pixels in either direction: a cat is long, a person is tall.
    expect(
      sizes.some(([width = 0, height = 0]) => Math.max(width, height) >= 40 && Math.min(width, height) >= 24),
    ).toBe(true);
  });

  it('is calm a moment before and a moment after', () => {
    for (const [from, to] of [
      [start - 1, start - 0.1],
      [end, end + 1],
    ] as const) {
      expect(figureSvg(momentAt(from).placed)).toBe(figureSvg(momentAt(to).placed));
    }
  });

  it('never jumps: from picture to picture nobody moves a tenth of the picture', () => {
    for (let seconds = start; seconds < end - 0.1; seconds += 0.1) {
      const [now, next] = [momentAt(seconds).placed, momentAt(seconds + 0.1).placed];
      for (const { x, y, figure } of next) {
        const same = now.filter(
          (one) => one.figure.box.right - one.figure.box.left === figure.box.right - figure.box.left,
        );
        if (same.length === 0) continue;
        expect(Math.min(...same.map((one) => Math.hypot(one.x - x, one.y - y)))).toBeLessThan(128);
      }
    }
  });
});

describe('the shade', () => {
  const shade = TIMELINE.find(({ kind }) => kind === 'light');
  it('moves nobody and darkens slowly', () => {
    const [start = 0, end = 0] = [shade?.start, shade?.end];
    const lights: number[] = [];
    for (let seconds = start - 1; seconds <= end + 1; seconds += 0.1) {
      expect(figureSvg(momentAt(seconds).placed)).toBe(figureSvg(momentAt(start - 1).placed));
      lights.push(momentAt(seconds).light);
    }
    expect(Math.min(...lights)).toBeLessThan(0.8);
    const steps = lights.slice(1).map((light, index) => Math.abs(light - (lights[index] ?? 0)));
    expect(Math.max(...steps)).toBeLessThan(0.01);
  });
});
