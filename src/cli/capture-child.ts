// The capture process's composition root: several cameras' watchers around one decoder and one spool.
// A fault in the native decoder ends this process only; the main process starts another.

import { avPictureDecoder } from '../adapters/av/picture-decoder.ts';
import { avPictureReader } from '../adapters/av/picture-reader.ts';
import { rtspMetadata } from '../adapters/rtsp/metadata-run.ts';
import { fsSpool } from '../adapters/spool-fs/spool-fs.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { decodeCost } from '../adapters/system/decode-cost.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { OpenEpisode } from '../domain/episode.ts';
import type { CameraId } from '../domain/ids.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { cameraPackets } from './camera-packets.ts';
import { type CaptureCamera, captureCamera } from './capture-camera.ts';
import { captureMotion } from './capture-motion.ts';
import {
  type ChildCommand,
  type ChildReport,
  fromWireCamera,
  rebaseEpisode,
  type WatchCommand,
} from './capture-protocol.ts';
import type { PhotoOrder } from './photo-orders.ts';
import { captureDesk } from './push-desk.ts';

/** Often enough that a stalled process is found within half a minute. */
const ALIVE_EVERY_MS = 5_000;

const stopping = new AbortController();
const cost = decodeCost();

interface Watched {
  readonly capture: CaptureCamera;
  readonly stop: AbortController;
  /** Resolves when its photo in flight and its sessions are done. */
  readonly done: Promise<void>;
}

const watched = new Map<CameraId, Watched>();
/** Orders for cameras that are not there yet. */
const early: PhotoOrder[] = [];

const photograph = (order: PhotoOrder): void => {
  const camera = watched.get(order.camera);
  if (camera) camera.capture.photograph(order.trigger);
  else early.push(order);
};

const report = (message: ChildReport): void => {
  if (process.connected) process.send?.(message);
};

const look = async (camera: CameraId): Promise<void> => {
  const jpeg = await watched.get(camera)?.capture.look();
  report({ type: 'looked', camera, jpeg: jpeg ? Buffer.from(jpeg).toString('base64') : null });
};

/** What the cameras of this process share. */
const openShared = async (command: WatchCommand) => {
  const clock = systemClock();
  const random = Math.random;
  const telemetry = { tell: (fact: WatchFact): void => report({ type: 'fact', fact }) };
  const motion = captureMotion({ readingsDir: command.readingsDir, clock, random, telemetry, cost });
  return {
    clock,
    random,
    telemetry,
    motion,
    governing: motion.govern(stopping.signal),
    desk: captureDesk({
      endpoint: command.notifyAt,
      clock,
      onOpen: (secret) => report({ type: 'notify-at', secret, isOpen: true }),
      onShut: (secret) => report({ type: 'notify-at', secret, isOpen: false }),
    }),
    metadata: rtspMetadata({ clock }),
    spool: await fsSpool({ dir: command.spoolDir }),
    shelf: await fsSpool({ dir: command.shelfDir }),
    packets: cameraPackets(clock),
    decoder: avPictureDecoder(),
    reader: avPictureReader(),
  };
};

let shared: ReturnType<typeof openShared> | undefined;

const watch = async (command: WatchCommand): Promise<void> => {
  shared ??= openShared(command);
  const { motion, governing: _governing, ...parts } = await shared;
  const resume = new Map<CameraId, OpenEpisode>();
  for (const { camera, open } of command.resume) if (open) resume.set(camera, rebaseEpisode(open, parts.clock.now()));
  const known = new Map(command.known.map(({ camera, identity }) => [camera, identity]));

  for (const camera of command.cameras.map(fromWireCamera)) {
    const { id } = camera;
    const sensing = await motion.of(camera);
    // Told to stop watching it before it began.
    if (stopping.signal.aborted || given.get(id) !== command) {
      await sensing.close();
      continue;
    }
    const capture = captureCamera({
      ...parts,
      camera,
      resume: resume.get(id),
      known: known.get(id),
      engine: sensing.engine,
      zone: command.zone,
      onEpisode: (open) => report({ type: 'episode', camera: id, open: open ?? null }),
    });
    const stop = new AbortController();
    const run = async (): Promise<void> => {
      await capture.run(AbortSignal.any([stopping.signal, stop.signal]));
      await sensing.close();
    };
    watched.set(id, { capture, stop, done: run() });
    const waiting = early.filter((order) => order.camera === id);
    for (const order of waiting) {
      early.splice(early.indexOf(order), 1);
      photograph(order);
    }
  }
};

/** The command that each camera is watched by; a later word makes an earlier one void. */
const given = new Map<CameraId, WatchCommand>();

const unwatch = async (camera: CameraId): Promise<void> => {
  given.delete(camera);
  const own = watched.get(camera);
  own?.stop.abort();
  await own?.done;
  if (watched.get(camera) === own) watched.delete(camera);
  report({ type: 'unwatched', camera });
};

const sayAlive = (): void => {
  const { user, system } = process.cpuUsage();
  const newestPackets = [...watched].flatMap(([id, { capture }]) => {
    const at = capture.newestPacketAt();
    return at ? [[id, at.wall] as const] : [];
  });
  report({
    type: 'alive',
    rss: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / 1e6,
    decodeSeconds: cost.seconds(),
    newestPackets,
  });
};
const alive = setInterval(sayAlive, ALIVE_EVERY_MS);

const finish = (): void => {
  clearInterval(alive);
  report({ type: 'stopped' });
  // The main process may be gone already.
  if (process.connected) process.disconnect();
};

const starting = new Set<Promise<void>>();

stopping.signal.addEventListener('abort', () => {
  const end = async (): Promise<void> => {
    await Promise.all(starting);
    await Promise.all([...watched.values()].map(({ done }) => done));
    await (await shared)?.governing;
    finish();
  };
  void end();
});

process.on('message', (message: ChildCommand) => {
  switch (message.type) {
    case 'stop':
      stopping.abort();
      return;
    case 'photo':
      photograph(message);
      return;
    case 'look':
      void look(message.camera);
      return;
    case 'notify':
      void shared?.then(({ desk }) => desk.receive(message.secret, message.from, Buffer.from(message.body, 'base64')));
      return;
    case 'unwatch':
      void unwatch(message.camera);
      return;
    case 'watch': {
      for (const { id } of message.cameras) given.set(id, message);
      // A fault here is this process's: it ends, and the main process starts another.
      const start = watch(message);
      starting.add(start);
      void start.then(() => starting.delete(start));
      return;
    }
    default:
      assertNever(message);
  }
});
// The main process is gone: nobody would ship or show what is taken here. The spool keeps what was accepted.
process.on('disconnect', () => stopping.abort());
// Ctrl-C reaches the whole process group; the main process decides when we stop.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => stopping.abort());
