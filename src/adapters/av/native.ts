// The native decoder library, loaded once. It may be missing (other platform, skipped optional package): then everything
// that needs it says SW_DECODER_MISSING when it is asked to work, and the rest of the program runs.

import type * as Constants from 'node-av/constants';
import type * as Lib from 'node-av/lib';
import { StillwatchError } from '../../domain/errors.ts';

export type Av = typeof Lib & typeof Constants;

const load = async (): Promise<Av | Error> => {
  try {
    const [lib, constants] = await Promise.all([import('node-av/lib'), import('node-av/constants')]);
    // The library writes each damaged packet to stderr; damage is reported by return values and flags instead.
    lib.Log.setLevel(constants.AV_LOG_QUIET);
    return { ...constants, ...lib };
  } catch (thrown) {
    return thrown instanceof Error ? thrown : new Error(String(thrown));
  }
};

const loaded: Av | Error = await load();

/** @throws StillwatchError SW_DECODER_MISSING */
export const av = (): Av => {
  if (loaded instanceof Error) {
    throw new StillwatchError('SW_DECODER_MISSING', { detail: loaded.message.split('\n')[0] ?? '' }, { cause: loaded });
  }
  return loaded;
};

/** A Buffer over the same memory: the library takes Buffers only. */
export const bufferOver = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
