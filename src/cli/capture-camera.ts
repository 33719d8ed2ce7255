// Composes what watches one camera inside a capture process: its streams' rings, its ways to take a still, its watcher.

import { readFile } from 'node:fs/promises';
import { addressGuard } from '../adapters/address-guard/address-guard.ts';
import { httpStill } from '../adapters/http-still/http-still.ts';
import type { Camera } from '../domain/camera.ts';
import type { OpenEpisode } from '../domain/episode.ts';
import type { CameraIdentity } from '../domain/identity.ts';
import type { TriggerId } from '../domain/ledger.ts';
import type { StillWords } from '../domain/still-facts.ts';
import { between, type Instant, type MonoMs, seconds } from '../domain/units.ts';
import { hostOf } from '../domain/url-host.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { MetadataStream } from '../ports/metadata-stream.ts';
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
import { atHost, cameraLink } from './camera-link.ts';
import type { CaptureDesk } from './push-desk.ts';

/** The sub stream's packets are here anyway: 10 s at 700 kbit/s are 0.9 MB. */
const SUB_RING: RingBounds = { reach: seconds(10), mostBytes: 4 * 2 ** 20 };

/** A calm stream is read about once a second until somebody looks. */
const LIVE_WITHIN = seconds(4);
/** Whoever looks asks twice a second. */
const LOOKED_AT_FOR = seconds(3);

export interface CaptureCameraParts {
  readonly camera: Camera;
  readonly resume: OpenEpisode | undefined;
  /** Who the camera was when it was last asked. */
  readonly known: CameraIdentity | undefined;
  /** What cameras post comes by here. */
  readonly desk: CaptureDesk;
  readonly metadata: MetadataStream;
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
  /** Takes a photo that somebody asked for; the outcome is told with `trigger`. */
  photograph(trigger: TriggerId): void;
  /** When the camera saw the newest picture of the watched stream; undefined: it is not seen. */
  newestPacketAt(): Instant | undefined;
  /** What it sees now, as a JPEG of the watched stream; undefined: nothing that can be decoded. */
  look(): Promise<Uint8Array | undefined>;
}

export const captureCamera = (parts: CaptureCameraParts): CaptureCamera => {
  const { camera, decoder, clock, random, zone } = parts;
  const { stills = {}, onvif } = camera;
  const link =
    onvif &&
    cameraLink({
      camera,
      onvif,
      known: parts.known,
      desk: parts.desk,
      metadata: parts.metadata,
      clock,
      telemetry: parts.telemetry,
      // A snapshot address that the owner wrote down comes before the one the camera names.
      onSnapshot: (source) => {
        if (!http) sources.push(source);
      },
    });
  const words = (): StillWords => {
    const { make, model } = link?.identity() ?? parts.known ?? {};
    return {
      cameraName: camera.name,
      ...(make === undefined ? {} : { make }),
      ...(model === undefined ? {} : { model }),
    };
  };
  const packets = link ? atHost(parts.packets, hostOf(camera.streams.main.url), link.host) : parts.packets;
  const subRing = packetRing(SUB_RING);
  const ring = stills.ring && packetRing(stills.ring);
  const main = ring && mainRing({ camera, packets, ring, clock, random });
  const http =
    stills.snapshot &&
    httpStill({ address: stills.snapshot, clock, guard: addressGuard({ allow: stills.allow ?? [] }) });
  /** Ways are looked at anew for each still: one more may come. */
  const sources: StillSource[] = [
    ...(ring ? [ringStill({ name: 'main-ring', ring, decoder, clock })] : []),
    mainStreamStill({ address: camera.streams.main, packets, decoder, clock }),
    ...(http ? [http] : []),
    ringStill({ name: 'sub-frame', ring: subRing, decoder, clock }),
  ];
  const connection = (): LinkFacts => ({
    isCostly: stills.isLinkCostly ?? false,
    streamLimit: stills.streamLimit,
    streamsOpen: (watching.isStreaming ? 1 : 0) + (main?.isOpen ? 1 : 0),
  });
  const listens = (camera.motionBy ?? 'pixels') !== 'pixels';
  let lookedAt: MonoMs | undefined;
  const watching = watcher({
    camera,
    ...(parts.resume ? { resume: parts.resume } : {}),
    packets,
    ...(listens && link ? { events: link.events } : {}),
    engine: parts.engine,
    photographer: photographer({
      ...parts,
      sources,
      shelf: { spool: parts.shelf, read: (file) => readFile(file) },
      link: connection,
      words,
      clockOffset: link?.clockOffset,
    }),
    clock,
    random,
    telemetry: parts.telemetry,
    onEpisode: parts.onEpisode,
    ring: subRing,
    isLookedAt: () => lookedAt !== undefined && between(lookedAt, clock.now().mono) <= LOOKED_AT_FOR,
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
      const knowing = listens ? undefined : link?.keepKnowing(signal);
      await watching.run(signal);
      closing.abort();
      await Promise.all([ringing, schedules, knowing]);
      await link?.[Symbol.asyncDispose]();
      await http?.[Symbol.asyncDispose]();
    },
    photograph: (trigger) => watching.photograph('manual', trigger),
    newestPacketAt: () => subRing.newest,
    async look() {
      lookedAt = clock.now().mono;
      const cut = watching.isStreaming ? subRing.cut(clock.now().mono, { outside: LIVE_WITHIN }) : undefined;
      if (!cut) return undefined;
      // A picture that cannot be decoded is not worth a word: the next one is half a second away.
      return decoder.decode(cut.format, cut.packets, cut.pts).then(
        ({ jpeg }) => jpeg,
        () => undefined,
      );
    },
  };
};
