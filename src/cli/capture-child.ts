// The capture process's composition root: several cameras' watchers around one decoder and one spool.
// A fault in the native decoder ends this process only; the main process starts another.

import { avLumaDecoder } from '../adapters/av/luma-decoder.ts';
import { avPictureDecoder } from '../adapters/av/picture-decoder.ts';
import { avPictureReader } from '../adapters/av/picture-reader.ts';
import { rtspPacketSource } from '../adapters/rtsp/packet-source.ts';
import { fsSpool } from '../adapters/spool-fs/spool-fs.ts';
import { systemClock } from '../adapters/system/clock.ts';
import type { OpenEpisode } from '../domain/episode.ts';
import type { CameraId } from '../domain/ids.ts';
import type { WatchFact } from '../ports/telemetry.ts';
import { cascadeEngine } from '../watch/cascade.ts';
import { type CaptureCamera, captureCamera } from './capture-camera.ts';
import {
  type ChildCommand,
  type ChildReport,
  fromWireCamera,
  rebaseEpisode,
  type WatchCommand,
} from './capture-protocol.ts';
import type { PhotoOrder } from './photo-orders.ts';

/** Often enough that a stalled process is found within half a minute. */
const ALIVE_EVERY_MS = 5_000;

const stopping = new AbortController();
/** undefined until the cameras are there; orders that came before wait. */
let watched: ReadonlyMap<CameraId, CaptureCamera> | undefined;
const early: PhotoOrder[] = [];

const photograph = (order: PhotoOrder): void => {
  if (watched) watched.get(order.camera)?.photograph(order.trigger);
  else early.push(order);
};

const report = (message: ChildReport): void => {
  if (process.connected) process.send?.(message);
};

const watch = async (command: WatchCommand): Promise<void> => {
  const clock = systemClock();
  const random = Math.random;
  const spool = await fsSpool({ dir: command.spoolDir });
  const shelf = await fsSpool({ dir: command.shelfDir });
  const packets = rtspPacketSource({ clock });
  const decoder = avPictureDecoder();
  const reader = avPictureReader();
  const engine = cascadeEngine({ decoder: avLumaDecoder(), random });
  const telemetry = { tell: (fact: WatchFact): void => report({ type: 'fact', fact }) };
  const resume = new Map<CameraId, OpenEpisode>();
  for (const { camera, open } of command.resume) if (open) resume.set(camera, rebaseEpisode(open, clock.now()));

  const known = new Map(command.known.map(({ camera, identity }) => [camera, identity]));

  const cameras = command.cameras.map(fromWireCamera).map((camera) => ({
    id: camera.id,
    capture: captureCamera({
      camera,
      resume: resume.get(camera.id),
      known: known.get(camera.id),
      packets,
      engine,
      decoder,
      reader,
      spool,
      shelf,
      clock,
      random,
      zone: command.zone,
      telemetry,
      onEpisode: (open) => report({ type: 'episode', camera: camera.id, open: open ?? null }),
    }),
  }));
  watched = new Map(cameras.map(({ id, capture }) => [id, capture]));
  for (const order of early.splice(0)) photograph(order);
  await Promise.all(cameras.map(({ capture }) => capture.run(stopping.signal)));
};

const alive = setInterval(() => report({ type: 'alive', rss: process.memoryUsage.rss() }), ALIVE_EVERY_MS);

const finish = (): void => {
  clearInterval(alive);
  report({ type: 'stopped' });
  process.disconnect?.();
};

process.on('message', (message: ChildCommand) => {
  if (message.type === 'stop') stopping.abort();
  else if (message.type === 'photo') photograph(message);
  else void watch(message).then(finish);
});
// The main process is gone: nobody would ship or show what is taken here. The spool keeps what was accepted.
process.on('disconnect', () => stopping.abort());
// Ctrl-C reaches the whole process group; the main process decides when we stop.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => stopping.abort());
