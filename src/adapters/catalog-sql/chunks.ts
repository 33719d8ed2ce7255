/** In parts of at most `size`: a statement takes 32 766 values. */
export const chunks = <T>(all: readonly T[], size: number): readonly T[][] => {
  const parts: T[][] = [];
  for (let at = 0; at < all.length; at += size) parts.push(all.slice(at, at + size));
  return parts;
};
