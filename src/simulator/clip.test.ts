import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testClip } from '../testing/test-media.ts';
import { accessUnit, annexB, type Clip, clipOfAnnexB, clipOfUnits, keyTickBefore, splitNals, unitAt } from './clip.ts';

const whole = (clip: Clip): Buffer => annexB(clip.units.flatMap((unit) => unit.nals));

describe('splitNals', () => {
  it('gives back any NAL units that were joined, whatever the start codes', () => {
    // Inside a NAL unit no three bytes 00 00 00–03 stand together (H.264 7.4.1.1): emulation prevention sees to it.
    const nal = fc
      .uint8Array({ minLength: 1, maxLength: 40 })
      .map((bytes) => Uint8Array.from(bytes, (byte, index) => (index === 0 || byte === 0 ? byte | 1 : byte)))
      .map((bytes) => Uint8Array.from(bytes, (byte) => Math.max(2, byte)));
    fc.assert(
      fc.property(fc.array(fc.tuple(nal, fc.boolean()), { maxLength: 12 }), (parts) => {
        const bytes = Buffer.concat(
          parts.flatMap(([one, isLong]) => [isLong ? Uint8Array.of(0, 0, 0, 1) : Uint8Array.of(0, 0, 1), one]),
        );
        expect(splitNals(bytes).map((one) => [...one])).toEqual(parts.map(([one]) => [...one]));
      }),
    );
  });

  it('leaves out what stands before the first start code', () => {
    expect(splitNals(Uint8Array.of(7, 7, 0, 0, 1, 9, 8)).map((nal) => [...nal])).toEqual([[9, 8]]);
    expect(splitNals(Uint8Array.of(7, 7, 0))).toEqual([]);
  });
});

describe.each(['h264', 'h265'] as const)('a clip of %s', (codec) => {
  it.each([
    ['one slice a picture', {}],
    ['four slices a picture', { slices: '4' }],
    ['delimiters', { aud: '1' }],
  ] as const)('is cut where the encoder ended its pictures: %s', (_, settings) => {
    const clip = testClip({ codec, pictures: 24, group: 8, settings });
    const cut = clipOfAnnexB(codec, 10, whole(clip));
    expect(cut.units.map((unit) => unit.nals.length)).toEqual(clip.units.map((unit) => unit.nals.length));
    expect(cut.units.map((unit) => unit.isKey)).toEqual(clip.units.map((unit) => unit.isKey));
    expect(cut.units.map((unit) => unit.isKey).lastIndexOf(true)).toBe(16);
    expect(cut.parameterSets.length).toBe(codec === 'h264' ? 2 : 3);
    expect(whole(cut).equals(whole(clip))).toBe(true);
  });

  it('knows the key frame a tick builds on, over the end of the loop', () => {
    const clip = testClip({ codec, pictures: 24, group: 8 });
    expect([0, 7, 8, 23, 24, 33].map((tick) => keyTickBefore(clip, tick))).toEqual([0, 0, 8, 16, 24, 32]);
    expect(unitAt(clip, 25)).toBe(clip.units[1]);
  });
});

describe('a clip that cannot be played', () => {
  const { units } = testClip({ pictures: 24, group: 8 });
  it('is refused when it begins between key frames', () => {
    expect(() => clipOfUnits('h264', 10, units.slice(1))).toThrow('must begin with a key frame');
  });
  it('is refused without parameter sets', () => {
    const bare = accessUnit('h264', (units[0]?.nals ?? []).slice(-1));
    expect(bare.isKey).toBe(true);
    expect(() => clipOfUnits('h264', 10, [bare])).toThrow('no parameter sets');
  });
});
