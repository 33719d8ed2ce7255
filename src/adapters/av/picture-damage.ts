// Damage that the decoder does not admit: areas it never received keep the colour of an empty buffer.

import type { Frame } from 'node-av/lib';
import type { Av } from './native.ts';

/** Share of empty blocks above which a picture is refused: 2 %, a band of one row of blocks in a small picture. */
export const MOST_GREY = 0.02;

/** Side of the blocks that are looked at, in pixels of the brightness plane: one macroblock. */
const BLOCK = 16;
/** What empty buffers hold: mid-grey in all three planes (a generated reference), or zero in all three (green). */
const EMPTY = [128, 0] as const;

const isFlat = (plane: Uint8Array, stride: number, left: number, top: number, side: number, value: number): boolean => {
  for (let y = 0; y < side; y++) {
    const row = (top + y) * stride + left;
    for (let x = 0; x < side; x++) if (plane[row + x] !== value) return false;
  }
  return true;
};

/** Share of 16 × 16 blocks, 0..1, that hold nothing. Only for 8-bit 4:2:0, which is what cameras send; else 0. */
export const greyShare = (lib: Av, frame: Frame): number => {
  if (frame.format !== lib.AV_PIX_FMT_YUV420P && frame.format !== lib.AV_PIX_FMT_YUVJ420P) return 0;
  const [luma, blue, red] = frame.data ?? [];
  const [lumaStride, blueStride, redStride] = frame.linesize;
  if (!luma || !blue || !red || !lumaStride || !blueStride || !redStride) return 0;
  const columns = Math.floor(frame.width / BLOCK);
  const rows = Math.floor(frame.height / BLOCK);
  let empty = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y, half] = [column * BLOCK, row * BLOCK, BLOCK / 2];
      const isEmpty = EMPTY.some(
        (value) =>
          luma[y * lumaStride + x] === value &&
          isFlat(luma, lumaStride, x, y, BLOCK, value) &&
          isFlat(blue, blueStride, x / 2, y / 2, half, value) &&
          isFlat(red, redStride, x / 2, y / 2, half, value),
      );
      if (isEmpty) empty += 1;
    }
  }
  return columns * rows === 0 ? 0 : empty / (columns * rows);
};
