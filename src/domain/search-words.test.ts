import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civilTime, instantOf } from './civil-time.ts';
import { cameraId } from './ids.ts';
import { readSearchWords, type SearchContext, type SearchWords } from './search-words.ts';

const ZONE = 'Europe/Copenhagen';
/** A Monday. */
const MONDAY = '2026-11-23';
const contextAt = (time: string, day = MONDAY): SearchContext => {
  const now = instantOf(day, time, ZONE);
  if (now === undefined) throw new TypeError('no such time');
  const cameras = [
    { id: cameraId('garden'), name: 'Have' },
    { id: cameraId('drive'), name: 'Front drive' },
    { id: cameraId('night-yard'), name: 'Night yard' },
  ];
  return { now, zone: ZONE, cameras };
};

/** What was understood, in the fewest words: only what is not empty, times by the clock at the site. */
const understood = (text: string, context: SearchContext): Record<string, unknown> => {
  const found: SearchWords = readSearchWords(text, context);
  const clock = (at: SearchWords['from']): string | undefined => {
    if (at === undefined) return undefined;
    const { day, time } = civilTime(at, ZONE);
    return `${day} ${time.slice(0, 2)}`;
  };
  const shown = { ...found, from: clock(found.from), until: clock(found.until) };
  return Object.fromEntries(
    Object.entries(shown).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );
};

const NOON = '12-00-00';

describe('words of a search', () => {
  it.each<readonly [string, Record<string, unknown>]>([
    ['', {}],
    ['garden', { cameras: ['garden'] }],
    ['Have', { cameras: ['garden'] }],
    ['front  drive', { cameras: ['drive'] }],
    ['garden drive', { cameras: ['garden', 'drive'] }],
    ['today', { from: '2026-11-23 00', until: '2026-11-24 00' }],
    ['i dag', { from: '2026-11-23 00', until: '2026-11-24 00' }],
    ['yesterday', { from: '2026-11-22 00', until: '2026-11-23 00' }],
    ['i forgårs', { from: '2026-11-21 00', until: '2026-11-22 00' }],
    ['garden last night', { cameras: ['garden'], from: '2026-11-22 18', until: '2026-11-23 06' }],
    ['i går aften', { from: '2026-11-22 18', until: '2026-11-23 00' }],
    ['yesterday evening', { from: '2026-11-22 18', until: '2026-11-23 00' }],
    ['i aftes', { from: '2026-11-22 18', until: '2026-11-23 00' }],
    ['i nat', { from: '2026-11-22 22', until: '2026-11-23 06' }],
    ['yesterday night', { from: '2026-11-22 22', until: '2026-11-23 06' }],
    ['this morning', { from: '2026-11-23 05', until: '2026-11-23 12' }],
    ['i morges', { from: '2026-11-23 05', until: '2026-11-23 12' }],
    ['tonight', { from: '2026-11-23 18', until: '2026-11-24 00' }],
    ['monday', { from: '2026-11-23 00', until: '2026-11-24 00' }],
    ['søndag eftermiddag', { from: '2026-11-22 12', until: '2026-11-22 18' }],
    ['tirsdag', { from: '2026-11-17 00', until: '2026-11-18 00' }],
    ['this week', { from: '2026-11-23 00', until: '2026-11-24 00' }],
    ['sidste uge', { from: '2026-11-16 00', until: '2026-11-23 00' }],
    ['last 3 days', { from: '2026-11-21 00', until: '2026-11-24 00' }],
    ['2026-10-25', { from: '2026-10-25 00', until: '2026-10-26 00' }],
    ['24/12', { from: '2025-12-24 00', until: '2025-12-25 00' }],
    ['3.11.2024', { from: '2024-11-03 00', until: '2024-11-04 00' }],
    ['23. november', { from: '2026-11-23 00', until: '2026-11-24 00' }],
    ['nov 2 2025', { from: '2025-11-02 00', until: '2025-11-03 00' }],
    ['night', { hours: { from: 22, until: 6 } }],
    ['om aftenen', { hours: { from: 18, until: 24 } }],
    ['18-06', { hours: { from: 18, until: 6 } }],
    ['efter kl 22', { hours: { from: 22, until: 24 } }],
    ['before 6', { hours: { from: 0, until: 6 } }],
    ['kl 14', { hours: { from: 14, until: 15 } }],
    ['last week at night', { from: '2026-11-16 00', until: '2026-11-23 00', hours: { from: 22, until: 6 } }],
    ['night yard', { cameras: ['night-yard'] }],
    ['something arrived', { verdicts: ['arrived'] }],
    ['væk', { verdicts: ['gone'] }],
    ['kun lys', { verdicts: ['light-only'] }],
    ['scheduled', { kinds: ['scheduled'] }],
    ['bil eller person', { claims: ['person', 'vehicle'], unknown: ['eller'] }],
    ['favoritter', { isFavourite: true }],
    ['show me the photos from garden', { cameras: ['garden'], unknown: ['me'] }],
    ['xyzzy', { unknown: ['xyzzy'] }],
    ['32/12', { unknown: ['32/12'] }],
    [
      'favourite arrived car garden yesterday evening',
      {
        cameras: ['garden'],
        from: '2026-11-22 18',
        until: '2026-11-23 00',
        verdicts: ['arrived'],
        claims: ['vehicle'],
        isFavourite: true,
      },
    ],
  ])('%s', (text, expected) => {
    expect(understood(text, contextAt(NOON))).toEqual(expected);
  });

  it('at eleven in the evening "i nat" is the night that has begun, before dawn the one that goes on', () => {
    expect(understood('i nat', contextAt('23-00-00'))).toEqual({ from: '2026-11-23 22', until: '2026-11-24 06' });
    expect(understood('i nat', contextAt('03-00-00'))).toEqual({ from: '2026-11-22 22', until: '2026-11-23 06' });
  });

  it('a night in which clocks go back is an hour longer', () => {
    const { from = 0, until = 0 } = readSearchWords('i nat', contextAt(NOON, '2026-10-25'));
    expect(until - from).toBe(9 * 3_600_000);
  });

  it('no text ends it or makes it guess: what is understood lies in order, and unknown words are the text’s own', () => {
    const context = contextAt(NOON);
    const word = fc.oneof(
      fc.constantFrom('garden', 'i', 'går', 'last', 'night', 'nat', '18-06', 'kl', '22', 'nov', '3', 'bil', '(', '\\'),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const text = words.join(' ');
        const found = readSearchWords(text, context);
        if (found.from !== undefined && found.until !== undefined) expect(found.from).toBeLessThan(found.until);
        for (const unknown of found.unknown) expect(text.toLowerCase().normalize('NFC')).toContain(unknown);
        if (found.hours) {
          expect(found.hours.from).toBeGreaterThanOrEqual(0);
          expect(found.hours.from).toBeLessThanOrEqual(23);
          expect(found.hours.until).toBeLessThanOrEqual(24);
        }
      }),
      { numRuns: 500 },
    );
  });
});
