// The JSON shapes of finding and trying cameras in /api/v1, as types. The browser code imports these.

import type { StillwatchErrorCode } from '../domain/errors.ts';
import type { CameraIdentityView } from './wire-api.ts';

interface TroubleText {
  readonly code: StillwatchErrorCode;
  readonly text: string;
}

export interface TrialStepView {
  readonly name: 'onvif' | 'paths' | 'reachable' | 'rtsp' | 'login' | 'sub' | 'main' | 'photo';
  readonly verdict: 'ok' | 'warning' | 'failed' | 'not-tried';
  /** "low-res stream", in the language of the request. */
  readonly title: string;
  /** What was found: "H.264 · 640×360 · 15 fps". */
  readonly detail: string;
  readonly code: StillwatchErrorCode | null;
  /** Cause and remedy of a warning or a failure. */
  readonly text: string | null;
}

/** `GET /api/v1/trials/{trial}`; the steps so far, in the order they were known. */
export interface TrialView {
  readonly id: string;
  readonly address: string;
  readonly state: 'running' | 'good' | 'failed' | 'stopped';
  readonly steps: readonly TrialStepView[];
  readonly identity: CameraIdentityView | null;
  /** Address of the first photo. */
  readonly photo: string | null;
  /** An id that is free, and a name. */
  readonly suggestion: { readonly id: string; readonly name: string } | null;
  /** Why it could not even begin. */
  readonly trouble: TroubleText | null;
}

export interface TrialWishView {
  readonly address?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly main?: string | undefined;
  readonly sub?: string | undefined;
  readonly onvif?: string | undefined;
  /** A camera that is set up: what is not said is taken from it, its password too. */
  readonly camera?: string | undefined;
  /** True: the address may be this machine's own. */
  readonly isOwnMachineAllowed?: boolean | undefined;
}

/** `GET /api/v1/discoveries/{discovery}` */
export interface DiscoveryView {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'stopped';
  /** Addresses of the range that were knocked at, and how many there are; null: only those that answer by themselves are looked for. */
  readonly asked: number;
  readonly total: number | null;
  readonly trouble: TroubleText | null;
  readonly found: readonly FoundCameraView[];
}

export interface FoundCameraView {
  readonly host: string;
  readonly name: string | null;
  readonly make: string | null;
  readonly model: string | null;
  readonly mac: string | null;
  readonly by: 'multicast' | 'sweep';
  readonly ports: readonly number[];
  /** Set up already, as this. */
  readonly camera: string | null;
}

/** `GET /api/v1/config/cameras`: also those that rest. */
export interface ConfiguredCamera {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** False: it rests, or a mistake of its own keeps it from being watched. */
  readonly isWatched: boolean;
  /** Host and port of the watched stream. */
  readonly address: string | null;
}
