// Pictures that carry their number so that a machine can read it: sixteen black or white fields, two rows of eight.

import type { Codec, Packet, VideoFormat } from '../../src/domain/camera.ts';
import { CHANGE_SIZE, type ChangePicture } from '../../src/domain/change-picture.ts';
import { monoMs, ms } from '../../src/domain/units.ts';
import { annexB, type Clip } from '../../src/simulator/clip.ts';
import { encodeClip } from '../../src/simulator/encode-clip.ts';

const COLUMNS = 8;
const BITS = 16;

const paint = (width: number, height: number, number: number): Uint8Array => {
  const picture = new Uint8Array((width * height * 3) / 2).fill(118);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const row = Math.floor((y * 4) / height);
      const bit = row * COLUMNS + Math.floor((x * COLUMNS) / width);
      // The lower half moves, so that every picture costs bits as a scene does.
      const scene = 90 + ((x + number * 7) % 64) + ((x ^ y) & 15);
      picture[y * width + x] = bit < BITS ? (((number >> bit) & 1) === 1 ? 225 : 25) : scene;
    }
  }
  return picture;
};

export interface NumberedOptions {
  readonly codec: Codec;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly pictures: number;
  readonly group: number;
  readonly bFrames?: number;
  /** Number of the first picture. Default 0. */
  readonly from?: number;
}

export const numberedClip = ({ pictures, from = 0, ...options }: NumberedOptions): Clip =>
  encodeClip(
    (function* () {
      for (let index = 0; index < pictures; index++) yield paint(options.width, options.height, from + index);
    })(),
    options,
  );

/** The number a picture carries. */
export const numberIn = ({ luma }: ChangePicture): number => {
  let number = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const x = Math.round(((bit % COLUMNS) + 0.5) * (CHANGE_SIZE.width / COLUMNS));
    const y = Math.round((Math.floor(bit / COLUMNS) + 0.5) * (CHANGE_SIZE.height / 4));
    if ((luma[y * CHANGE_SIZE.width + x] ?? 0) > 128) number |= 1 << bit;
  }
  return number;
};

/** What a decoder needs to know of a clip. */
export const formatOf = (clip: Clip): VideoFormat => ({
  codec: clip.codec,
  parameterSets: annexB(clip.parameterSets),
  picture: undefined,
});

/** A clip as the packets of one run, in decoding order, `pts` from the first. */
export const packetsOf = (clip: Clip): readonly Packet[] =>
  clip.units.map((unit, index) => ({
    pts: ms(((index + unit.shownLater) * 1000) / clip.fps),
    arrivedAt: monoMs((index * 1000) / clip.fps),
    isKey: unit.isKey,
    bytes: annexB(unit.nals),
  }));
