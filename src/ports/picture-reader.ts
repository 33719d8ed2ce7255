import type { ChangePicture } from '../domain/change-picture.ts';

/** Looks into a still's bytes, small, to compare it with another. */
export interface PictureReader {
  /**
   * The picture at 320 × 180 by area average, whatever its shape. Native memory is freed before it resolves.
   * @throws StillwatchError SW_STILL_DAMAGED when the bytes cannot be decoded whole
   */
  read(jpeg: Uint8Array): Promise<ChangePicture>;
}
