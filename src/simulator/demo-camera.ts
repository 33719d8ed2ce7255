// The demo camera's media: the drawn scene, as it lies in assets/demo.

import type { StreamRole } from '../domain/camera.ts';
import { type Clip, readClip } from './clip.ts';
import { type SimulatedCamera, type SimulatedCameraOptions, simulatedCamera } from './rtsp-server.ts';

export { demoOnvif } from './demo-onvif.ts';
export { readClip, simulatedCamera };

export interface DemoStream {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  /** Pictures from one key frame to the next. */
  readonly group: number;
}

/** As a usual household camera: a 4-megapixel stream, and a small one that is watched all the time. */
export const DEMO_STREAMS: Readonly<Record<StreamRole, DemoStream>> = {
  main: { width: 2560, height: 1440, fps: 5, group: 20 },
  sub: { width: 640, height: 360, fps: 10, group: 20 },
};

/** From `src/simulator` and from `dist/simulator` alike. */
export const demoFile = (role: StreamRole): URL => new URL(`../../assets/demo/${role}.h264`, import.meta.url);

/** Both streams of the demo scene. @throws the file system's error when assets/demo is not there */
export const demoStreams = async (): Promise<Readonly<Record<StreamRole, Clip>>> => {
  const [main, sub] = await Promise.all(
    (['main', 'sub'] as const).map((role) => readClip(demoFile(role), 'h264', DEMO_STREAMS[role].fps)),
  );
  if (!main || !sub) throw new TypeError('two streams were asked for');
  return { main, sub };
};

/** The camera of the demo, at the beginning of its scene. */
export const demoCamera = async (options: Omit<SimulatedCameraOptions, 'streams'>): Promise<SimulatedCamera> =>
  simulatedCamera({ hasMetadata: true, ...options, streams: await demoStreams() });
