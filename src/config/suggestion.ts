/** Edits (insert, delete, replace, swap of neighbours) that make `from` into `to`. Source: Damerau–Levenshtein, restricted. */
const distance = (from: string, to: string): number => {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0;
  for (let i = 1; i <= from.length; i += 1) {
    const row: number[] = [i];
    rows.push(row);
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(i - 1, j - 1) + same);
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        best = Math.min(best, at(i - 2, j - 2) + 1);
      row.push(best);
    }
  }
  return at(from.length, to.length);
};

/** The known name nearest to a mistyped one, whatever its case; there is always one to offer. */
export const closest = (typed: string, known: readonly string[]): string => {
  const upper = typed.toUpperCase();
  const ranked = known.map((name) => ({ name, edits: distance(upper, name.toUpperCase()) }));
  ranked.sort((a, b) => a.edits - b.edits);
  return ranked[0]?.name ?? '';
};
