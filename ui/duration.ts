// Durations as the document writes them, for fields and sliders that show a number.

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** `10s`, `1.5h`; undefined: it is no duration. */
export const secondsOf = (text: string): number | undefined => {
  const [, amount, unit = ''] = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d)$/.exec(text) ?? [];
  const factor = UNIT_SECONDS[unit];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
};
