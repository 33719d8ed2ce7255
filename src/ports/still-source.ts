import type { Shot, StillSourceName } from '../domain/still.ts';
import type { Instant, Ms } from '../domain/units.ts';

/** The moment a still should show. Sources that can only look at the present take it as "now". */
export interface WantedMoment {
  readonly at: Instant;
  /** A key frame this near is as good: it costs a tenth of the decoding. */
  readonly keyWithin: Ms;
  /** Nothing later will do: it shall show the scene before something happened. */
  readonly notAfter: boolean;
}

export interface TakeOptions {
  readonly signal: AbortSignal;
  /** Default: now. */
  readonly wanted?: WantedMoment;
}

/** What one way gave when it was tried out. */
export interface MeasuredWay {
  readonly pixels: number;
  readonly delay: Ms;
  /** How old the picture was by the camera's own account. */
  readonly age: Ms;
}

/** One way to take a still. */
export interface StillSource {
  readonly name: StillSourceName;
  /** Known before it is first asked for a still, where it was tried out. */
  readonly measured?: () => MeasuredWay | undefined;
  /** @throws StillwatchError SW_CAM_*, SW_STILL_DAMAGED, SW_STILL_NOT_KEPT */
  take(options: TakeOptions): Promise<Shot>;
}
