import type { CameraId } from '../domain/ids.ts';
import type { Notification } from '../domain/notification.ts';
import type { EpochMs } from '../domain/units.ts';

export interface OutboxQuery {
  readonly receiver?: string;
  /** Only what happened before this one, in the order of the list. */
  readonly before?: { readonly at: number; readonly id: string; readonly receiver: string };
  readonly limit: number;
}

/** Notifications that wait, and the last that do not: what waits is sent after a restart too. */
export interface Outbox {
  /** Everything that waits, oldest first. */
  waiting(): Promise<readonly Notification[]>;
  /** After a power cut it is still there. @returns false: it was there already, and stays as it is */
  add(notification: Notification): Promise<boolean>;
  /** What became of it. */
  update(notification: Notification): Promise<void>;
  /** Newest first. */
  list(query: OutboxQuery): Promise<readonly Notification[]>;
  /** Leaves the newest `most` of each receiver that wait no more. @returns how many went */
  prune(most: number): Promise<number>;
  /** The cameras that somebody was told cannot see, and since when. */
  blind(): Promise<ReadonlyMap<CameraId, EpochMs>>;
  /** @param since undefined: it sees again */
  noteBlind(camera: CameraId, since: EpochMs | undefined): Promise<void>;
  close(): Promise<void>;
}
