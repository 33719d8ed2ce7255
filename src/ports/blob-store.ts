import type { StillwatchError } from '../domain/errors.ts';

/** `stored`: it lies there now. `same`: these bytes lay there already. `taken`: other bytes have that path. */
export type PutOutcome = 'stored' | 'same' | 'taken';

export interface BlobInfo {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970 of the last change, as the store knows it. */
  readonly changedAt: number;
}

/** What came of a removal: each path is in one of the two. */
export interface RemoveSum {
  /** Nothing lies there any more, also after a power cut. */
  readonly removed: readonly string[];
  /** It still lies there. */
  readonly failed: readonly { readonly path: string; readonly error: StillwatchError }[];
}

/** Where bytes live for good. Paths are `/`-separated, relative, without `.` or `..` segments. */
export interface BlobStore {
  /**
   * Puts the file's bytes at `path`, durably, and never over other bytes. The file is left as it is.
   * @param source a local file and its SHA-256 in hex. It must be immutable, since the store may share its bytes (a link),
   *   unless `isForeign`: then it is always copied, and may change or go afterwards
   * @throws StillwatchError SW_STORE_FULL, SW_STORE_WRITE; SW_SPOOL_DAMAGED when the file does not have that hash
   */
  put(
    path: string,
    source: { readonly file: string; readonly sha256: string; readonly isForeign?: boolean },
  ): Promise<PutOutcome>;
  /** undefined when nothing lies there. */
  read(path: string): Promise<Uint8Array | undefined>;
  info(path: string): Promise<BlobInfo | undefined>;
  /** SHA-256 in lower-case hex; undefined when nothing lies there. */
  hash(path: string): Promise<string | undefined>;
  /**
   * Takes blobs away, and the folders that this empties. What is not there counts as removed.
   * @param expected only bytes with this SHA-256 are taken away; others stay and count as removed: they are not what was meant
   */
  remove(blobs: readonly { readonly path: string; readonly expected?: string }[]): Promise<RemoveSum>;
  /**
   * What lies at these paths would still lie there after a power cut. Whoever put it may have died before making sure: to be
   * called before anything is recorded of a blob that was only found.
   * @throws StillwatchError SW_STORE_WRITE
   */
  settle(paths: readonly string[]): Promise<void>;
  /** Every blob, in order of path. Only visible, whole blobs: no temporaries. */
  list(): AsyncIterable<BlobInfo>;
}
