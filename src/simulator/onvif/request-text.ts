// What a simulated camera reads out of a request: the text of one element, found without a parser, as small firmwares do.

/** Text of the first element of that local name, trimmed; undefined when there is none. */
export const tagText = (xml: string, local: string): string | undefined =>
  new RegExp(`<(?:[\\w-]+:)?${local}(?:\\s[^>]*)?>\\s*([^<]*?)\\s*<`).exec(xml)?.[1];
