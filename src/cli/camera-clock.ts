// A camera's own clock by ONVIF: measured, and set when the owner asks for it.

import type { OnvifClient } from '../adapters/onvif/client.ts';
import { orElse } from '../adapters/onvif/probe.ts';
import type { ClockReading, ClockWish } from '../ports/camera-clock.ts';
import type { Clock } from '../ports/clock.ts';

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
