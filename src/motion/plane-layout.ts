// The small brightness plane that detection works on, and how it is divided: blocks of 5 × 5 pixels, windows of 3 × 3 blocks
// (one at every block, overlapping), cells of 2 × 2 blocks.

/** 160 × 90: an object of 12 × 8 pixels in a 640 × 360 picture still covers 3 × 2 here. */
export const LUMA_SIZE: { readonly width: number; readonly height: number } = { width: 160, height: 90 };
export const PIXELS: number = LUMA_SIZE.width * LUMA_SIZE.height;

export const BLOCK_SIDE = 5;
export const BLOCK_COLUMNS: number = LUMA_SIZE.width / BLOCK_SIDE;
export const BLOCK_ROWS: number = LUMA_SIZE.height / BLOCK_SIDE;
export const BLOCKS: number = BLOCK_COLUMNS * BLOCK_ROWS;

/** In blocks. */
export const WINDOW_SIDE = 3;
export const WINDOW_COLUMNS: number = BLOCK_COLUMNS - WINDOW_SIDE + 1;
export const WINDOW_ROWS: number = BLOCK_ROWS - WINDOW_SIDE + 1;
export const WINDOWS: number = WINDOW_COLUMNS * WINDOW_ROWS;

/** Cells that are kept for tuning on the past. */
export const CELL_COLUMNS: number = BLOCK_COLUMNS / 2;
export const CELL_ROWS: number = BLOCK_ROWS / 2;
export const CELLS: number = CELL_COLUMNS * CELL_ROWS;
