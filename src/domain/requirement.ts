// What an owner may require of a camera, and what can be found out about it. How findings are judged is `requirement-judge.ts`,
// the words for it are `requirement-words.ts`.

import type { ClaimKind } from './camera-message.ts';
import type { CameraIdentity } from './identity.ts';
import type { Ms } from './units.ts';

/** `cannot-be-asked`: no camera tells this over the network; a data sheet does. */
export const REQUIREMENT_STATES = ['proven', 'refused', 'not-offered', 'not-tested', 'cannot-be-asked'] as const;
export type RequirementState = (typeof REQUIREMENT_STATES)[number];

/** What no camera tells over the network. */
export const NOT_ASKABLE = ['sensor', 'infrared', 'weather', 'vandal', 'poe', 'gigabit', 'temperature', 'sim'] as const;

const ASKABLE = [
  'identity',
  'mac',
  'profile-s',
  'profile-t',
  'profile-g',
  'profile-m',
  'resolution',
  'two-streams',
  'snapshot',
  'snapshot-https',
  'events',
  'classes',
  'push',
  'metadata',
  'edge-storage',
  'ptz',
  'imaging',
  'clock',
  'tls',
] as const;
export type RequirementId = (typeof ASKABLE)[number] | (typeof NOT_ASKABLE)[number];

/** In the order of the report. */
export const REQUIREMENTS: readonly RequirementId[] = [...ASKABLE, ...NOT_ASKABLE];

/** One sentence in both languages; what a camera said stands in both as it said it. */
export interface Words {
  readonly en: string;
  readonly da: string;
}

export interface RequirementLine {
  readonly id: RequirementId;
  readonly state: RequirementState;
  /** The call, the answer, the measured figure: one fact a line. */
  readonly evidence: readonly Words[];
}

export interface CameraReport {
  readonly camera: string;
  /** ISO 8601. */
  readonly at: string;
  readonly lines: readonly RequirementLine[];
}

/** One question and what came of it. */
export type Asked<T> =
  | { readonly type: 'answered'; readonly call: string; readonly value: T }
  | { readonly type: 'refused'; readonly call: string; readonly reason: string }
  | { readonly type: 'not-offered'; readonly call: string }
  | { readonly type: 'not-asked'; readonly why: Words };

export interface StreamFinding {
  readonly profile: string;
  readonly claimed: { readonly width: number; readonly height: number } | undefined;
  /** Size of a frame that was decoded; undefined: none was. */
  readonly decoded: { readonly width: number; readonly height: number } | undefined;
  readonly trouble: string | undefined;
}

export interface SnapshotFinding {
  readonly width: number;
  readonly height: number;
  readonly delay: Ms;
  readonly age: Ms | undefined;
  readonly scheme: string;
  readonly url: string;
}

export interface EventFinding {
  readonly motionTopics: readonly string[];
  /** A motion state was repeated when we subscribed. */
  readonly hasState: boolean;
  readonly sawBegin: boolean;
  readonly sawEnd: boolean;
  /** Classes that came with a real event, and those only named by a topic. */
  readonly seen: readonly ClaimKind[];
  readonly offered: readonly ClaimKind[];
  readonly listened: Ms;
}

export interface PushFinding {
  /** How many the camera says it can have. */
  readonly producers: number;
  /** Notifications that reached us; undefined: none was subscribed to. */
  readonly arrived: number | undefined;
}

export interface MetadataFinding {
  readonly configurations: number;
  /** Documents read from a stream that carries it; undefined: no profile does. */
  readonly documents: number | undefined;
}

export interface RecordingFinding {
  /** By the camera's own summary. */
  readonly count: number | undefined;
  readonly from: string | undefined;
  readonly until: string | undefined;
  /** Recordings that a search of ours found. */
  readonly found: number;
  /** It gave an address to play one from; nothing was played. */
  readonly hasReplay: boolean;
}

export interface TlsFinding {
  readonly version: string;
  readonly issuer: string;
  readonly isSelfSigned: boolean;
  readonly validTo: string;
}

export interface CameraEvidence {
  readonly identity: Asked<CameraIdentity>;
  /** Largest picture first. */
  readonly streams: Asked<readonly StreamFinding[]>;
  readonly snapshot: Asked<SnapshotFinding>;
  readonly snapshotTls: Asked<SnapshotFinding>;
  readonly events: Asked<EventFinding>;
  readonly push: Asked<PushFinding>;
  readonly metadata: Asked<MetadataFinding>;
  readonly recordings: Asked<RecordingFinding>;
  readonly presets: Asked<{ readonly count: number }>;
  readonly imaging: Asked<readonly string[]>;
  readonly clock: Asked<{
    readonly offset: Ms;
    readonly kind: string | undefined;
    readonly servers: readonly string[];
  }>;
  readonly tls: Asked<TlsFinding>;
}
