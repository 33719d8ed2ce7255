// When a capture process has grown too big and is started anew: a leak in a decoder must not take the machine down with it.

export interface MemoryWatch {
  /** How often in a row it was too big. */
  readonly over: number;
}

export interface MemoryLook {
  readonly next: MemoryWatch;
  /** Bytes it was told to stay under, when it has to go. */
  readonly limit: number | undefined;
}

const MIB = 2 ** 20;
/** Runtime and decoder library at rest: 130 MB measured with one camera; three times that is no peak any more. */
const BASE = 384 * MIB;
/** A camera with a 4K picture being decoded and encoded: 33 MB of picture, its JPEG, the rings of its low stream. */
const EACH_CAMERA = 96 * MIB;
/** Reports come every five seconds: fifteen are a leak, one is a large photo. */
const LOOKS = 3;

export const newMemoryWatch: MemoryWatch = { over: 0 };

/** @param rings bytes that each camera's main stream may hold by its settings */
export const memoryLimit = (rings: readonly number[]): number =>
  rings.reduce((sum, ring) => sum + EACH_CAMERA + 2 * ring, BASE);

/** One report of a process's resident memory. */
export const stepMemoryWatch = (watch: MemoryWatch, rss: number, limit: number): MemoryLook => {
  const over = rss > limit ? watch.over + 1 : 0;
  return { next: over === watch.over ? watch : { over }, limit: over >= LOOKS ? limit : undefined };
};
