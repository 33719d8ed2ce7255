import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endSpells, improveSpells, NO_SPELLS, type Spell, type Spells, tellSpell } from './trouble-spell.ts';
import { epochMs, type Instant, monoMs } from './units.ts';

const START = Date.UTC(2026, 10, 27, 3);
const at = (seconds: number): Instant => ({ mono: monoMs(seconds * 1000), wall: epochMs(START + seconds * 1000) });

/** `f`: it fails, `w`: something works, at these seconds; then what is over at each look. */
const play = (happenings: readonly (readonly ['f' | 'w' | 'look', number])[]) => {
  let spells: Spells = NO_SPELLS;
  const said: string[] = [];
  for (const [what, second] of happenings) {
    if (what === 'f') {
      const { next, isNew } = tellSpell(spells, 'disk', at(second));
      spells = next;
      if (isNew) said.push(`begins ${second}`);
    } else if (what === 'w') spells = improveSpells(spells, () => true);
    else {
      const { next, over } = endSpells(spells, at(second));
      spells = next;
      for (const { times } of over) said.push(`over ${second}: ${times}`);
    }
  }
  return said;
};

describe('a trouble that comes again and again', () => {
  it.each([
    [
      'fails once, and never again',
      [
        ['f', 0],
        ['look', 359],
        ['look', 360],
      ],
      ['begins 0', 'over 360: 1'],
    ],
    [
      'is seen to be over a minute after something worked',
      [
        ['f', 0],
        ['f', 5],
        ['w', 10],
        ['look', 60],
        ['look', 65],
      ],
      ['begins 0', 'over 65: 2'],
    ],
    [
      'is not over while small things work and large ones fail',
      [
        ['f', 0],
        ['w', 1],
        ['f', 2],
        ['w', 3],
        ['f', 50],
        ['look', 100],
      ],
      ['begins 0'],
    ],
    [
      'begins a second time after its end',
      [
        ['f', 0],
        ['w', 1],
        ['look', 61],
        ['f', 62],
      ],
      ['begins 0', 'over 61: 1', 'begins 62'],
    ],
    [
      'is one for all the time that somebody waits five minutes between two tries',
      [
        ['f', 0],
        ['look', 299],
        ['f', 300],
        ['look', 599],
        ['f', 600],
      ],
      ['begins 0'],
    ],
  ] as const)('%s', (_, happenings, said) => {
    expect(play(happenings)).toEqual(said);
  });

  it('counts every failure exactly once, and never says a beginning without an end between two', () => {
    const happening = fc.tuple(fc.constantFrom('f' as const, 'w' as const, 'look' as const), fc.nat({ max: 400 }));
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (steps) => {
        let second = 0;
        const all = steps.map(([what, wait]) => [what, (second += wait)] as const);
        const said = play([...all, ['look', second + 400]]);
        expect(said.map((line) => line.split(' ')[0])).toEqual(said.map((_, index) => (index % 2 ? 'over' : 'begins')));
        const counted = said.reduce((sum, line) => sum + Number(/: (\d+)/.exec(line)?.[1] ?? 0), 0);
        expect(counted).toBe(all.filter(([what]) => what === 'f').length);
      }),
    );
  });

  it('of another key is another', () => {
    const first = tellSpell(NO_SPELLS, 'a', at(0)).next;
    const both = tellSpell(first, 'b', at(1));
    expect(both.isNew).toBe(true);
    const improved = improveSpells(both.next, (key) => key === 'a');
    expect(endSpells(improved, at(70)).over.map((spell: Spell) => spell.key)).toEqual(['a']);
  });
});
