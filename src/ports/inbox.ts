import type { Contact } from '../domain/contact.ts';
import type { Delivery, DeliveryOutcome } from '../domain/delivery.ts';
import type { FilmEnding } from '../domain/film.ts';
import type { CameraId, StillId } from '../domain/ids.ts';
import type { InboxCamera } from '../domain/inbox.ts';
import type { EpochMs, Ms } from '../domain/units.ts';

/** Who asks to deliver. `wait`: too many wrong keys from this address; nothing was looked at. */
export type LoginAnswer =
  | { readonly state: 'welcome'; readonly camera: InboxCamera }
  | { readonly state: 'unknown' }
  | { readonly state: 'wait' };

/** What every door of the inbox is given: who may deliver, and where to. There is nothing in it to list, read or delete. */
export interface InboxDoor {
  /** @param peer the address at the other end; empty where nobody can guess: mail that the owner's provider took in */
  login(user: string, key: string, peer: string): LoginAnswer;
  /** By its mail address, `<camera>+<key>@…`, for cameras that cannot log in. */
  loginByAddress(address: string, peer: string): LoginAnswer;
  /** By the addresses of a mail that lies in the owner's own mailbox, for cameras that are recognised by theirs. */
  byMailbox(addresses: readonly string[]): InboxCamera | undefined;
  /**
   * Takes a delivery in. Resolves when the picture would survive a power cut, or was refused for good.
   * @throws StillwatchError when it could not be taken now: the sender is to try again
   */
  deliver(delivery: Delivery): Promise<DeliveryOutcome>;
  /**
   * The sender gave what it delivered another name. While the pictures wait for the rest of their happening, what the name says counts.
   * @throws StillwatchError when it cannot be written now; the pictures are safe all the same
   */
  rename(camera: CameraId, renamed: RenamedDelivery): Promise<void>;
  /** The sender broke off, or sent what could not even be read. @throws never */
  refuse(camera: CameraId, refusal: Pick<Delivery, 'way' | 'receivedAt'> & RefusedDelivery): void;
}

export interface RenamedDelivery {
  readonly stills: readonly StillId[];
  /** The new name or path, only read. */
  readonly name: string;
  readonly receivedAt: EpochMs;
}

export interface RefusedDelivery {
  readonly code: 'SW_UPLOAD_CUT' | 'SW_UPLOAD_TOO_LARGE' | 'SW_UPLOAD_REFUSED';
  readonly detail: string;
  readonly bytes: number;
}

/** Whole pictures out of what cameras send. */
export interface UploadPictures {
  /**
   * The picture as a JPEG at full resolution: a JPEG as it is, once it has been decoded to its end; others converted.
   * @throws StillwatchError SW_STILL_DAMAGED
   */
  jpegOf(bytes: Uint8Array, kind: 'jpeg' | 'png' | 'heic'): Promise<Uint8Array>;
}

export interface ClipStill {
  readonly jpeg: Uint8Array;
  /** From the beginning of the film. */
  readonly at: Ms;
}

/** The best full frames of a film. */
export interface ClipReader {
  /**
   * First, most different and last sharp frame, in order of time; fewer when the film is shorter.
   * @throws StillwatchError SW_FILE_UNREADABLE, SW_DECODER_MISSING
   */
  stills(bytes: Uint8Array): Promise<readonly ClipStill[]>;
}

export interface KeptFilm {
  /** As `domain/film.ts` makes it. */
  readonly name: string;
  readonly takenAt: EpochMs;
  readonly ending: FilmEnding;
  readonly bytes: number;
}

export interface OpenFilm {
  readonly bytes: number;
  /** @param part `until` is not included */
  read(part: { readonly from: number; readonly until: number }): AsyncIterable<Uint8Array>;
}

export interface ClipWish {
  /** Those that began at or after this, and at or before `until`. */
  readonly from?: EpochMs;
  readonly until?: EpochMs;
  /** No more than so many, the newest. */
  readonly most?: number;
}

/** Keeps the films themselves, where the owner wants that. */
export interface ClipStore {
  /** @param name as `domain/film.ts` makes it; a film that is there already is written again */
  keep(camera: CameraId, name: string, bytes: Uint8Array): Promise<void>;
  /** Newest first. */
  list(camera: CameraId, wish?: ClipWish): Promise<readonly KeptFilm[]>;
  /** undefined: it is not there, or not any more. */
  open(camera: CameraId, name: string): Promise<OpenFilm | undefined>;
  /** Takes those away that were taken before `before`. */
  forget(camera: CameraId, before: EpochMs): Promise<void>;
}

/** What is remembered of cameras that send by themselves. */
export interface ContactBook {
  load(): Promise<readonly Contact[]>;
  /** Replaces everything; after a power cut the old or the new is there. */
  save(contacts: readonly Contact[]): Promise<void>;
}
