// The cells that changed, as one SVG path over a picture of 32 × 18 units.

const COLUMNS = 32;
const ROWS = 18;

/** @param mask 144 hex digits, row-major, the first cell in the highest bit */
export const maskPath = (mask: string): string => {
  const isSet = (cell: number): boolean =>
    ((Number.parseInt(mask.charAt(cell >> 2), 16) >> (3 - (cell & 3))) & 1) === 1;
  let path = '';
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      let end = column;
      while (end < COLUMNS && isSet(row * COLUMNS + end)) end++;
      if (end === column) continue;
      path += `M${column} ${row}H${end}V${row + 1}H${column}Z`;
      column = end;
    }
  }
  return path;
};
