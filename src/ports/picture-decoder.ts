import type { Packet, VideoFormat } from '../domain/camera.ts';
import type { Ms } from '../domain/units.ts';

export interface Picture {
  /** Full-range JPEG at the stream's full resolution. */
  readonly jpeg: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly pts: Ms;
}

/** Turns packets of a full-resolution stream into one JPEG. */
export interface PictureDecoder {
  /**
   * Decodes `packets` (the first is a key frame) up to the picture nearest to `wanted` (default: the last) and encodes it.
   * Native memory is freed before it resolves.
   * @throws StillwatchError SW_STILL_DAMAGED when the decoder reports an error or missing references; SW_CAM_CODEC
   */
  decode(format: VideoFormat, packets: readonly Packet[], wanted?: Ms): Promise<Picture>;
}
