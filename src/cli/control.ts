// What commands on this machine may ask of the running program.

import {
  askControl,
  type ControlAnswer,
  controlServer,
  fitsSocket,
  followControl,
} from '../adapters/control-socket/control-socket.ts';
import { isErrorCode, StillwatchError } from '../domain/errors.ts';
import { type CameraId, isCameraId } from '../domain/ids.ts';
import type { PhotoOutcome } from '../domain/photo-order.ts';
import type { StoredStill } from '../domain/still.ts';
import type { Catalog } from '../ports/catalog.ts';
import type { LogTail, TailLine } from './log-tail.ts';
import type { PhotoOrders } from './photo-orders.ts';

export interface ControlParts {
  readonly path: string;
  readonly orders: Pick<PhotoOrders, 'take'>;
  readonly catalog: Pick<Catalog, 'find'>;
  readonly cameras: () => readonly { readonly id: CameraId }[];
  readonly tail: Pick<LogTail, 'follow'>;
}

/** A line of `stillwatch tail` as it crosses the socket. */
type WireLine = TailLine & Readonly<Record<string, unknown>>;

/** @throws StillwatchError when another program has the photo folder */
export const listenForCommands = async (parts: ControlParts): Promise<AsyncDisposable | undefined> => {
  if (!fitsSocket(parts.path)) return undefined;
  return controlServer(parts.path, async ({ type, camera }, gone): Promise<ControlAnswer> => {
    if (type === 'tail') return parts.tail.follow(gone) as AsyncIterable<WireLine>;
    const known = parts.cameras().find(({ id }) => id === camera);
    if (type !== 'photo' || !known) return { error: 'no such request' };
    const outcome = await parts.orders.take(known.id);
    return outcome.type === 'taken' ? { outcome, still: await parts.catalog.find(outcome.still) } : { outcome };
  });
};

/**
 * Has the running program take the photo, with its rings and its open streams.
 * @returns undefined when no program runs, or it does not watch this camera
 * @throws StillwatchError the reason why there is no photo
 */
export const photoByRunning = async (
  path: string,
  camera: string,
): Promise<{ readonly id: string; readonly still: StoredStill | undefined } | undefined> => {
  if (!isCameraId(camera) || !fitsSocket(path)) return undefined;
  const answer = await askControl(path, { type: 'photo', camera });
  const outcome = answer?.['outcome'] as PhotoOutcome | undefined;
  if (!outcome) return undefined;
  if (outcome.type === 'missed') {
    throw new StillwatchError(isErrorCode(outcome.code) ? outcome.code : 'SW_UNEXPECTED', outcome.facts);
  }
  return { id: outcome.still, still: answer?.['still'] as StoredStill | undefined };
};

/** What the running program's log says from now on. @returns undefined when no program runs */
export const tailOfRunning = async (path: string, signal: AbortSignal): Promise<AsyncIterable<TailLine> | undefined> =>
  fitsSocket(path)
    ? ((await followControl(path, { type: 'tail' }, signal)) as AsyncIterable<WireLine> | undefined)
    : undefined;
