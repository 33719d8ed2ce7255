// The clocks of the configured cameras, for the API.

import type { Camera } from '../domain/camera.ts';
import { StillwatchError } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import type { CameraClocks, ClockReading, ClockWish } from '../ports/camera-clock.ts';
import type { Clock } from '../ports/clock.ts';

/** Loaded when a clock is asked, which is seldom: the ONVIF client takes 13 MB that the main process is otherwise without. */
const asking = async () => ({
  ...(await import('./camera-clock.ts')),
  ...(await import('./onvif-camera.ts')),
  ...(await import('./open-onvif.ts')),
});

export const cameraClocks = ({
  clock,
  camera: find,
}: {
  readonly clock: Clock;
  readonly camera: (id: CameraId) => Camera | undefined;
}): CameraClocks => {
  const ask = async (id: CameraId, wish: ClockWish, signal: AbortSignal): Promise<ClockReading> => {
    const camera = find(id);
    if (!camera) throw new StillwatchError('SW_CAMERA_UNKNOWN', { camera: id, known: '–' });
    const { askClock, onvifTarget, openOnvif } = await asking();
    await using client = await openOnvif(onvifTarget(camera), clock, signal);
    return askClock(client, clock, wish, signal);
  };
  return { read: (id, signal) => ask(id, { set: false }, signal), set: ask };
};
