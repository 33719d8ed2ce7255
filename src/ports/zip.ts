import type { EpochMs } from '../domain/units.ts';

/** One file of a zip. */
export interface ZipPart {
  /** `/`-separated, relative, without `..`. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly at: EpochMs;
  /** Worth compressing; a JPEG is not. */
  readonly isText?: boolean;
}

/** A zip as a stream: parts are asked for one at a time, as fast as the reader takes them. */
export type ZipWriter = (parts: AsyncIterable<ZipPart>) => AsyncIterable<Uint8Array>;
