import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { epochMs, type Instant, monoMs } from '../domain/units.ts';
import { EMPTY_SCENE, type SceneFrame, type SceneObject, sceneStep } from './onvif-scene.ts';
import { BARE_TRUE, hear, SILENCE } from './onvif-state.ts';

const at = (second: number): Instant => ({ mono: monoMs(second * 1000), wall: epochMs(second * 1000) });
const object = (id: string, name: string, x: number, behaviour?: SceneObject['behaviour']): SceneObject => ({
  id,
  classes: name === '' ? [] : [{ name }],
  box: { left: x, top: 0.4, right: x + 0.1, bottom: 0.6 },
  behaviour,
});
const frame = (...objects: readonly SceneObject[]): SceneFrame => ({ objects, activeCells: undefined });
const cells = (activeCells: number): SceneFrame => ({ objects: [], activeCells });

/** `+person` begun, `-person` ended, with the second. */
const told = (entries: readonly (readonly [second: number, frame: SceneFrame])[]): string => {
  let scene = EMPTY_SCENE;
  let word = SILENCE;
  const out: string[] = [];
  for (const [second, one] of entries) {
    const step = sceneStep(scene, [one], at(second));
    scene = step.next;
    for (const message of step.messages) {
      const heard = hear(word, message, at(second));
      word = heard.next;
      for (const { type, kinds } of heard.claimed)
        out.push(`${type === 'end' ? '-' : '+'}${kinds.join('&')}@${second}`);
    }
  }
  return out.join(' ');
};

describe('a scene description', () => {
  it('a person who walks through begins and ends', () => {
    const walk = [0, 1, 2, 3].map((second) => [second, frame(object('7', 'Human', 0.1 + second * 0.1))] as const);
    expect(told([...walk, [4, frame()]])).toBe('+person@0 -person@4');
  });

  it('a car that parks claims nothing once it stands, and again when it leaves', () => {
    const stands = Array.from({ length: 40 }, (_, second) => [second, frame(object('1', 'Car', 0.5))] as const);
    expect(told([...stands, [40, frame(object('1', 'Car', 0.6))]])).toBe('+vehicle@0 -vehicle@3 +vehicle@40');
  });

  it('what the camera calls idle or removed is nothing', () => {
    expect(told([[0, frame(object('1', 'Car', 0.5, 'idle'))]])).toBe('');
    expect(
      told([
        [0, frame(object('1', 'Dog', 0.5))],
        [1, frame(object('1', 'Dog', 0.6, 'removed'))],
      ]),
    ).toBe('+animal@0 -animal@1');
  });

  it('an object without a class is motion', () => {
    expect(told([[0, frame(object('1', '', 0.5))]])).toBe('+motion@0');
  });

  it('cells begin and end', () => {
    expect(
      told([
        [0, cells(0)],
        [1, cells(4)],
        [2, cells(9)],
        [3, cells(0)],
      ]),
    ).toBe('+motion@1 -motion@3');
  });

  it('says what goes on again before it is no longer believed, and no more often than that', () => {
    let scene = EMPTY_SCENE;
    const when: number[] = [];
    for (let second = 0; second < 60; second += 0.2) {
      const step = sceneStep(scene, [frame(object('1', 'Human', (second % 10) / 10))], at(second));
      scene = step.next;
      if (step.messages.length > 0) when.push(second);
    }
    expect(when.length).toBeLessThan(8);
    for (const [index, second] of when.slice(1).entries()) {
      expect((second - (when[index] ?? 0)) * 1000).toBeLessThan(BARE_TRUE);
    }
  });

  it('whatever comes, it remembers a bounded number of objects', () => {
    const some = fc.record({
      id: fc.string(),
      classes: fc.array(fc.record({ name: fc.string() }), { maxLength: 2 }),
      box: fc.option(fc.record({ left: fc.double(), top: fc.double(), right: fc.double(), bottom: fc.double() }), {
        nil: undefined,
      }),
      behaviour: fc.constantFrom('removed' as const, 'idle' as const, undefined),
    });
    fc.assert(
      fc.property(fc.array(fc.array(some, { maxLength: 300 }), { maxLength: 4 }), (frames) => {
        const { next, messages } = sceneStep(
          EMPTY_SCENE,
          frames.map((objects) => ({ objects, activeCells: 0 })),
          at(0),
        );
        expect(next.objects.size).toBeLessThanOrEqual(200);
        expect(messages.every(({ operation }) => operation === 'Changed')).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
