// What a camera is to everyone else: an owner's name for one device and lens, and where its streams are.

import type { Area } from './geometry.ts';
import type { CameraId } from './ids.ts';
import type { Schedule } from './schedule.ts';
import type { Credentials } from './secret.ts';
import type { MonoMs, Ms } from './units.ts';

export type StreamRole = 'main' | 'sub';

/** Where one encoded stream is. `url` never holds credentials. */
export interface StreamAddress {
  readonly url: string;
  readonly credentials?: Credentials;
}

export interface Camera {
  readonly id: CameraId;
  /** The owner's name, as shown. */
  readonly name: string;
  readonly streams: Readonly<Record<StreamRole, StreamAddress>>;
  readonly rules: CameraRules;
  /** True for the simulated camera: its photos are marked as such. */
  readonly isDemo: boolean;
  readonly stills?: StillSettings;
  /** Default: `pixels`. Anything else needs `onvif`. */
  readonly motionBy?: MotionWitness;
  /** undefined: ONVIF is left alone. */
  readonly onvif?: OnvifSettings;
  readonly motion?: MotionSettings;
}

/**
 * How hard is looked. `economy`: pictures are decoded on suspicion only. `careful`: every picture. `auto`: economy, and
 * careful where economy is seen to miss something, or cannot work.
 */
export const MOTION_MODES = ['auto', 'economy', 'careful'] as const;
export type MotionMode = (typeof MOTION_MODES)[number];

/** What the change that is needed may be multiplied with: from a quarter, into the noise, to what only a lorry reaches. */
export const LEAST_THRESHOLD = 0.25;
export const MOST_THRESHOLD = 20;

export interface MotionSettings {
  /** Default: auto. */
  readonly mode?: MotionMode;
  /** Factor on the change that is needed; default 1. */
  readonly threshold?: number;
  /** Masks and zones on the watched stream. */
  readonly areas?: readonly Area[];
}

/** Whose word opens an episode. `events`: the camera's alone, nothing is decoded; `both`: either. */
export const MOTION_WITNESSES = ['pixels', 'events', 'both'] as const;
export type MotionWitness = (typeof MOTION_WITNESSES)[number];

/** How a camera's word reaches us: we ask, it posts to us, or it sends it beside the pictures. */
export const EVENT_CHANNELS = ['pull-point', 'push', 'metadata'] as const;
export type EventChannel = (typeof EVENT_CHANNELS)[number];

/**
 * Whose certificate is believed. `any`: encrypts, does not prove who answers (cameras sign their own); `system`: signed by
 * an authority this machine trusts; a fingerprint (SHA-256, hex): exactly this certificate.
 */
export type CertificateTrust = 'any' | 'system' | { readonly sha256: string };

/** How the camera's ONVIF services are reached and used. The login is the main stream's. */
export interface OnvifSettings {
  /** Address of the device service, without credentials; undefined: it is looked for on the camera's host. */
  readonly device?: string;
  /** Nobody said that the camera speaks ONVIF: if it does not, nothing is said about it. */
  readonly isGuessed?: boolean;
  /** Default: `['pull-point']`. */
  readonly channels?: readonly EventChannel[];
  /** Default: `any`. */
  readonly certificate?: CertificateTrust;
  /** Send the password as it is to a camera that asks for nothing better and speaks no TLS. Default: false. */
  readonly plainBasic?: boolean;
}

/** How this camera's stills may be taken. Everything left out is off, or unknown. */
export interface StillSettings {
  /**
   * Keep the main stream open and its packets at hand, so that "before" and "peak" are at full resolution. It costs a
   * session at the camera and the main stream's bits on the link.
   */
  readonly ring?: { readonly reach: Ms; readonly mostBytes: number };
  /** An HTTP address that gives a JPEG. */
  readonly snapshot?: StreamAddress;
  /** Addresses and host names that `snapshot` may lead to although no camera is expected there. */
  readonly allow?: readonly string[];
  /** Every stream that is opened costs money or battery. */
  readonly isLinkCostly?: boolean;
  /** Streams the camera gives at once (Tapo: 2). */
  readonly streamLimit?: number;
  readonly schedules?: readonly Schedule[];
}

export interface CameraRules {
  /** Time without motion that ends an episode (`CALM_PERIOD`). */
  readonly calmPeriod: Ms;
  /** An episode that never calms is photographed and cut after this long. */
  readonly longestEpisode: Ms;
}

export type Codec = 'h264' | 'h265';

/** What is needed to open a decoder for one stream. */
export interface VideoFormat {
  readonly codec: Codec;
  /** Parameter sets (SPS, PPS; VPS for H.265) in Annex B form, from the SDP; empty when they only come in-band. */
  readonly parameterSets: Uint8Array;
  /** Visible picture size from the parameter sets, in pixels, when they are known already. */
  readonly picture: { readonly width: number; readonly height: number } | undefined;
}

/** One access unit (all slices of one picture), Annex B, as it came from the camera. */
export interface Packet {
  /** Presentation time since the run's first packet, from the RTP clock. */
  readonly pts: Ms;
  /** When it was read here, on the monotonic clock; with coalesced reads up to one tick late. */
  readonly arrivedAt: MonoMs;
  /** True when decoding can start here. */
  readonly isKey: boolean;
  readonly bytes: Uint8Array;
}

/** The 8-bit brightness plane of one decoded picture, row-major, `width * height` bytes. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly pts: Ms;
  readonly isKey: boolean;
}
