// Composes the motion detection of a capture process's cameras: each camera's engine, what it remembers, what is kept of it,
// and who is decoded fully with CPU to spare.

import { avLumaDecoder } from '../adapters/av/luma-decoder.ts';
import { fsReadings } from '../adapters/readings-fs/readings-fs.ts';
import { cpuIdle } from '../adapters/system/cpu-idle.ts';
import type { DecodeCost } from '../adapters/system/decode-cost.ts';
import { NO_AUDIT } from '../domain/audit.ts';
import type { Camera } from '../domain/camera.ts';
import type { CameraId } from '../domain/ids.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { carefulEngine } from '../watch/careful-engine.ts';
import { cascadeEngine } from '../watch/cascade.ts';
import { GOVERN_EVERY, type GovernedCamera, govern, NEW_GOVERNOR } from '../watch/governor-policy.ts';
import type { MotionEngineFactory } from '../watch/motion-engine.ts';
import { recordingEngine } from '../watch/recording-engine.ts';
import { rememberingEngine } from '../watch/remembering-engine.ts';
import { thresholdEngine } from '../watch/threshold-engine.ts';

export interface CameraMotion {
  readonly engine: MotionEngineFactory;
  /** The camera is not watched any more: writes what is left of its readings. */
  close(): Promise<void>;
}

export interface CaptureMotionParts {
  readonly readingsDir: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly cost: DecodeCost;
}

export interface CaptureMotion {
  of(camera: Pick<Camera, 'id' | 'motion'>): Promise<CameraMotion>;
  /** Shares out spare CPU until `signal` aborts. */
  govern(signal: AbortSignal): Promise<void>;
}

/** Share of an hour's mean that one step of the governor replaces. */
const HOURLY = GOVERN_EVERY / 3_600_000;

interface Watched {
  governed: GovernedCamera;
  /** Something moved since the last step of the governor. */
  hasMoved: boolean;
}

export const captureMotion = ({ readingsDir, clock, random, telemetry, cost }: CaptureMotionParts): CaptureMotion => {
  const readings = fsReadings(readingsDir);
  /** One for all: calm cameras share what it holds (ADR 0137). */
  const allDecoder = avLumaDecoder();
  const watched = new Map<CameraId, Watched>();
  let governor = NEW_GOVERNOR;

  return {
    async of({ id, motion = {} }) {
      const { mode = 'auto', areas = [], threshold = 1 } = motion;
      // What cannot be read is as if it had never been counted.
      const kept = await readings.lastAudit(id).catch(() => undefined);
      const own: Watched = { governed: { id, audit: kept ?? NO_AUDIT, activity: 0 }, hasMoved: false };
      if (mode === 'auto') watched.set(id, own);
      const tell = (isCareful: boolean): void =>
        telemetry.tell({
          type: 'audited',
          camera: id,
          at: clock.now().wall,
          audit: own.governed.audit,
          isCareful,
        });
      const decoder = cost.meter(id, allDecoder);
      if (kept) tell(mode === 'careful');
      const learning =
        mode === 'careful'
          ? carefulEngine({ decoder, areas })
          : cascadeEngine({
              decoder,
              areas,
              random,
              mayBeCareful: mode === 'auto',
              isRaised: () => governor.raised.some((raise) => raise.id === id),
            });
      const remembering = rememberingEngine({
        open: learning,
        clock,
        audit: own.governed.audit,
        onState: ({ audit, isCareful }) => {
          if (audit !== own.governed.audit) recording.audited(audit);
          own.governed = { ...own.governed, audit };
          tell(isCareful);
        },
      });
      const recording = recordingEngine({
        open: remembering,
        camera: id,
        areas,
        log: readings,
        clock,
        onMotion: () => {
          own.hasMoved = true;
        },
      });
      return {
        // Outside of what is kept: the readings say what was seen, whatever was asked of it.
        engine: thresholdEngine(recording.open, threshold),
        close: () => {
          watched.delete(id);
          return recording.close();
        },
      };
    },

    async govern(signal) {
      const idleSince = cpuIdle();
      for (;;) {
        await clock.sleep(GOVERN_EVERY, signal).catch(() => undefined);
        if (signal.aborted) return;
        for (const own of watched.values()) {
          const { activity } = own.governed;
          own.governed = { ...own.governed, activity: activity + (Number(own.hasMoved) - activity) * HOURLY };
          own.hasMoved = false;
        }
        const cameras = [...watched.values()].map(({ governed }) => governed);
        governor = govern(governor, { at: clock.now().mono, idle: idleSince(), cameras });
      }
    },
  };
};
