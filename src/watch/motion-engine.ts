// What the watcher asks of motion detection, whatever is inside.

import type { Packet, VideoFormat } from '../domain/camera.ts';
import type { Reading } from '../domain/signal.ts';
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

/** Opens an engine for a new run of a stream. */
export type MotionEngineFactory = (format: VideoFormat) => MotionEngine;
