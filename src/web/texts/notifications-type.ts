// Texts of the page that says who is told of what happens.

import type { Notice, NoticeType, PhotoCause } from '../../domain/notice.ts';
import type { NotificationState } from '../../domain/notification.ts';
import type { ReceiverState } from '../wire-notifications.ts';

export interface NotificationsTexts {
  readonly note: string;
  readonly receivers: string;
  readonly none: string;
  readonly states: Readonly<Record<ReceiverState, string>>;
  readonly events: Readonly<Record<NoticeType, string>>;
  readonly types: Readonly<Record<Notice['type'], string>>;
  readonly causes: Readonly<Record<PhotoCause, string>>;
  readonly of: (events: string) => string;
  readonly camerasOnly: (names: string) => string;
  readonly onlyCauses: (causes: string) => string;
  readonly onlyHours: (hours: string) => string;
  readonly lastingOnly: string;
  readonly waiting: (notifications: number) => string;
  readonly test: string;
  readonly tested: (name: string) => string;
  readonly edit: (name: string) => string;
  readonly save: string;
  readonly saved: string;
  readonly renew: string;
  readonly renewNote: string;
  readonly remove: string;
  readonly removeSure: (name: string) => string;
  readonly add: string;
  readonly name: string;
  readonly nameNote: string;
  readonly url: string;
  readonly urlNote: string;
  readonly ownMachine: string;
  readonly toldOf: string;
  readonly hours: string;
  readonly hoursNote: string;
  readonly lasting: string;
  readonly lastingNote: string;
  readonly enabled: string;
  readonly secret: (name: string) => string;
  readonly secretNote: string;
  readonly site: string;
  readonly quietHours: string;
  readonly quietNote: string;
  readonly link: string;
  readonly linkNote: string;
  readonly log: string;
  readonly nothing: string;
  readonly outcomes: Readonly<Record<NotificationState, string>>;
  readonly tries: (tries: number) => string;
  readonly nextTry: (moment: string) => string;
}
