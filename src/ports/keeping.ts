import type { StillId } from '../domain/ids.ts';
import type { DiskSpace } from '../domain/retention.ts';
import type { ChangeVerdict } from '../domain/still-change.ts';

/** The disk that the photos lie on. */
export interface Disk {
  space(): Promise<DiskSpace>;
  /**
   * Gives up a few megabytes that are held for this moment: on a full disk, taking photos away needs room to write down
   * which. `holdReserve` takes them again as soon as there is room. Both are harmless when repeated.
   */
  releaseReserve(): Promise<void>;
  holdReserve(): Promise<void>;
}

/** What the owner wants for ever. It does not lie in the catalogue, which may be rebuilt at any time. */
export interface Favourites {
  /** @throws StillwatchError SW_STORE_WRITE when it cannot be known: then nothing may be taken away */
  all(): Promise<ReadonlySet<StillId>>;
  /** Resolves when it would survive a power cut. */
  set(id: StillId, isFavourite: boolean): Promise<void>;
}

/** Where the owner says that a comparison was wrong. Kept like the favourites: nothing is ever deleted on a verdict. */
export interface Corrections {
  /** @throws StillwatchError SW_STORE_WRITE when it cannot be known */
  all(): Promise<ReadonlyMap<StillId, ChangeVerdict>>;
  /** undefined takes the word back. Resolves when it would survive a power cut. */
  set(id: StillId, verdict: ChangeVerdict | undefined): Promise<void>;
}
