// What the main process and a capture child say to each other, as JSON over the IPC channel. Photos never cross it; small
// pictures of the moment do, while somebody looks.

import type { Camera, StillSettings, StreamAddress } from '../domain/camera.ts';
import type { OpenEpisode } from '../domain/episode.ts';
import type { CameraIdentity } from '../domain/identity.ts';
import { type CameraId, cameraId } from '../domain/ids.ts';
import { Secret } from '../domain/secret.ts';
import { type EpochMs, type Instant, type MonoMs, ms, shift } from '../domain/units.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import type { LookAnswer, LookOrder } from './live-looks.ts';
import type { PhotoOrder } from './photo-orders.ts';

/** A stream address with its password in the clear: only ever on the channel between our own two processes. */
interface WireAddress {
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
}

export interface WireCamera extends Omit<Camera, 'streams' | 'stills'> {
  readonly main: WireAddress;
  readonly sub: WireAddress;
  readonly stills?: Omit<StillSettings, 'snapshot'> & { readonly snapshot?: WireAddress };
}

export interface WatchCommand {
  readonly type: 'watch';
  readonly cameras: readonly WireCamera[];
  /** Episodes that were open when the last child ended. */
  readonly resume: readonly OpenEpisodeOf[];
  readonly spoolDir: string;
  /** Where pictures wait for the photo that names their set. */
  readonly shelfDir: string;
  readonly readingsDir: string;
  readonly zone: string;
  /** Who the cameras were when they were last asked. */
  readonly known: readonly KnownCamera[];
  /** Where cameras may post their events: `http://{host}:10000/onvif/notify/`; undefined: nowhere. */
  readonly notifyAt?: string | undefined;
}

export interface KnownCamera {
  readonly camera: CameraId;
  readonly identity: CameraIdentity;
}

export interface OpenEpisodeOf {
  readonly camera: CameraId;
  readonly open: OpenEpisode | null;
}

export type ChildCommand =
  | WatchCommand
  | PhotoOrder
  | LookOrder
  | { readonly type: 'stop' }
  /** Stop watching this camera; answered with `unwatched`. */
  | { readonly type: 'unwatch'; readonly camera: CameraId }
  /** A camera posted this to a secret path; the body in base64. */
  | { readonly type: 'notify'; readonly secret: string; readonly from: string; readonly body: string };

/** Says that the event loop turns. */
export interface CaptureAlive {
  readonly type: 'alive';
  /** Bytes. */
  readonly rss: number;
  /** Processor time since the process began. */
  readonly cpuSeconds: number;
  /** Of that, what each camera's watched stream cost to decode. */
  readonly decodeSeconds: readonly (readonly [CameraId, number])[];
  /** When the newest packet of each watched stream arrived. */
  readonly newestPackets: readonly (readonly [CameraId, EpochMs])[];
}

export type ChildReport =
  | { readonly type: 'fact'; readonly fact: WatchFact }
  | ({ readonly type: 'episode' } & OpenEpisodeOf)
  | { readonly type: 'unwatched'; readonly camera: CameraId }
  | CaptureAlive
  | LookAnswer
  /** A camera is told, or no longer, to post to this secret path. */
  | { readonly type: 'notify-at'; readonly secret: string; readonly isOpen: boolean }
  | { readonly type: 'stopped' };

const toWireAddress = (address: StreamAddress): WireAddress =>
  address.credentials
    ? { url: address.url, user: address.credentials.user, password: address.credentials.password.reveal() }
    : { url: address.url };

const fromWireAddress = ({ url, user, password }: WireAddress): StreamAddress =>
  user === undefined ? { url } : { url, credentials: { user, password: new Secret(password ?? '') } };

export const toWireCamera = ({ streams, stills, ...camera }: Camera): WireCamera => {
  const { snapshot, ...rest } = stills ?? {};
  return {
    ...camera,
    main: toWireAddress(streams.main),
    sub: toWireAddress(streams.sub),
    ...(stills ? { stills: { ...rest, ...(snapshot ? { snapshot: toWireAddress(snapshot) } : {}) } } : {}),
  };
};

export const fromWireCamera = ({ main, sub, stills, ...camera }: WireCamera): Camera => {
  const { snapshot, ...rest } = stills ?? {};
  return {
    ...camera,
    id: cameraId(camera.id),
    streams: { main: fromWireAddress(main), sub: fromWireAddress(sub) },
    ...(stills ? { stills: { ...rest, ...(snapshot ? { snapshot: fromWireAddress(snapshot) } : {}) } } : {}),
  };
};

/** An episode of another process: its monotonic clock means nothing here, so the wall clock carries it over. */
export const rebaseEpisode = (open: OpenEpisode, now: Instant): OpenEpisode => {
  const here = (at: Instant): Instant => {
    const moved = shift(now, ms(at.wall - now.wall));
    return { mono: Math.min(moved.mono, now.mono) as MonoMs, wall: at.wall };
  };
  return {
    ...open,
    startedAt: here(open.startedAt),
    seenSince: here(open.seenSince),
    lastMotionAt: here(open.lastMotionAt),
    peakAt: here(open.peakAt),
  };
};
