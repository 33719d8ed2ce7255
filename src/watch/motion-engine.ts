// What the watcher asks of motion detection, whatever is inside.

import type { Audit } from '../domain/audit.ts';
import type { Packet, VideoFormat } from '../domain/camera.ts';
import type { Reading } from '../domain/signal.ts';
import type { Calibration } from '../motion/luma-detector.ts';
import type { Pace } from '../ports/packet-source.ts';

/** One run's motion detection: packets in, readings out. Disposing it frees native memory. */
export interface MotionEngine extends Disposable {
  /** Folds packets that were read together, in decoding order. @returns readings, oldest first; often none */
  feed(batch: readonly Packet[]): readonly Reading[];
  /** How packets should be read from now on: coalesced while all is calm, eager while something is suspected. */
  readonly pace: Pace;
  /** Share of the packets so far that were decoded, 0..1. */
  readonly decodedShare: number;
}

/** An engine that can also be asked, when no packet will follow, what is left to say: recordings end, cameras do not. */
export interface ReplayEngine extends MotionEngine {
  finish(): readonly Reading[];
}

/** What one run learned and the next one of the same camera may begin with. */
export interface EngineMemory {
  readonly audit: Audit;
  /** The scene; undefined before it was learned. With it there is no warm-up. */
  readonly scene: Calibration | undefined;
}

/** An engine that says what it learned. */
export interface LearningEngine extends ReplayEngine {
  /** What the audit of skipped pictures has found. The same object until it changes. */
  readonly audit: Audit;
  /** True while every picture is decoded. */
  readonly isCareful: boolean;
  remember(): EngineMemory;
}

export type LearningEngineFactory = (format: VideoFormat, memory?: EngineMemory) => LearningEngine;

/** Opens an engine for a new run of a stream. */
export type MotionEngineFactory = (format: VideoFormat) => MotionEngine;
