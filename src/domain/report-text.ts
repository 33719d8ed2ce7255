// Words that come where pictures come: a camera's report of itself, the XML or JSON of its alarm, a file it tests the line with.

import { isConnectionTest, pictureKind } from './picture-kind.ts';

/** A day's report has some hundred bytes, an alarm's XML some thousand. */
const LONGEST = 64 * 1024;

/** The text that `bytes` are; undefined when they are none, or a picture. */
export const plainWords = (bytes: Uint8Array): string | undefined => {
  if (bytes.length === 0 || bytes.length > LONGEST || pictureKind(bytes) !== undefined) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // Of a text's control characters only tab, line feed and carriage return are words.
    const isBinary = bytes.some((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
    return isBinary ? undefined : text;
  } catch {
    return undefined;
  }
};

/** Words that are meant as words: named so, or marked up. undefined: something that should have been a picture. */
export const reportText = (bytes: Uint8Array, name: string | undefined): string | undefined => {
  const text = plainWords(bytes);
  if (text === undefined) return undefined;
  const isMeant = /\.(?:txt|log|csv|xml|json|ini)$/i.test(name ?? '') || /^\s*(?:<[?!a-z]|[{[]\s*["{])/i.test(text);
  return isMeant || isConnectionTest(bytes, name) ? text : undefined;
};
