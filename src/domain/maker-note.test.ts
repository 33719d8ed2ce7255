import { describe, expect, it } from 'vitest';
import { makerNoteReport } from './maker-note.ts';

/** A note of `length` bytes that begins with `label`, with 16-bit values where they are said to be. */
const note = (
  label: string | readonly number[],
  length: number,
  values: Readonly<Record<number, number>>,
): Uint8Array => {
  const bytes = new Uint8Array(length);
  bytes.set(typeof label === 'string' ? new TextEncoder().encode(label) : label);
  const view = new DataView(bytes.buffer);
  for (const [at, value] of Object.entries(values)) view.setUint16(Number(at), value, true);
  return bytes;
};
/** `HP1` and four digits, two bytes a letter. */
const wide = (at: number): Record<number, number> =>
  Object.fromEntries(Array.from('HP10042', (letter, index) => [at + index * 2, letter.charCodeAt(0)]));

describe('a maker’s note', () => {
  it.each([
    ['HyperFire', note([0x01, 0xf1], 120, { 36: 4, 40: 0x10000 - 7, 84: 8123, ...wide(42) })],
    ['HyperFire 2', note('RECONYXH2', 160, { 76: 4, 80: 0x10000 - 7, 98: 8123, ...wide(126) })],
  ])('of a Reconyx %s has moon, temperature, voltage and serial number', (_, bytes) => {
    expect(makerNoteReport(bytes)).toEqual({ moon: 'full', temperature: -7, voltage: 8.123, serial: 'HP10042' });
  });

  it('of an UltraFire has them in single bytes', () => {
    const bytes = note('RECONYXUF', 120, { 70: 21, 73: 7000 });
    bytes[67] = 0;
    bytes.set(new TextEncoder().encode('UF00042'), 75);
    expect(makerNoteReport(bytes)).toEqual({ moon: 'new', temperature: 21, voltage: 7, serial: 'UF00042' });
  });

  it('that is cut, of nonsense or of another maker says nothing', () => {
    expect(makerNoteReport(note([0x01, 0xf1], 60, { 36: 4 }))).toEqual({});
    expect(makerNoteReport(note([0x01, 0xf1], 120, { 36: 99, 40: 500, 84: 60_000 }))).toEqual({});
    expect(makerNoteReport(note('Nikon', 200, {}))).toEqual({});
  });
});
