// What the web says, text by text. A text missing in one language does not compile; one that nobody uses fails texts.test.ts.

import type { LedgerOutcome, TriggerOrigin } from '../../domain/ledger.ts';
import type { StillKind, StillSourceName } from '../../domain/still.ts';
import type { ChangeVerdict } from '../../domain/still-change.ts';
import type { WayName, WayReason } from '../../domain/still-choice.ts';
import type { Refusal } from '../wire.ts';
import type { Section } from '../wire-pages.ts';
import type { CamerasTexts } from './cameras-type.ts';
import type { ConfigTexts } from './config-type.ts';
import type { FindingTexts } from './finding-type.ts';
import type { InboxTexts } from './inbox-type.ts';
import type { NotificationsTexts } from './notifications-type.ts';
import type { ShareTexts } from './share-type.ts';
import type { SystemTexts } from './system-type.ts';

export interface Texts extends CamerasTexts, FindingTexts {
  readonly locale: string;
  /** The language's own name for itself. */
  readonly self: string;
  readonly nav: Readonly<Record<'label' | 'skip' | 'language' | 'ledger' | Section, string>>;
  readonly sentence: {
    readonly seeing: string;
    readonly seeingAll: (cameras: number) => string;
    readonly starting: string;
    readonly startingSome: (cameras: number) => string;
    readonly seeingSome: (seeing: number, all: number) => string;
    readonly blind: (time: string) => string;
    readonly blindSome: (cameras: number) => string;
    readonly remedy: string;
    readonly none: string;
    readonly ledger: (triggers: number, open: number) => string;
  };
  readonly camera: {
    readonly heading: (cameras: number) => string;
    readonly starting: string;
    readonly calm: string;
    readonly moving: string;
    readonly taking: string;
    readonly blind: string;
    readonly since: (time: string) => string;
    readonly secondsToCalm: (seconds: string) => string;
    readonly calmNote: (seconds: number) => string;
    readonly movingNote: string;
    readonly takingNote: string;
    readonly startingNote: string;
    readonly blindNote: string;
    readonly retryAt: (time: string) => string;
    readonly noRetry: string;
    readonly missed: (time: string) => string;
    readonly latest: (time: string) => string;
    readonly noPhoto: string;
    readonly photosToday: (photos: number) => string;
  };
  readonly takePhoto: Readonly<
    Record<'button' | 'busy' | 'done' | 'onItsWay' | 'see' | 'failed' | 'unanswered', string>
  >;
  readonly photo: {
    readonly newest: string;
    readonly alt: (camera: string, day: string, time: string) => string;
    readonly altDemo: (camera: string, day: string, time: string) => string;
    readonly demo: string;
    readonly full: string;
    readonly recent: string;
    readonly all: string;
    readonly size: (width: number, height: number) => string;
    readonly takenAfterCalm: (seconds: string) => string;
    /** Beneath a small photo: one line, in every language. */
    readonly lasting: Readonly<Record<'arrived' | 'gone', string>>;
    readonly kinds: Readonly<Record<StillKind, string>>;
  };
  readonly ribbon: {
    readonly title: string;
    readonly alt: (motion: number, photos: number, missed: number) => string;
  };
  readonly verdict: Readonly<Record<ChangeVerdict, string>>;
  readonly episode: {
    readonly compare: string;
    readonly open: string;
    readonly before: string;
    readonly peak: string;
    readonly calm: string;
    readonly share: (percent: string) => string;
    readonly views: string;
    readonly slider: string;
    readonly sliderAt: (percent: number) => string;
    readonly flip: string;
    readonly mask: string;
    readonly maskNote: string;
    readonly older: string;
    readonly newer: string;
    readonly favourite: string;
    readonly notFavourite: string;
    readonly download: string;
    readonly remove: string;
    readonly removed: string;
    readonly undo: string;
    readonly wrong: string;
    readonly corrected: string;
    readonly takeBack: string;
    readonly failed: string;
    readonly keys: string;
    readonly whyTitle: string;
    readonly triggers: string;
    readonly why: Readonly<
      Record<'cause' | 'triggers' | 'claims' | 'source' | 'way' | 'failed' | 'delay' | 'clock' | 'file', string>
    >;
    readonly sources: Readonly<Record<StillSourceName, string>>;
    readonly ways: Readonly<Record<WayName, string>>;
    readonly reasons: Readonly<Record<WayReason, string>>;
  };
  readonly ledger: {
    readonly states: Readonly<Record<LedgerOutcome['state'], string>>;
    readonly origins: Readonly<Record<TriggerOrigin, string>>;
    readonly nothing: string;
    readonly missedCount: (missed: number) => string;
    readonly missedOnly: string;
    readonly noMiss: string;
    readonly all: string;
    readonly cut: (rows: number) => string;
  };
  readonly search: {
    readonly words: string;
    readonly example: string;
    readonly camera: string;
    readonly verdict: string;
    readonly any: string;
    readonly favourites: string;
    readonly unknown: string;
    readonly none: string;
  };
  readonly share: ShareTexts;
  readonly inbox: InboxTexts;
  readonly notifications: NotificationsTexts;
  readonly system: SystemTexts;
  readonly config: ConfigTexts;
  readonly photos: {
    readonly title: string;
    readonly count: (photos: number) => string;
    readonly today: string;
    readonly yesterday: string;
    readonly older: string;
    readonly newer: string;
    readonly newest: string;
    readonly pages: string;
    readonly days: string;
    readonly dayBefore: (day: string) => string;
    readonly dayAfter: (day: string) => string;
    readonly emptyDay: string;
    readonly goTo: string;
    readonly go: string;
  };
  readonly empty: {
    readonly title: string;
    readonly watching: (seconds: number) => string;
    readonly waiting: string;
  };
  readonly demo: { readonly title: string; readonly note: string };
  readonly live: {
    readonly asOf: (time: string) => string;
    readonly reload: string;
    readonly lost: string;
    /** To a wish that nobody answered. */
    readonly unanswered: string;
    readonly arrived: (time: string) => string;
  };
  readonly trouble: {
    readonly notFound: string;
    readonly notFoundNote: string;
    readonly badRequest: string;
    readonly badRequestNote: string;
    readonly failed: string;
    readonly failedNote: string;
    readonly busy: string;
    readonly busyNote: string;
    readonly forbidden: string;
    readonly forbiddenNote: string;
    readonly refused: string;
    readonly refusedNote: Readonly<Record<Refusal, string>>;
    readonly refusedRemedy: string;
    readonly toStart: string;
    readonly noLatest: string;
    readonly noSuchCamera: string;
  };
  readonly foot: { readonly version: (version: string) => string; readonly logIn: string };
}
