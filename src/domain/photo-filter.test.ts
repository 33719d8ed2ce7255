import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLAIM_KINDS } from './camera-message.ts';
import { type FilterFacts, filterAround, filterConditions, filtersOf, meets, PHOTO_FILTERS } from './photo-filter.ts';
import { STILL_KINDS } from './still.ts';
import { CHANGE_VERDICTS } from './still-change.ts';

const calm: FilterFacts = { kind: 'calm', verdict: undefined, claims: [], isFavourite: false };

const anyFacts: fc.Arbitrary<FilterFacts> = fc.record({
  kind: fc.constantFrom(...STILL_KINDS),
  verdict: fc.constantFrom(undefined, ...CHANGE_VERDICTS),
  claims: fc.subarray([...CLAIM_KINDS]),
  isFavourite: fc.boolean(),
});

describe('the filters of a photo', () => {
  it.each([
    [calm, []],
    [{ ...calm, isFavourite: true }, ['favourite']],
    [{ ...calm, verdict: 'arrived' }, ['lasting']],
    [{ ...calm, verdict: 'gone' }, ['lasting']],
    [{ ...calm, verdict: 'passing' }, ['passing']],
    [{ ...calm, verdict: 'light-only' }, []],
    [{ ...calm, kind: 'manual', claims: ['person', 'vehicle'] }, ['person', 'vehicle', 'manual']],
    [{ ...calm, kind: 'scheduled' }, ['scheduled']],
    [{ ...calm, kind: 'uploaded', claims: ['animal'] }, ['animal', 'uploaded']],
  ] as const)('of %o are %o', (facts, filters) => {
    expect(filtersOf(facts)).toEqual(filters);
  });

  it('are those whose conditions it meets', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        expect(filtersOf(facts)).toEqual(PHOTO_FILTERS.filter((filter) => meets(filterConditions(filter), facts)));
      }),
    );
  });
});

describe('the filter around conditions', () => {
  it.each(PHOTO_FILTERS)('of %s is itself', (filter) => {
    expect(filterAround(filterConditions(filter))).toBe(filter);
  });

  it('is none where the conditions are wider than every filter', () => {
    expect(filterAround({})).toBeUndefined();
    expect(filterAround({ claims: ['person', 'animal'] })).toBeUndefined();
    expect(filterAround({ verdicts: ['arrived'] })).toBeUndefined();
    expect(filterAround({ isFavourite: false })).toBeUndefined();
  });

  it('lets through every photo that meets the conditions', () => {
    const anyConditions = fc.record(
      {
        kinds: fc.subarray([...STILL_KINDS], { minLength: 1 }),
        verdicts: fc.subarray([...CHANGE_VERDICTS], { minLength: 1, maxLength: 2 }),
        claims: fc.subarray([...CLAIM_KINDS], { minLength: 1, maxLength: 2 }),
        isFavourite: fc.boolean(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyConditions, anyFacts, (conditions, facts) => {
        const filter = filterAround(conditions);
        if (filter && meets(conditions, facts)) expect(filtersOf(facts)).toContain(filter);
      }),
    );
  });
});
