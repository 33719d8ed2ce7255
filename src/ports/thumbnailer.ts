/** Makes a smaller JPEG of a JPEG, for showing only: what is kept is never re-encoded. */
export interface Thumbnailer {
  /**
   * At most `width` pixels wide, in the same proportions; never enlarged.
   * @throws StillwatchError SW_STILL_DAMAGED when `jpeg` cannot be decoded
   */
  scale(jpeg: Uint8Array, width: number): Promise<Uint8Array>;
}
