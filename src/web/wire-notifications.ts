// Who is told of what happens, and what became of it: the JSON of /api/v1/notifications, and what the page is drawn from. Types only.

import type { StillwatchErrorCode } from '../domain/errors.ts';
import type { Notice, NoticeType, PhotoCause } from '../domain/notice.ts';
import type { NotificationState } from '../domain/notification.ts';
import type { CameraChoice } from './wire-system.ts';

export interface NotificationView {
  readonly id: string;
  readonly receiver: string;
  readonly type: Notice['type'];
  /** When it happened. */
  readonly at: string;
  readonly state: NotificationState;
  readonly tries: number;
  /** null: it is not tried again. */
  readonly nextTry: string | null;
  /** null: not tried yet. */
  readonly lastTry: string | null;
  /** The last answer's HTTP status; null: none came. */
  readonly status: number | null;
  /** null: it was taken, or not tried yet. */
  readonly trouble: { readonly code: StillwatchErrorCode; readonly text: string } | null;
}

/** `told`; `gone`: it wants nothing more; `off`: the owner left it out; `broken`: its address or secret cannot be read. */
export type ReceiverState = 'told' | 'gone' | 'off' | 'broken';

export interface ReceiverView {
  readonly name: string;
  readonly channel: 'webhook';
  readonly state: ReceiverState;
  /** Scheme, host and port; null: not known while it is not told. */
  readonly origin: string | null;
  readonly events: readonly NoticeType[];
  /** null: every camera. */
  readonly cameras: readonly string[] | null;
  readonly causes: readonly PhotoCause[];
  /** null: at any time. */
  readonly hours: readonly string[] | null;
  readonly onlyLasting: boolean;
  readonly waiting: number;
}

/** Shown once: only the receiver needs to know it. */
export interface WebhookSecretView {
  readonly name: string;
  readonly secret: string;
}

export interface NotificationRow {
  readonly key: string;
  readonly receiver: string;
  readonly type: Notice['type'];
  readonly time: string;
  readonly iso: string;
  readonly state: NotificationState;
  readonly tries: number;
  /** Moments as they are read. */
  readonly nextTry: string | null;
  readonly trouble: string | null;
}

export interface NotificationsData {
  readonly receivers: readonly (ReceiverView & { readonly cameraNames: readonly string[] | null })[];
  readonly rows: readonly NotificationRow[];
  readonly older: string | null;
  readonly quietHours: string | null;
  readonly link: string | null;
  readonly cameras: readonly CameraChoice[];
}
