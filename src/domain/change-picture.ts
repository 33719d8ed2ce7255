// The small picture that stills are compared on.

/** Working size in pixels: every camera's picture is brought to it, so a share of the picture stays a share. */
export const CHANGE_SIZE: { readonly width: 320; readonly height: 180 } = { width: 320, height: 180 };

/** One still, scaled by area average to 320 × 180; colour at half that size in each direction (4:2:0). */
export interface ChangePicture {
  /** Brightness, row-major, 320 × 180 bytes, full range. */
  readonly luma: Uint8Array;
  /** Colour differences, 160 × 90 bytes each, 128 is none. */
  readonly blue: Uint8Array;
  readonly red: Uint8Array;
}
