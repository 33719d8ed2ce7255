import type { Shot, StillSourceName } from '../domain/still.ts';

/** One way to take a still. */
export interface StillSource {
  readonly name: StillSourceName;
  /** @throws StillwatchError SW_CAM_*, SW_STILL_DAMAGED */
  take(options: { readonly signal: AbortSignal }): Promise<Shot>;
}
