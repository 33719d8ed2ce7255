// How everything but the running watcher opens a camera's ONVIF: at the device service that was typed, else where the camera
// itself says when its host is asked, else at the usual ports.

import { type OnvifClient, onvifClient } from '../adapters/onvif/client.ts';
import { hostSearch } from '../adapters/onvif/discovery.ts';
import { type HttpSettings, httpSettings } from '../adapters/onvif/http.ts';
import { locateDevice } from '../adapters/onvif/link.ts';
import type { OnvifSettings } from '../domain/camera.ts';
import type { Credentials } from '../domain/secret.ts';
import type { Clock } from '../ports/clock.ts';

export interface OnvifTarget {
  readonly host: string;
  /** The device service when it was typed; undefined: it is looked for. */
  readonly device: URL | undefined;
  readonly credentials: Credentials | undefined;
  /** Of a configured camera. */
  readonly onvif?: OnvifSettings | undefined;
}

/** Whoever calls disposes it. @throws StillwatchError SW_ONVIF_OFF */
export const openOnvif = async (
  { host, device, credentials, onvif }: OnvifTarget,
  clock: Clock,
  signal: AbortSignal,
  tap?: HttpSettings['tap'],
): Promise<OnvifClient> => {
  const found = device ?? (await locateDevice(host, hostSearch(host), clock, signal));
  const http = { ...httpSettings(onvif), ...(tap ? { tap } : {}) };
  return onvifClient({ device: found, credentials, clock, http });
};
