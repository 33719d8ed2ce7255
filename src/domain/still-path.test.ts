import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cameraId } from './ids.ts';
import { STILL_KINDS } from './still.ts';
import { formatStillPath, isSetName, parseStillPath, type StillPlace, setName, stillPlace } from './still-path.ts';
import { epochMs } from './units.ts';

const two = (value: number): string => String(value).padStart(2, '0');
const place: fc.Arbitrary<StillPlace> = fc.record({
  camera: fc.constantFrom(undefined, cameraId('garden'), cameraId('a'), cameraId('7-up')),
  day: fc
    .date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  time: fc.tuple(fc.nat(23), fc.nat(59), fc.nat(59)).map((parts) => parts.map(two).join('-')),
  sibling: fc.constantFrom(undefined, 'before' as const, 'peak' as const),
  copy: fc.integer({ min: 1, max: 9999 }),
});

describe('a still’s path', () => {
  it('reads back as the place it was made for', () => {
    fc.assert(
      fc.property(place, (wanted) => {
        expect(parseStillPath(formatStillPath(wanted))).toEqual(wanted);
      }),
    );
  });

  it.each([
    ['2026-11-23/14-32-07.jpg', { camera: undefined, sibling: undefined, copy: 1 }],
    ['2026-11-23/14-32-07.JPG', { camera: undefined, sibling: undefined, copy: 1 }],
    ['2026-11-23/14-32-07.jpeg', { camera: undefined, sibling: undefined, copy: 1 }],
    ['garden/2026-11-23/14-32-07-2.peak.jpg', { camera: 'garden', sibling: 'peak', copy: 2 }],
    ['garden/2026-11-23/14-32-07.before.jpg', { camera: 'garden', sibling: 'before', copy: 1 }],
  ])('%s', (path, expected) => {
    expect(parseStillPath(path)).toEqual({ day: '2026-11-23', time: '14-32-07', ...expected });
  });

  it.each([
    '',
    '14-32-07.jpg',
    '2026-11-23/14-32-07.png',
    '2026-11-23/14-32-07.jpg.tmp',
    '2026-11-23/.14-32-07.jpg',
    '2026-11-23/14-32-07-1.jpg',
    '2026-11-23/14-32-07-02.jpg',
    '2026-11-23/14-32-07.calm.jpg',
    '2026-11-23/24-00-00.jpg',
    '2026-02-30/14-32-07.jpg',
    '2026-11-23/14-32-07.jpg/x',
    '../2026-11-23/14-32-07.jpg',
    '../../2026-11-23/14-32-07.jpg',
    '/2026-11-23/14-32-07.jpg',
    'Garden/2026-11-23/14-32-07.jpg',
    'a/garden/2026-11-23/14-32-07.jpg',
    '2026-11-23/14-32-07.jpg\n',
    '2026-11-23\\14-32-07.jpg',
  ])('%j is none', (path) => expect(parseStillPath(path)).toBeUndefined());

  it('never reads two different paths of the usual form as one place', () => {
    fc.assert(
      fc.property(place, place, (a, b) => {
        if (formatStillPath(a) !== formatStillPath(b)) expect(a).not.toEqual(b);
        else expect(a).toEqual(b);
      }),
    );
  });
});

describe('the place a still wants', () => {
  const at = epochMs(Date.UTC(2026, 10, 22, 23, 30, 5, 999));
  it.each(STILL_KINDS)('%s', (kind) => {
    expect(stillPlace(undefined, { kind, takenAt: at, offsetMinutes: 60 })).toEqual({
      camera: undefined,
      day: '2026-11-23',
      time: '00-30-05',
      sibling: kind === 'before' || kind === 'peak' ? kind : undefined,
      copy: 1,
    });
  });

  it('is its set’s when it belongs to one, also over midnight', () => {
    const set = setName(epochMs(Date.UTC(2026, 10, 22, 23, 0, 4)), 60);
    expect(set).toBe('2026-11-23/00-00-04');
    const peak = {
      kind: 'peak' as const,
      takenAt: epochMs(Date.UTC(2026, 10, 22, 22, 59, 50)),
      offsetMinutes: 60,
      set,
    };
    expect(formatStillPath(stillPlace(undefined, peak))).toBe('2026-11-23/00-00-04.peak.jpg');
  });

  it.each([
    ['2026-11-23/00-00-04', true],
    ['2026-02-30/00-00-04', false],
    ['2026-11-23/24-00-04', false],
    ['2026-11-23/00-00-04-2', false],
    ['../2026-11-23/00-00-04', false],
    ['2026-11-23/00-00-04.peak', false],
  ])('%s is a set’s name: %s', (name, is) => expect(isSetName(name)).toBe(is));
});
