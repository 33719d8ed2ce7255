import type { NoticeId } from '../domain/notice.ts';
import type { TryOutcome } from '../domain/notification.ts';
import type { EpochMs } from '../domain/units.ts';

/** What one receiver is sent. */
export interface OutgoingNotice {
  readonly id: NoticeId;
  readonly body: string;
}

/** The way to one receiver. */
export interface NotificationChannel {
  /** One try, bounded in time. Trouble is an outcome; it throws only when `signal` aborts. */
  send(notice: OutgoingNotice, at: EpochMs, signal: AbortSignal): Promise<TryOutcome>;
}
