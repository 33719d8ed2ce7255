// Which camera a command means: one of the configured ones, or an address. Credentials come from the configuration or the
// environment, never from an argument.

import { deviceUrl, type OnvifClient, onvifClient } from '../adapters/onvif/client.ts';
import { deviceSearch } from '../adapters/onvif/discovery.ts';
import { type HttpSettings, httpSettings } from '../adapters/onvif/http.ts';
import { locateDevice } from '../adapters/onvif/link.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { loadSettings } from '../config/config-file.ts';
import type { Camera, OnvifSettings } from '../domain/camera.ts';
import { StillwatchError } from '../domain/errors.ts';
import { type Credentials, Secret } from '../domain/secret.ts';
import { seconds } from '../domain/units.ts';

export interface OnvifTarget {
  readonly host: string;
  /** The device service when it was typed; undefined: it is looked for. */
  readonly device: URL | undefined;
  readonly credentials: Credentials | undefined;
  /** Of a configured camera. */
  readonly onvif?: OnvifSettings | undefined;
}

export const onvifTarget = ({ streams, onvif }: Camera): OnvifTarget => ({
  host: new URL(streams.main.url).hostname.replace(/^\[|\]$/g, ''),
  device: onvif?.device === undefined ? undefined : new URL(onvif.device),
  credentials: streams.main.credentials,
  onvif,
});

/** `http://192.168.1.50:2020/onvif/device_service`, `192.168.1.50:2020` or `192.168.1.50`. */
export const parseTarget = (text: string, environment: NodeJS.ProcessEnv): OnvifTarget | undefined => {
  const typed = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(typed)) return undefined;
  const url = new URL(typed);
  if (url.password !== '')
    throw new StillwatchError('SW_CONFIG_CHOICE', {
      key: 'camera',
      choices: 'an address without a password in it (set STILLWATCH_PASSWORD instead)',
      value: url.hostname,
      example: url.hostname,
    });
  const [user, password] = [environment['STILLWATCH_USER'], environment['STILLWATCH_PASSWORD']];
  const credentials = user === undefined ? undefined : { user, password: new Secret(password ?? '') };
  const hasPort = /:\d+(?:\/|$)/.test(typed.replace(/^https?:\/\//i, ''));
  const isWhole = url.pathname !== '/';
  const device = isWhole
    ? url
    : hasPort
      ? deviceUrl(url.hostname, Number(url.port || 80), url.protocol === 'https:' ? 'https' : 'http')
      : undefined;
  return { host: url.hostname.replace(/^\[|\]$/g, ''), device, credentials };
};

/** The configured camera of that name (the only one when none is named), else an address. */
const target = (named: string | undefined): OnvifTarget => {
  const isAddress = named !== undefined && /[.:/]|^localhost$/.test(named);
  if (isAddress) {
    const parsed = parseTarget(named, process.env);
    if (parsed) return parsed;
  }
  const { cameras } = loadSettings(process.cwd(), process.env);
  const camera = named === undefined ? cameras[0] : cameras.find(({ id }) => id === named);
  if (camera) return onvifTarget(camera);
  const known = cameras.map(({ id }) => id).join(', ');
  throw new StillwatchError('SW_CONFIG_CHOICE', {
    key: 'camera',
    choices: `${known} or an address`,
    value: named ?? '',
    example: cameras[0]?.id ?? '192.168.1.50',
  });
};

/** Finds the camera's device service and opens a client. Whoever calls disposes it. */
export const openOnvif = async (
  { host, device, credentials, onvif }: OnvifTarget,
  signal: AbortSignal,
  tap?: HttpSettings['tap'],
): Promise<OnvifClient> => {
  const clock = systemClock();
  // What the camera itself says when asked directly comes before guessed ports.
  const found = device ?? (await locateDevice(host, deviceSearch({ host, within: seconds(1) }), clock, signal));
  const http = { ...httpSettings(onvif), ...(tap ? { tap } : {}) };
  return onvifClient({ device: found, credentials, clock, http });
};

/** The same for the camera that a command names. */
export const openOnvifCamera = (
  named: string | undefined,
  signal: AbortSignal,
  tap?: HttpSettings['tap'],
): Promise<OnvifClient> => openOnvif(target(named), signal, tap);
