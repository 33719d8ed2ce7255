// Keeps what a camera's motion detection saw, for tuning on the past. It stands around an engine and changes nothing of what
// that says; when readings cannot be kept, watching goes on without.

import type { Audit } from '../domain/audit.ts';
import type { Area } from '../domain/geometry.ts';
import type { CameraId } from '../domain/ids.ts';
import type { KeptReading } from '../domain/readings.ts';
import { areaCells } from '../domain/readings-replay.ts';
import { type EpochMs, epochMs, later, type Ms, ms, seconds } from '../domain/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReadingLog } from '../ports/readings.ts';
import type { MotionEngineFactory } from './motion-engine.ts';
import { anchorRun, instantOfPts, type RunAnchor } from './run-clock.ts';
import { secondFold } from './second-fold.ts';

/** Engines may speak of what lies two groups of pictures of four seconds back; a second is closed after that. */
const SETTLED_AFTER: Ms = seconds(10);
/** Something moved: written within a minute. Nothing did: every ten, for a block costs as much as ten calm minutes. */
const WRITE_AFTER: Ms = seconds(60);
const WRITE_CALM_AFTER: Ms = seconds(600);
/** While nothing can be written, so much is kept for later; then the oldest is given up. */
const MOST_PENDING = 3600;

export interface RecordingParts {
  readonly open: MotionEngineFactory;
  readonly camera: CameraId;
  readonly areas: readonly Area[];
  readonly log: ReadingLog;
  readonly clock: Clock;
  /** Told for each batch in which something moved. */
  readonly onMotion?: () => void;
}

export interface RecordingEngine {
  readonly open: MotionEngineFactory;
  /** The audit counted: kept with the next readings. */
  audited(audit: Audit): void;
  /** Writes what is left; resolves when it is written or cannot be. */
  close(): Promise<void>;
}

export const recordingEngine = ({ open, camera, areas, log, clock, onMotion }: RecordingParts): RecordingEngine => {
  const fold = secondFold();
  let pending: KeptReading[] = [];
  let writtenAt = clock.now().wall;
  let writing: Promise<void> = Promise.resolve();
  let isNoted = false;
  let audit: Audit | undefined;

  const write = (at: EpochMs): void => {
    writtenAt = at;
    const from = pending[0]?.from;
    const last = pending.at(-1);
    if (from === undefined || !last) return;
    const notes: KeptReading[] = isNoted ? [] : [{ type: 'areas', from, cells: areaCells(areas) }];
    isNoted = true;
    const end = epochMs(last.from + (last.type === 'calm' ? last.seconds : 1) * 1000);
    const counted: KeptReading[] = audit ? [{ type: 'audit', from: end, audit }] : [];
    audit = undefined;
    const batch = [...notes, ...pending, ...counted];
    pending = [];
    writing = writing
      .then(() => log.append(camera, batch))
      .catch(() => {
        // The disk is full or away, which the photos say already: kept for the next time, up to an hour of motion.
        pending = [...batch, ...pending].slice(-MOST_PENDING);
      });
  };

  const isDue = (at: EpochMs): boolean => {
    const passed = at - writtenAt;
    return passed >= WRITE_CALM_AFTER || (passed >= WRITE_AFTER && pending.some(({ type }) => type !== 'calm'));
  };

  return {
    open(format) {
      const engine = open(format);
      let anchor: RunAnchor | undefined;
      return {
        feed(batch) {
          const readings = engine.feed(batch);
          const now = clock.now();
          if (readings.some(({ isMotion }) => isMotion)) onMotion?.();
          for (const packet of batch) anchor = anchorRun(anchor, packet);
          const last = batch.at(-1);
          if (!anchor || !last) return readings;
          for (const reading of readings) fold.take(instantOfPts(anchor, reading.pts, now).wall, reading);
          const seen = instantOfPts(anchor, last.pts, now).wall;
          fold.closeUntil(later(seen, ms(-SETTLED_AFTER)), pending);
          // A clock that was set back would put writing off by as much.
          if (seen < writtenAt) writtenAt = seen;
          if (isDue(seen)) write(seen);
          return readings;
        },
        get pace() {
          return engine.pace;
        },
        get decodedShare() {
          return engine.decodedShare;
        },
        [Symbol.dispose]() {
          fold.interrupt(pending);
          engine[Symbol.dispose]();
        },
      };
    },
    audited(to) {
      audit = to;
    },
    async close() {
      write(clock.now().wall);
      await writing;
    },
  };
};
