import type { ClaimKind } from '../../domain/camera-message.ts';
import type { PhotoFilter } from '../../domain/photo-filter.ts';

/** Finding photos: the timeline, a selection, the search. */
export interface FindingTexts {
  readonly find: {
    readonly camera: string;
    readonly allCameras: string;
    readonly what: string;
    readonly everything: string;
    readonly filters: Readonly<Record<PhotoFilter, string>>;
    readonly claims: Readonly<Record<ClaimKind, string>>;
    readonly show: string;
    readonly from: string;
    readonly until: string;
    readonly hourFrom: string;
    readonly hourUntil: string;
    readonly kind: string;
    readonly source: string;
    readonly claim: string;
    /** Searches that are one link away. */
    readonly ready: string;
    readonly night: string;
    /** In the words that the search understands; so are those of the week. */
    readonly nightWords: string;
    readonly nightSum: (photos: string) => string;
    /** @param cameras theirs, with commas between; empty where there is one camera */
    readonly nightLasting: (photos: number, cameras: string) => string;
    readonly today: string;
    readonly weekWords: string;
    readonly weekArrived: string;
    readonly favourites: string;
    readonly more: string;
    /** Opens the conditions of a search that found something. */
    readonly change: string;
    readonly hours: (from: number, until: number) => string;
    readonly looked: (facts: string) => string;
    readonly zip: string;
    readonly share: string;
    readonly copied: string;
    readonly notCopied: string;
    readonly noneHere: string;
    readonly showAll: string;
  };
  readonly timeline: {
    readonly label: string;
    readonly bar: string;
    readonly barKeys: string;
    readonly hour: (hour: string) => string;
    readonly jump: string;
    readonly date: string;
    readonly hourField: string;
    readonly anyHour: string;
    readonly cancel: string;
    readonly loading: string;
    readonly failed: string;
    readonly again: string;
    readonly photo: (camera: string, day: string, time: string) => string;
    readonly pick: (photo: string) => string;
    readonly select: string;
    readonly selectDay: string;
    readonly selected: (photos: number) => string;
    readonly clear: string;
    readonly download: string;
    readonly favourite: string;
    readonly remove: string;
    readonly removed: (photos: number) => string;
    readonly kept: (photos: number) => string;
    readonly undo: string;
    readonly restored: string;
    readonly tooMany: (photos: number) => string;
  };
  readonly keys: {
    readonly title: string;
    readonly open: string;
    readonly close: string;
    readonly everywhere: string;
    readonly help: string;
    readonly search: string;
    readonly goTo: string;
    readonly photos: string;
    readonly move: string;
    readonly openPhoto: string;
    readonly pick: string;
    readonly pickRange: string;
    readonly favourite: string;
    readonly download: string;
    readonly remove: string;
    readonly undo: string;
    readonly clear: string;
    readonly bar: string;
    readonly barDay: string;
    readonly barHour: string;
    readonly barMonth: string;
    readonly happening: string;
    readonly neighbours: string;
    readonly frames: string;
    readonly compare: string;
    readonly mask: string;
  };
  readonly offline: {
    readonly title: string;
    readonly note: string;
    readonly photos: string;
    readonly none: string;
    readonly again: string;
  };
}
