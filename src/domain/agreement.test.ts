import { expect, it } from 'vitest';
import { agreementOf } from './agreement.ts';
import type { LedgerRow } from './ledger.ts';
import { epochMs } from './units.ts';

type Word = readonly [at: number, origin: LedgerRow['origin'], work: string];

it.each<[string, readonly Word[], readonly [agreed: number, onlyPixels: number, onlyCamera: number]]>([
  ['nothing', [], [0, 0, 0]],
  [
    'both of one happening, however far apart',
    [
      [0, 'pixels', 'a'],
      [40, 'camera', 'a'],
    ],
    [1, 0, 0],
  ],
  [
    'the camera first, by itself, and pixels soon after',
    [
      [0, 'camera', 't1'],
      [8, 'pixels', 'a'],
    ],
    [1, 0, 0],
  ],
  [
    'too far apart for one',
    [
      [0, 'camera', 't1'],
      [11, 'pixels', 'a'],
    ],
    [0, 1, 1],
  ],
  [
    'told in any order',
    [
      [600, 'pixels', 'b'],
      [2, 'camera', 'a'],
      [0, 'pixels', 'a'],
    ],
    [1, 1, 0],
  ],
  [
    'a camera that repeats itself counts once',
    [
      [0, 'camera', 'a'],
      [1, 'camera', 'a'],
      [30, 'camera', 'a'],
    ],
    [0, 0, 1],
  ],
  [
    'the owner and the schedule are no witnesses',
    [
      [0, 'owner', 'o'],
      [1, 'schedule', 's'],
    ],
    [0, 0, 0],
  ],
])('%s', (_, words, [agreed, onlyPixels, onlyCamera]) => {
  const rows = words.map(([at, origin, work]) => ({
    at: epochMs(at * 1000),
    origin,
    work: work as LedgerRow['work'],
  }));
  expect(agreementOf(rows)).toEqual({ agreed, onlyPixels, onlyCamera });
});
