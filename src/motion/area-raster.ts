// The owner's masks and zones as one threshold multiplier per pixel.

import { type Area, isInside, type Sensitivity } from '../domain/geometry.ts';
import { NORMAL_STRICTNESS } from './change-map.ts';
import { LUMA_SIZE } from './plane-layout.ts';

/** In sixteenths of the normal threshold. `high` is not lower: under it lies the encoder's own noise. */
const STRICTNESS: Readonly<Record<Sensitivity, number>> = { ignored: 0, low: 32, normal: NORMAL_STRICTNESS, high: 11 };

/** Fills `into` (one byte per pixel): a pixel belongs to the last area that holds its centre, else it is normal. */
export const rasterAreas = (into: Uint8Array, areas: readonly Area[]): void => {
  into.fill(NORMAL_STRICTNESS);
  for (const { polygon, sensitivity } of areas) {
    for (let row = 0; row < LUMA_SIZE.height; row++) {
      for (let column = 0; column < LUMA_SIZE.width; column++) {
        const centre = { x: (column + 0.5) / LUMA_SIZE.width, y: (row + 0.5) / LUMA_SIZE.height };
        if (isInside(polygon, centre)) into[row * LUMA_SIZE.width + column] = STRICTNESS[sensitivity];
      }
    }
  }
};
