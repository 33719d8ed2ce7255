import { expect, it } from 'vitest';
import { byteRange } from './byte-range.ts';

it.each([
  [undefined, 'whole'],
  ['bytes=0-', { from: 0, until: 1000 }],
  ['bytes=0-0', { from: 0, until: 1 }],
  ['bytes=990-5000', { from: 990, until: 1000 }],
  ['bytes=-10', { from: 990, until: 1000 }],
  ['bytes=-5000', { from: 0, until: 1000 }],
  ['bytes=1000-', 'none'],
  ['bytes=-0', 'none'],
  ['bytes=9-3', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['pages=1-2', 'whole'],
] as const)('%s of 1000 bytes', (header, range) => {
  expect(byteRange(header, 1000)).toEqual(range);
});
