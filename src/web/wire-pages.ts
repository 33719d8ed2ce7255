// What each page is given: drawn from it by the server, and again by the browser when something changes. Types only.
// Times that are shown are written by the server, at the site's clock; a browser's own rules might write them otherwise.

import type { ClaimKind } from '../domain/camera-message.ts';
import type { Language, StillwatchErrorCode } from '../domain/errors.ts';
import type { LedgerOutcome, TriggerOrigin } from '../domain/ledger.ts';
import type { Permission } from '../domain/permission.ts';
import type { PhotoFilter } from '../domain/photo-filter.ts';
import type { StillKind, StillSourceName } from '../domain/still.ts';
import type { ChangeVerdict, WantedVerdict } from '../domain/still-change.ts';
import type { AddData, CameraCard, CameraData, SetupData, TuneData } from './wire-cameras.ts';
import type { NotificationsData } from './wire-notifications.ts';
import type { FactView, FilmView, PhotoView, StripView, TileView } from './wire-parts.ts';
import type { InboxCameraData, InboxData, PushedView } from './wire-pushed.ts';
import type { ConfigView } from './wire-settings.ts';
import type { AccountData, AuditData, HealthData, StorageData, SystemData, UsersData } from './wire-system.ts';

export type { FactView, PhotoView, PictureView, StripView, TileView, TroubleNote } from './wire-parts.ts';

export type Section = 'now' | 'photos' | 'cameras' | 'search' | 'system';

export interface SentencePart {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'waiting' | null;
  readonly href: string | null;
}

/** What every page has around it. */
export interface FrameView {
  readonly language: Language;
  readonly version: string;
  readonly isDemo: boolean;
  readonly title: string;
  /** Path and query without `lang`. */
  readonly address: string;
  readonly section: Section | null;
  /** The whole site in one line; empty where the visitor may not know. */
  readonly sentence: readonly SentencePart[];
  readonly isLive: boolean;
  /** This machine's clock when the page was made. */
  readonly nowMs: number;
  /** The same as text, by the site's clock. */
  readonly asOf: string;
  /** The site's local day. */
  readonly today: string;
  /** What whoever looks may do, at any camera. */
  readonly may: readonly Permission[];
  /** True for whoever came by a share link: there is nothing else here for them. */
  readonly isGuest: boolean;
  /** True for whoever could log in and has not. */
  readonly canLogIn: boolean;
  /** True when a photo's name has a camera in front of it. */
  readonly hasManyCameras: boolean;
}

export interface NewestView extends PhotoView {
  readonly facts: readonly string[];
  readonly strip: StripView;
}

/** One camera's day: positions in thousandths of it. */
export interface RibbonView {
  readonly camera: string;
  readonly name: string;
  readonly photos: readonly number[];
  readonly motion: readonly number[];
  readonly missed: readonly number[];
  /** Since when it has been blind, and where the day has come to. */
  readonly blindFrom: number | null;
  readonly now: number;
  readonly count: number;
}

export interface NowData {
  readonly newest: NewestView | null;
  /** In the morning: what the night was, and where it is shown; of it what lasts, when anything does. */
  readonly night: { readonly all: LinkView; readonly lasting: LinkView | null } | null;
  readonly tiles: readonly TileView[];
  readonly pushed: readonly PushedView[];
  readonly recent: readonly PhotoView[];
  readonly ribbons: readonly RibbonView[];
  /** While there is no photo: the calm period of a camera that is seen, in seconds. */
  readonly emptySeconds: number | null;
}

export interface DayGroupView {
  readonly day: string;
  readonly title: string;
  readonly count: number | null;
  readonly photos: readonly PhotoView[];
}

/** A day of the sheet: its photos by camera. */
export interface SheetDayView extends Omit<DayGroupView, 'photos'> {
  readonly parts: readonly {
    readonly camera: string;
    readonly name: string;
    readonly count: number | null;
    readonly photos: readonly PhotoView[];
  }[];
}

export interface LinkView {
  readonly href: string;
  readonly text: string;
}

export interface PhotosDay {
  readonly name: string;
  readonly before: LinkView | null;
  readonly after: LinkView | null;
  /** Those that have photos of it: a link is made for one of them. */
  readonly cameras: readonly { readonly id: string; readonly name: string }[];
}

export interface PhotosData {
  readonly title: string;
  /** The one day that is shown; null: all. */
  readonly day: PhotosDay | null;
  readonly isNewest: boolean;
  /** First and last day that have photos; null: none has. */
  readonly range: { readonly first: string; readonly last: string } | null;
  /** Every camera that has photos or is set up; those the sheet is narrowed to are on, none: all are shown. */
  readonly cameras: readonly { readonly id: string; readonly name: string; readonly isOn: boolean }[];
  readonly what: PhotoFilter | '';
  /** The same as a query, for `/api/v1/timeline`. */
  readonly narrowed: string;
  readonly newest: NewestView | null;
  readonly groups: readonly SheetDayView[];
  readonly newer: string | null;
  readonly older: string | null;
}

export interface TriggerView {
  readonly id: string;
  readonly time: string;
  readonly origin: string;
  readonly outcome: string;
}

/** A few minutes second by second, in hundredths of the highest a change can be, by its logarithm. */
export interface SeenView {
  /** null: not seen. */
  readonly seconds: readonly (number | null)[];
  /** From here on a change is motion. */
  readonly needed: number;
  /** Positions of the photos, as seconds from the first. */
  readonly photos: readonly number[];
  readonly from: string;
  readonly until: string;
}

export interface EpisodeData {
  readonly cover: PhotoView;
  readonly set: StripView;
  /** null: a photo of no happening. */
  readonly episode: string | null;
  /** What it was taken from, where a camera sent films and they are kept. */
  readonly films: readonly FilmView[];
  /** Ids of every photo of it: what is deleted together, and brought back. */
  readonly stills: readonly string[];
  readonly isFavourite: boolean;
  readonly verdict: ChangeVerdict | null;
  /** True when the verdict is a person's. */
  readonly isCorrected: boolean;
  readonly change: { readonly share: string; readonly mask: string } | null;
  /** What was seen, in one sentence. */
  readonly summary: string;
  readonly why: readonly FactView[];
  readonly triggers: readonly TriggerView[];
  /** What motion detection saw then; null: it is not kept (any more, or not yet), or nothing moved that it saw. */
  readonly seen: SeenView | null;
  readonly older: string | null;
  readonly newer: string | null;
  /** Name of a downloaded file, without its ending. */
  readonly fileName: string;
}

export interface LedgerRowView {
  readonly id: string;
  readonly time: string;
  readonly iso: string;
  readonly cameraName: string;
  readonly origin: TriggerOrigin;
  readonly state: LedgerOutcome['state'];
  readonly href: string | null;
  readonly code: StillwatchErrorCode | null;
  readonly reason: string | null;
}

export interface LedgerDayView {
  readonly day: string;
  readonly text: string;
  readonly isShown: boolean;
  readonly triggers: number;
  readonly missed: number;
  readonly open: number;
}

export interface LedgerData {
  readonly day: string;
  readonly title: string;
  /** "41 triggers, 41 accounted for"; null: nothing asked for a photo. */
  readonly sentence: string | null;
  readonly missedOnly: boolean;
  /** True when there are more rows than are shown. */
  readonly isCut: boolean;
  readonly rows: readonly LedgerRowView[];
  readonly days: readonly LedgerDayView[];
}

/** The form as it was sent; empty: any. */
export interface SearchFormView {
  readonly words: string;
  readonly camera: string;
  readonly from: string;
  readonly until: string;
  readonly hourFrom: string;
  readonly hourUntil: string;
  readonly kind: StillKind | '';
  readonly source: StillSourceName | '';
  readonly verdict: WantedVerdict | '';
  readonly claim: ClaimKind | '';
  readonly isFavourite: boolean;
}

export interface SearchData {
  readonly form: SearchFormView;
  readonly cameras: readonly { readonly id: string; readonly name: string }[];
  /** False on the empty form. */
  readonly isAsked: boolean;
  /** What was understood, in words: one fact each. */
  readonly understood: readonly string[];
  /** Words that mean nothing here. */
  readonly unknown: readonly string[];
  readonly groups: readonly DayGroupView[];
  readonly older: string | null;
  /** All of it as a zip. */
  readonly zip: string;
}

export interface CamerasData {
  readonly cards: readonly CameraCard[];
  readonly pushed: readonly PushedView[];
}

/** What somebody sees who was sent a link. */
export interface ShareData {
  /** "Garden · Monday 23 November". */
  readonly title: string;
  readonly until: string;
  /** The photo that is looked at, with the set it belongs to; null: the sheet alone. */
  readonly shown: NewestView | null;
  /** Where it differs from the photo before it. */
  readonly mask: string | null;
  readonly fileName: string;
  readonly groups: readonly DayGroupView[];
  readonly back: string | null;
  readonly newer: string | null;
  readonly older: string | null;
}

/** The editor of stillwatch.yml. */
export interface ConfigData {
  readonly config: ConfigView;
  readonly etag: string;
}

export interface TroubleData {
  readonly detail: string;
  readonly remedy: string | null;
}

/** Every page by its name. */
export interface PageData {
  readonly now: NowData;
  readonly photos: PhotosData;
  readonly episode: EpisodeData;
  readonly ledger: LedgerData;
  readonly search: SearchData;
  readonly share: ShareData;
  readonly cameras: CamerasData;
  readonly inbox: InboxData;
  readonly 'inbox-camera': InboxCameraData;
  readonly camera: CameraData;
  readonly setup: SetupData;
  readonly add: AddData;
  readonly tune: TuneData;
  readonly mask: TuneData;
  readonly system: SystemData;
  readonly config: ConfigData;
  readonly account: AccountData;
  readonly users: UsersData;
  readonly audit: AuditData;
  readonly notifications: NotificationsData;
  /** null: the disk does not answer. */
  readonly storage: StorageData | null;
  readonly health: HealthData;
  readonly trouble: TroubleData;
  /** Drawn from what the browser itself has kept. */
  readonly offline: null;
}

export type PageName = keyof PageData;

export interface PageView<Name extends PageName = PageName> {
  readonly page: Name;
  readonly frame: FrameView;
  readonly data: PageData[Name];
}

/** Asks a page's address for what it is drawn from. */
export type PageMediaType = 'application/vnd.stillwatch.page+json';
