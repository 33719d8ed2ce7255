import { describe, expect, it } from 'vitest';
import { testJpeg } from '../testing/jpegs.ts';
import { plainWords, reportText } from './report-text.ts';
import { isCutShort } from './whole-file.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const box = (type: string, length: number, declared = length): Uint8Array => {
  const bytes = new Uint8Array(length);
  new DataView(bytes.buffer).setUint32(0, declared);
  bytes.set(text(type), 4);
  return bytes;
};
const film = (mdat: Uint8Array): Uint8Array => Buffer.concat([box('ftyp', 24), box('moov', 40), mdat]);
const avi = (length: number): Uint8Array => {
  const bytes = Buffer.alloc(64);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(length, 4);
  bytes.write('AVI ', 8);
  return bytes;
};

describe('a file that broke off', () => {
  it('is told from a whole one', async () => {
    const jpeg = await testJpeg(1);
    expect(isCutShort(jpeg)).toBe(false);
    expect(isCutShort(jpeg.subarray(0, jpeg.length - 40))).toBe(true);
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000149454e44ae426082', 'hex');
    expect(isCutShort(png)).toBe(false);
    expect(isCutShort(png.subarray(0, 24))).toBe(true);
    expect(isCutShort(film(box('mdat', 100)))).toBe(false);
    expect(isCutShort(film(box('mdat', 60, 100)))).toBe(true);
    expect(isCutShort(film(box('mdat', 60, 0)))).toBe(false);
    expect(isCutShort(film(text('\0\0\0')))).toBe(true);
    expect(isCutShort(avi(56))).toBe(false);
    expect(isCutShort(avi(5000))).toBe(true);
    expect(isCutShort(text('no picture'))).toBe(false);
  });
});

describe('words where pictures come', () => {
  it.each([
    ['IMEI:1\nBattery:60%', '861943070068027-05122025154647-dr.txt', true],
    ['<?xml version="1.0"?><EventNotificationAlert/>', undefined, true],
    ['{"battery": 50}', undefined, true],
    ['ok', 'ReolinkFtpTest', true],
    ['GIF89a no picture', 'photo.jpg', false],
    ['binary \u0001', 'a.txt', false],
  ])('%j named %s', (words, name, isReport) => {
    expect(reportText(text(words), name) !== undefined).toBe(isReport);
  });

  it('are UTF-8', () => {
    expect(plainWords(new Uint8Array([0xc3, 0x28]))).toBeUndefined();
  });
});
