// The cells that changed: as one SVG path over a picture of 32 × 18 units, and where across the picture they are.

const COLUMNS = 32;
const ROWS = 18;

/** @param mask 144 hex digits, row-major, the first cell in the highest bit */
const isSet = (mask: string, cell: number): boolean =>
  ((Number.parseInt(mask.charAt(cell >> 2), 16) >> (3 - (cell & 3))) & 1) === 1;

/** Per cent of the width. Nearer to an edge, one of the two photos could hardly be seen. */
const NEAREST_EDGE = 20;

/** Where a line from top to bottom has half of what changed on either side, in per cent of the width; without a change 50. */
export const changeCentre = (mask: string | null): number => {
  if (mask === null) return 50;
  const columns = Array.from({ length: COLUMNS }, (_, column) => {
    let changed = 0;
    for (let row = 0; row < ROWS; row++) if (isSet(mask, row * COLUMNS + column)) changed++;
    return changed;
  });
  const half = columns.reduce((sum, changed) => sum + changed, 0) / 2;
  let passed = 0;
  for (const [column, changed] of columns.entries()) {
    if (changed > 0 && passed + changed >= half) {
      const at = column + (half - passed) / changed;
      return Math.min(100 - NEAREST_EDGE, Math.max(NEAREST_EDGE, Math.round((at / COLUMNS) * 100)));
    }
    passed += changed;
  }
  return 50;
};

/** @param mask as above */
export const maskPath = (mask: string): string => {
  let path = '';
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      let end = column;
      while (end < COLUMNS && isSet(mask, row * COLUMNS + end)) end++;
      if (end === column) continue;
      path += `M${column} ${row}H${end}V${row + 1}H${column}Z`;
      column = end;
    }
  }
  return path;
};
