import type { Luma, Packet, VideoFormat } from '../domain/camera.ts';

/** Decodes one stream's packets to small brightness planes. Synchronous: it runs in the capture process only. */
export interface LumaRun extends Disposable {
  /**
   * Feeds one packet. The picture, if one came out, is valid until the next call; it may belong to an earlier packet
   * (B-frames), as its `pts` says. Damaged input gives undefined, never an exception.
   */
  decode(packet: Packet): Luma | undefined;
  /** The newest picture still held back for reordering. Afterwards the next packet must be a key frame. */
  drain(): Luma | undefined;
  /** Forgets reference pictures: the next packet must be a key frame. Until then the run holds no decoder's memory. */
  reset(): void;
}

export interface LumaDecoder {
  /** Pictures come scaled to `size` by area average. @throws StillwatchError SW_CAM_CODEC, SW_DECODER_MISSING */
  open(format: VideoFormat, size: { readonly width: number; readonly height: number }): LumaRun;
}
