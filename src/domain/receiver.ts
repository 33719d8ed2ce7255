// Who is told, of what, and how: a receiver of notifications as the owner set it up.

import type { DayHours, NotificationRule } from './notification-rule.ts';
import type { Ms } from './units.ts';
import type { WebhookAddress } from './webhook.ts';

export interface Receiver {
  /** The key in the configuration. */
  readonly name: string;
  readonly rule: NotificationRule;
  readonly webhook: WebhookAddress;
}

export interface NotificationSettings {
  /** Where the site is reached, for links; empty: nobody said. */
  readonly link: string;
  readonly quiet?: DayHours;
  /** A camera that is blind for less is not worth a word. */
  readonly blindAfter: Ms;
  readonly receivers: readonly Receiver[];
}
