// Carries what one run of a camera's motion detection learned over to the next, and tells what the audit counts.
// A reconnect must not blind a camera for the twenty seconds of another warm-up.

import type { Audit } from '../domain/audit.ts';
import type { VideoFormat } from '../domain/camera.ts';
import { between, type MonoMs, type Ms, seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { EngineMemory, LearningEngineFactory, MotionEngineFactory } from './motion-engine.ts';

/** A scene that was not seen for longer may have another light, or the camera may hang elsewhere: it is learned anew. */
const SCENE_LASTS: Ms = seconds(3600);

interface Remembered {
  readonly memory: EngineMemory;
  readonly format: VideoFormat;
  readonly at: MonoMs;
}

const isSamePicture = (a: VideoFormat, b: VideoFormat): boolean =>
  a.codec === b.codec && a.picture?.width === b.picture?.width && a.picture?.height === b.picture?.height;

/** What of an earlier run holds for a new one. The audit counts the camera's way of encoding and survives; a scene may not. */
export const usableMemory = (
  last: Remembered | undefined,
  format: VideoFormat,
  now: MonoMs,
): EngineMemory | undefined => {
  if (!last) return undefined;
  const isFresh = between(last.at, now) <= SCENE_LASTS && isSamePicture(last.format, format);
  return isFresh ? last.memory : { audit: last.memory.audit, scene: undefined };
};

export interface EngineState {
  readonly audit: Audit;
  readonly isCareful: boolean;
}

export interface RememberingParts {
  readonly open: LearningEngineFactory;
  readonly clock: Clock;
  /** What an earlier process counted. */
  readonly audit: Audit;
  /** Told when the audit counted something, or the camera began or ceased to be decoded fully. */
  readonly onState: (state: EngineState) => void;
}

export const rememberingEngine = ({ open, clock, audit, onState }: RememberingParts): MotionEngineFactory => {
  let last: Remembered | undefined;
  let told: EngineState | undefined;
  return (format) => {
    const memory = usableMemory(last, format, clock.now().mono) ?? { audit, scene: undefined };
    const engine = open(format, memory);
    return {
      feed(batch) {
        const readings = engine.feed(batch);
        if (engine.audit !== told?.audit || engine.isCareful !== told.isCareful) {
          told = { audit: engine.audit, isCareful: engine.isCareful };
          onState(told);
        }
        return readings;
      },
      get pace() {
        return engine.pace;
      },
      get decodedShare() {
        return engine.decodedShare;
      },
      [Symbol.dispose]() {
        const learned = engine.remember();
        // A run too short to learn the scene does not take away what an earlier one knew.
        last = { memory: { ...learned, scene: learned.scene ?? memory.scene }, format, at: clock.now().mono };
        engine[Symbol.dispose]();
      },
    };
  };
};
