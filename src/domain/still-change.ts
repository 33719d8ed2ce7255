// What a still shows that the still before it did not: the verdict kept with it, in its file and in the catalogue.

/**
 * `passing`: something was there and is gone again. `arrived`, `gone`: it lasts. `light-only`: the same things, lit
 * otherwise. `cannot-compare`: night switch, camera moved, nothing to see.
 */
export const CHANGE_VERDICTS = ['passing', 'arrived', 'gone', 'light-only', 'cannot-compare'] as const;
export type ChangeVerdict = (typeof CHANGE_VERDICTS)[number];

/** What lasts: something came and stays, or is gone for good. */
export const LASTING: readonly ChangeVerdict[] = ['arrived', 'gone'];
export const isLasting = (verdict: ChangeVerdict | undefined): boolean =>
  verdict !== undefined && LASTING.includes(verdict);
/** What may be asked for; `lasting` is any of {@link LASTING}. */
export const WANTED_VERDICTS: readonly ['lasting', ...typeof CHANGE_VERDICTS] = ['lasting', ...CHANGE_VERDICTS];
export type WantedVerdict = (typeof WANTED_VERDICTS)[number];

/** The mask's grid over the picture, whatever the picture's size. */
export const MASK_COLUMNS: number = 32;
export const MASK_ROWS: number = 18;

export interface StillChange {
  readonly verdict: ChangeVerdict;
  /** Share of the picture that changed, in thousandths: whole numbers survive every file and database. */
  readonly perMille: number;
  /** Where: 32 × 18 bits, row-major, the first cell in the highest bit; 144 lower-case hex digits. */
  readonly mask: string;
}

const MASK_DIGITS = (MASK_COLUMNS * MASK_ROWS) / 4;
const MASK = new RegExp(`^[0-9a-f]{${MASK_DIGITS}}$`);

/** @param cells 576 cells, row-major, 0 or 1 */
export const maskText = (cells: ArrayLike<number>): string => {
  let text = '';
  for (let digit = 0; digit < MASK_DIGITS; digit++) {
    let value = 0;
    for (let bit = 0; bit < 4; bit++) value = value * 2 + (cells[digit * 4 + bit] === 1 ? 1 : 0);
    text += value.toString(16);
  }
  return text;
};

/** The cells of a mask's text; undefined when it is not one. */
export const maskCells = (text: string): Uint8Array | undefined => {
  if (!MASK.test(text)) return undefined;
  const cells = new Uint8Array(MASK_COLUMNS * MASK_ROWS);
  for (let digit = 0; digit < MASK_DIGITS; digit++) {
    const value = Number.parseInt(text.charAt(digit), 16);
    for (let bit = 0; bit < 4; bit++) cells[digit * 4 + bit] = (value >> (3 - bit)) & 1;
  }
  return cells;
};

const CHANGE = new RegExp(`^(${CHANGE_VERDICTS.join('|')}) (0|[1-9]\\d{0,2}|1000) ([0-9a-f]{${MASK_DIGITS}})$`);

/** One line of text, as XMP, sidecar and catalogue keep it: `arrived 31 00…`. */
export const changeText = ({ verdict, perMille, mask }: StillChange): string => `${verdict} ${perMille} ${mask}`;

/** undefined for anything that `changeText` did not write. */
export const parseChange = (text: string): StillChange | undefined => {
  const match = CHANGE.exec(text);
  const verdict = CHANGE_VERDICTS.find((each) => each === match?.[1]);
  return match && verdict ? { verdict, perMille: Number(match[2]), mask: match[3] ?? '' } : undefined;
};
