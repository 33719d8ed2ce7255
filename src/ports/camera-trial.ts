// Trying a new camera out, and finding cameras: what the command line and the API ask for, and what they are told.

import type { Camera, StreamRole } from '../domain/camera.ts';
import type { StillwatchError } from '../domain/errors.ts';
import type { CameraIdentity } from '../domain/identity.ts';
import type { CameraId } from '../domain/ids.ts';
import type { Credentials } from '../domain/secret.ts';
import type { Shot } from '../domain/still.ts';
import type { Ms } from '../domain/units.ts';

export const CHECK_STEPS = ['reachable', 'rtsp', 'login', 'sub', 'main', 'photo'] as const;
export type CheckStepName = (typeof CHECK_STEPS)[number];

export interface StreamMeasure {
  readonly codec: string;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly fps: number | undefined;
  /** Seconds between key frames; undefined when only one came while we looked. */
  readonly keyInterval: number | undefined;
}

export type CheckStep =
  | { readonly name: 'reachable'; readonly verdict: 'ok'; readonly delay: Ms }
  | { readonly name: 'rtsp' | 'login'; readonly verdict: 'ok' }
  | { readonly name: StreamRole; readonly verdict: 'ok'; readonly stream: StreamMeasure }
  | {
      readonly name: 'photo';
      readonly verdict: 'ok';
      readonly width: number;
      readonly height: number;
      readonly bytes: number;
      readonly delay: Ms;
    }
  | { readonly name: CheckStepName; readonly verdict: 'failed'; readonly error: StillwatchError }
  | { readonly name: CheckStepName; readonly verdict: 'not-tried' };

export interface TrialWish {
  /** Host, with the RTSP port if it is not 554. */
  readonly address: string;
  readonly credentials: Credentials | undefined;
  /** Path or URL, when the owner knows it. */
  readonly main?: string;
  readonly sub?: string;
  /** The ONVIF device service, when the owner knows it. */
  readonly onvif?: string;
}

/** What a camera says of itself by ONVIF. */
export interface TrialFacts {
  readonly identity: CameraIdentity;
  readonly clockOffset: Ms;
  /** Addresses of its streams, as reachable from here. */
  readonly main: string | undefined;
  readonly sub: string | undefined;
  readonly hasEvents: boolean;
}

export type TrialStep =
  | { readonly name: 'onvif'; readonly verdict: 'ok'; readonly facts: TrialFacts }
  /** It does without; what it would have told has to be found out. */
  | { readonly name: 'onvif'; readonly verdict: 'warning'; readonly error: StillwatchError }
  | { readonly name: 'onvif' | 'paths'; readonly verdict: 'failed'; readonly error: StillwatchError }
  | { readonly name: 'paths'; readonly verdict: 'ok'; readonly source: string }
  | CheckStep;

export interface Trial {
  /** True when all steps that are needed passed. */
  readonly isGood: boolean;
  readonly camera: Camera | undefined;
  readonly identity: CameraIdentity | undefined;
  readonly shot: Shot | undefined;
}

export interface FoundCamera {
  readonly host: string;
  readonly name: string | undefined;
  readonly make: string | undefined;
  readonly model: string | undefined;
  readonly mac: string | undefined;
  readonly by: 'multicast' | 'sweep';
  /** Those that are open, of the ones that were knocked at. */
  readonly ports: readonly number[];
}

export type FinderEvent =
  | { readonly type: 'found'; readonly camera: FoundCamera }
  /** Addresses of the range that were knocked at so far. */
  | { readonly type: 'progress'; readonly asked: number; readonly total: number };

export interface CameraTrials {
  /**
   * Yields each step as its verdict is known. This machine itself is tried only when the owner says so, a cloud's metadata never.
   * @throws StillwatchError SW_ADDRESS_REFUSED, SW_CAM_HOST_UNKNOWN
   */
  run(wish: TrialWish, isOwnMachineAllowed: boolean, signal: AbortSignal): AsyncGenerator<TrialStep, Trial>;
  /** @throws StillwatchError SW_CONFIG_CHOICE for what is no range, or a public one that was not allowed */
  find(range: string | undefined, isPublicAllowed: boolean, signal: AbortSignal): AsyncGenerator<FinderEvent>;
  /** The login of a camera that is watched. */
  loginOf(camera: CameraId): Credentials | undefined;
  /** The first photo into the gallery. */
  keepPhoto(camera: { readonly id: CameraId; readonly name: string }, shot: Shot): Promise<void>;
}
