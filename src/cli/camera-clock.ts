// A camera's own clock by ONVIF: measured, and set when the owner asks for it. For the command and for the API.

import type { OnvifClient } from '../adapters/onvif/client.ts';
import { orElse } from '../adapters/onvif/probe.ts';
import type { Camera } from '../domain/camera.ts';
import { StillwatchError } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import type { CameraClocks, ClockReading, ClockWish } from '../ports/camera-clock.ts';
import type { Clock } from '../ports/clock.ts';
import { onvifTarget } from './onvif-camera.ts';
import { openOnvif } from './open-onvif.ts';

/** What the clock says after it was set as wished; an empty wish only reads it. */
export const askClock = async (
  client: OnvifClient,
  clock: Clock,
  wish: ClockWish,
  signal: AbortSignal,
): Promise<ClockReading> => {
  await client.services(signal);
  if (wish.set) await client.device.setClock(clock.now().wall, wish.zone, signal);
  if (wish.ntp !== undefined) await client.device.setNtp(wish.ntp ?? undefined, signal);
  const { utc, offset, kind, zone } = await client.measureClock(signal, 'now');
  return { utc, offset, setBy: kind, zone, ntp: await orElse(client.device.ntp(signal), []) };
};

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
    await using client = await openOnvif(onvifTarget(camera), clock, signal);
    return askClock(client, clock, wish, signal);
  };
  return { read: (id, signal) => ask(id, { set: false }, signal), set: ask };
};
