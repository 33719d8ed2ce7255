import type { CameraId } from '../domain/ids.ts';
import type { EpochMs, Ms } from '../domain/units.ts';

export interface ClockReading {
  readonly utc: EpochMs;
  /** The camera's clock less ours. */
  readonly offset: Ms;
  /** `Manual` or `NTP`, as the camera says it. */
  readonly setBy: string | undefined;
  /** POSIX, as the camera has it. */
  readonly zone: string | undefined;
  readonly ntp: readonly string[];
}

export interface ClockWish {
  /** Set it to this machine's. */
  readonly set: boolean;
  /** With `set`: the camera's zone, as POSIX writes it. */
  readonly zone?: string;
  /** The time server it is to ask; null: the one its network names. undefined: as it is. */
  readonly ntp?: string | null;
}

/** The clock inside a camera. It is only ever set because the owner asked for it. */
export interface CameraClocks {
  /** @throws StillwatchError when the camera cannot be asked */
  read(camera: CameraId, signal: AbortSignal): Promise<ClockReading>;
  /** @returns what it says afterwards */
  set(camera: CameraId, wish: ClockWish, signal: AbortSignal): Promise<ClockReading>;
}
