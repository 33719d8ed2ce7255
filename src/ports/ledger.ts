import type { CameraId, StillId } from '../domain/ids.ts';
import type { LedgerRow, LedgerSum, WorkId } from '../domain/ledger.ts';
import type { EpochMs } from '../domain/units.ts';

export interface LedgerQuery {
  readonly day?: string;
  readonly camera?: CameraId;
  /** Only of these cameras; of none when it is empty. */
  readonly cameras?: readonly CameraId[];
  /** Only triggers at or after this. */
  readonly from?: EpochMs;
  /** Only triggers of this episode. */
  readonly work?: WorkId;
  /** Only triggers without a photo. */
  readonly missedOnly?: boolean;
  /** Only rows told before this one, in the order of the list. */
  readonly before?: { readonly at: number; readonly id: string };
  readonly limit: number;
}

/** Every trigger with its outcome, kept for good: unlike the catalogue it cannot be rebuilt from the photos. */
export interface Ledger {
  /** Writes new and changed rows, all or none; after a power cut they are still there. */
  write(rows: readonly LedgerRow[]): Promise<void>;
  /** What has no outcome yet. */
  open(): Promise<readonly LedgerRow[]>;
  /** Newest first. */
  list(query: LedgerQuery): Promise<readonly LedgerRow[]>;
  /** One sum per camera and day, newest day first, from `fromDay` on. */
  sums(fromDay: string): Promise<readonly LedgerSum[]>;
  /** These photos turned out to be lost: whoever was told of one has missed it. @returns how many rows */
  lose(stills: readonly StillId[]): Promise<number>;
  /** Takes rows of days before `day` out. @returns how many */
  forgetBefore(day: string): Promise<number>;
  close(): Promise<void>;
}
