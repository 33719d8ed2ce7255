// Which camera a command means: one of the configured ones, or an address. Credentials come from the configuration or the
// environment, never from an argument.

import { deviceUrl, type OnvifClient } from '../adapters/onvif/client.ts';
import type { HttpSettings } from '../adapters/onvif/http.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { loadSettings } from '../config/config-file.ts';
import type { Camera } from '../domain/camera.ts';
import { StillwatchError } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import { hostOf } from '../domain/url-host.ts';
import { type OnvifTarget, openOnvif } from './open-onvif.ts';

export const onvifTarget = ({ streams, onvif }: Camera): OnvifTarget => ({
  host: hostOf(streams.main.url),
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
      choices: `${url.hostname} (+ STILLWATCH_USER=…, STILLWATCH_PASSWORD=…)`,
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
  return { host: hostOf(typed), device, credentials };
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
  throw new StillwatchError('SW_CONFIG_CHOICE', {
    key: 'camera',
    choices: [...cameras.map(({ id }) => id), '192.168.1.50'].join(' / '),
    value: named ?? '',
    example: cameras[0]?.id ?? '192.168.1.50',
  });
};

/** Finds the camera's device service and opens a client. Whoever calls disposes it. */
export const openOnvifCamera = (
  named: string | undefined,
  signal: AbortSignal,
  tap?: HttpSettings['tap'],
): Promise<OnvifClient> => openOnvif(target(named), systemClock(), signal, tap);
