// A day's readings in one file: a mark, then blocks of [length u32][CRC-32 u32][bytes], little endian, only ever appended to.
// What a crash left of a half-written block is cut off before the next one is written.

import { crc32 } from 'node:zlib';

export const MARK: Uint8Array = new TextEncoder().encode('SWREAD1\n');
const HEADER = 8;
/** A block holds minutes; a longer one is not ours. */
const LONGEST = 1 << 20;

export const blockOf = (bytes: Uint8Array): Uint8Array => {
  const block = Buffer.alloc(HEADER + bytes.length);
  block.writeUInt32LE(bytes.length, 0);
  block.writeUInt32LE(crc32(bytes), 4);
  block.set(bytes, HEADER);
  return block;
};

export interface BlockFile {
  readonly blocks: readonly Uint8Array[];
  /** Length of the part that is whole, mark included; 0 for a file that is not ours or empty. */
  readonly whole: number;
}

export const readBlocks = (file: Buffer): BlockFile => {
  if (file.length < MARK.length || !file.subarray(0, MARK.length).equals(MARK)) return { blocks: [], whole: 0 };
  const blocks: Uint8Array[] = [];
  let at = MARK.length;
  while (at + HEADER <= file.length) {
    const length = file.readUInt32LE(at);
    const end = at + HEADER + length;
    if (length > LONGEST || end > file.length) break;
    const bytes = file.subarray(at + HEADER, end);
    if (crc32(bytes) !== file.readUInt32LE(at + 4)) break;
    blocks.push(bytes);
    at = end;
  }
  return { blocks, whole: at };
};
