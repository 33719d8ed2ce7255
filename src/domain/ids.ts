// Branded identifiers and the rules they obey.

import { type EpochMs, epochMs } from './units.ts';

declare const brand: unique symbol;

/** A slug the owner chose for a camera (`garden`, `tapo`); never an address. */
export type CameraId = string & { readonly [brand]: 'camera' };
/** One happening at one camera. Sorts by start time. */
export type EpisodeId = string & { readonly [brand]: 'episode' };
/** One still; deterministic in camera, time and kind, so that every hop can be repeated. 32 lower-case hex digits. */
export type StillId = string & { readonly [brand]: 'still' };

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

/** True for 1–40 characters of a–z, 0–9 and inner hyphens: safe as a folder, a URL segment and an MQTT topic level. */
export const isCameraId = (value: string): value is CameraId => SLUG.test(value);

/** @throws RangeError when `value` is not a slug (see `isCameraId`). */
export const cameraId = (value: string): CameraId => {
  if (!isCameraId(value)) throw new RangeError(`not a camera id: ${JSON.stringify(value)}`);
  return value;
};

/** Start time as 9 base-36 digits (sorts until the year 5188), then the camera. */
export const episodeId = (camera: CameraId, startedAt: EpochMs): EpisodeId =>
  `${Math.max(0, Math.round(startedAt)).toString(36).padStart(9, '0')}-${camera}` as EpisodeId;

/** When it began: the id's first part. */
export const episodeStart = (id: EpisodeId): EpochMs => epochMs(Number.parseInt(id.slice(0, id.indexOf('-')), 36));

const STILL_ID = /^[0-9a-f]{32}$/;
export const isStillId = (value: string): value is StillId => STILL_ID.test(value);

/**
 * FNV-1a, 128 bits, over `camera|takenAt|kind|episode`.
 * Not a security hash: the facts are public; it only has to be the same every time and spread well.
 * Source: Fowler, Noll, Vo, draft-eastlake-fnv (128-bit prime 2^88 + 0x13B).
 */
export const stillId = (camera: CameraId, takenAt: EpochMs, kind: string, episode: string): StillId => {
  const mask = (1n << 128n) - 1n;
  const prime = (1n << 88n) + 0x13bn;
  let hash = 0x6c62272e07bb014262b821756295c58dn;
  for (const byte of `${camera}|${Math.round(takenAt)}|${kind}|${episode}`) {
    hash ^= BigInt(byte.charCodeAt(0));
    hash = (hash * prime) & mask;
  }
  return hash.toString(16).padStart(32, '0') as StillId;
};
