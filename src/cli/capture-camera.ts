// Composes what watches one camera inside a capture process: its streams' rings, its ways to take a still, its watcher.

import { readFile } from 'node:fs/promises';
import { addressGuard } from '../adapters/address-guard/address-guard.ts';
import { httpStill } from '../adapters/http-still/http-still.ts';
import type { Camera } from '../domain/camera.ts';
import type { OpenEpisode } from '../domain/episode.ts';
import { seconds } from '../domain/units.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { PacketSource } from '../ports/packet-source.ts';
import type { PictureDecoder } from '../ports/picture-decoder.ts';
import type { PictureReader } from '../ports/picture-reader.ts';
import type { Spool } from '../ports/spool.ts';
import type { StillSource } from '../ports/still-source.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { mainRing } from '../watch/main-ring.ts';
import { mainStreamStill } from '../watch/main-stream-still.ts';
import type { MotionEngineFactory } from '../watch/motion-engine.ts';
import { packetRing, type RingBounds } from '../watch/packet-ring.ts';
import { photographer } from '../watch/photographer.ts';
import { ringStill } from '../watch/ring-still.ts';
import { runSchedules } from '../watch/scheduler.ts';
import type { LinkFacts } from '../watch/still-policy.ts';
import { watcher } from '../watch/watcher.ts';

/** The sub stream's packets are here anyway: 10 s at 700 kbit/s are 0.9 MB. */
const SUB_RING: RingBounds = { reach: seconds(10), mostBytes: 4 * 2 ** 20 };

export interface CaptureCameraParts {
  readonly camera: Camera;
  readonly resume: OpenEpisode | undefined;
  readonly packets: PacketSource;
  readonly engine: MotionEngineFactory;
  readonly decoder: PictureDecoder;
  readonly reader: PictureReader;
  readonly spool: Spool;
  readonly shelf: Spool;
  readonly clock: Clock;
  readonly random: Random;
  readonly zone: string;
  readonly telemetry: Telemetry;
  readonly onEpisode: (open: OpenEpisode | undefined) => void;
}

export interface CaptureCamera {
  /** Until `signal` aborts; the photo in flight is finished. Never throws. */
  run(signal: AbortSignal): Promise<void>;
}

export const captureCamera = (parts: CaptureCameraParts): CaptureCamera => {
  const { camera, packets, decoder, clock, random, zone } = parts;
  const { stills = {} } = camera;
  const subRing = packetRing(SUB_RING);
  const ring = stills.ring && packetRing(stills.ring);
  const main = ring && mainRing({ camera, packets, ring, clock, random });
  const http =
    stills.snapshot &&
    httpStill({ address: stills.snapshot, clock, guard: addressGuard({ allow: stills.allow ?? [] }) });
  const sources: readonly StillSource[] = [
    ...(ring ? [ringStill({ name: 'main-ring', ring, decoder, clock })] : []),
    mainStreamStill({ address: camera.streams.main, packets, decoder, clock }),
    ...(http ? [http] : []),
    ringStill({ name: 'sub-frame', ring: subRing, decoder, clock }),
  ];
  const link = (): LinkFacts => ({
    isCostly: stills.isLinkCostly ?? false,
    streamLimit: stills.streamLimit,
    streamsOpen: 1 + (main?.isOpen ? 1 : 0),
  });
  const watching = watcher({
    camera,
    ...(parts.resume ? { resume: parts.resume } : {}),
    packets,
    engine: parts.engine,
    photographer: photographer({
      ...parts,
      sources,
      shelf: { spool: parts.shelf, read: (file) => readFile(file) },
      link,
    }),
    clock,
    random,
    telemetry: parts.telemetry,
    onEpisode: parts.onEpisode,
    ring: subRing,
  });
  return {
    async run(signal) {
      const schedules = runSchedules(
        {
          schedules: stills.schedules ?? [],
          zone,
          clock,
          isCalm: () => watching.isCalm,
          take: () => watching.photograph('scheduled'),
        },
        signal,
      );
      // The ring outlives the watcher by a moment: the photo in flight may need it.
      const closing = new AbortController();
      const ringing = main?.run(closing.signal);
      await watching.run(signal);
      closing.abort();
      await Promise.all([ringing, schedules]);
      await http?.[Symbol.asyncDispose]();
    },
  };
};
