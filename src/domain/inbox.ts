// What the owner says of cameras that send by themselves, and of the doors they send to.

import type { TimeZone } from './civil-time.ts';
import type { CameraId } from './ids.ts';
import type { Credentials, Secret } from './secret.ts';
import type { Ms } from './units.ts';

export interface InboxCamera {
  readonly id: CameraId;
  readonly name: string;
  /** The one credential it delivers with, at every door: user is its id. undefined: it comes through another's account. */
  readonly key?: Secret;
  readonly recognise?: RecognitionRule;
  /** Its clock's zone, when it is not the site's. */
  readonly zone?: TimeZone;
  readonly limits: InboxLimits;
  /** Keep the films that its stills are taken from, so long. undefined: not at all. */
  readonly keepClips?: Ms;
  readonly fetch?: FetchRule;
}

/** What a camera is known by. One that fits is enough. */
export interface RecognitionRule {
  /** The camera with whose key the pictures come. undefined: only the mailbox brings them, or its own key. */
  readonly through?: CameraId;
  /** A folder, or the beginning of the file's name. */
  readonly path?: string;
  /** The address it writes from, or to. */
  readonly mail?: string;
  /** Its serial number, IMEI or model, as EXIF or its text says it. */
  readonly exif?: string;
}

export interface InboxLimits {
  /** Of one picture. */
  readonly pictureBytes: number;
  /** Of one film. */
  readonly clipBytes: number;
  readonly picturesPerMinute: number;
  readonly bytesPerDay: number;
  /** The owner is warned at four fifths of it and when it is used up; pictures are still taken. */
  readonly monthBudget?: number;
}

const MIB = 1024 * 1024;

/** A 48 MP JPEG has 20 MB; a film of a minute at 8 Mbit/s 60 MB. 120 a minute is a burst of 10 every 5 s. */
export const INBOX_LIMITS: InboxLimits = {
  pictureBytes: 25 * MIB,
  clipBytes: 64 * MIB,
  picturesPerMinute: 120,
  bytesPerDay: 2048 * MIB,
};

/** Fetching a picture from an address, by plan or when the camera asks for it. */
export interface FetchRule {
  readonly url: string;
  readonly every?: Ms;
  /** Basic or digest, whichever the server asks for. */
  readonly credentials?: Credentials;
  readonly bearer?: Secret;
  /** PEM of the authority that signed the server's certificate. */
  readonly authority?: string;
  /** SHA-256 of the server's certificate, hex: no other is believed, whoever signed it. */
  readonly certificate?: string;
  /** Addresses or blocks it may lead to although they are not cameras' as a rule: this machine, link-local ones. */
  readonly allow?: readonly string[];
}

export interface FtpRule {
  readonly port: number;
  /** Port for implicit TLS; undefined: none. */
  readonly tlsPort?: number;
  readonly passivePorts: readonly [number, number];
  /** What is told to cameras from outside: the address of the router or server. */
  readonly publicAddress?: string;
  /** Connects to where the camera says (`PORT`). Off: firewalls and NAT make it fail, and it is a door to misuse. */
  readonly allowsActive: boolean;
  /** Lets cameras that know no TLS log in, from private addresses; with `anywhere` from all. */
  readonly plain: PlainRule;
}

export interface MailRule {
  readonly port: number;
  readonly tlsPort?: number;
  readonly plain: PlainRule;
}

/** Who may log in without TLS. */
export type PlainRule = 'no' | 'private' | 'anywhere';

/** Whether a peer may log in without TLS. @param isPrivate whether its address is one of a private network */
export const isPlainAllowed = (rule: PlainRule, isPrivate: boolean): boolean =>
  rule === 'anywhere' || (rule === 'private' && isPrivate);

export interface HttpRule {
  readonly port?: number;
  readonly tlsPort?: number;
  readonly plain: PlainRule;
}

export interface ImapRule {
  readonly host: string;
  readonly port: number;
  readonly credentials: Credentials;
  readonly folder: string;
  readonly every: Ms;
  /** PEM of the authority that signed the server's certificate, when no public one did. */
  readonly authority?: string;
  /** Off only for a mailbox on this very machine. */
  readonly tls: boolean;
}

export interface InboxSettings {
  readonly cameras: readonly InboxCamera[];
  /** Address that the doors listen on. */
  readonly bind: string;
  /** How cameras reach this machine; for the set-up page. */
  readonly host?: string;
  readonly http?: HttpRule;
  readonly ftp?: FtpRule;
  readonly mail?: MailRule;
  readonly imap?: ImapRule;
  /** PEM, for every door. undefined: one of our own making. */
  readonly tls?: { readonly key: Secret; readonly certificate: string };
  /** Pictures taken within this of each other are one happening. */
  readonly burstGap: Ms;
  /** A happening is over when its camera has sent nothing for so long. */
  readonly burstWait: Ms;
}
