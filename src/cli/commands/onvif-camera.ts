// Which camera a command means: one of the configured ones, or an address. Credentials come from the configuration or the
// environment, never from an argument.

import { deviceUrl, type OnvifClient, onvifClient } from '../../adapters/onvif/client.ts';
import { DEVICE_PORTS, deviceSearch, findDevice } from '../../adapters/onvif/discovery.ts';
import { HTTP_SETTINGS, type HttpSettings } from '../../adapters/onvif/http.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { loadEnvSettings } from '../../config/legacy-env.ts';
import type { Camera } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { type Credentials, Secret } from '../../domain/secret.ts';
import { seconds } from '../../domain/units.ts';

export interface OnvifTarget {
  readonly host: string;
  /** The device service when it was typed; undefined: it is looked for. */
  readonly device: URL | undefined;
  readonly credentials: Credentials | undefined;
}

const ofCamera = ({ streams }: Camera): OnvifTarget => ({
  host: new URL(streams.main.url).hostname.replace(/^\[|\]$/g, ''),
  device: undefined,
  credentials: streams.main.credentials,
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
  const { cameras } = loadEnvSettings(process.cwd(), process.env);
  const camera = named === undefined ? cameras[0] : cameras.find(({ id }) => id === named);
  if (camera) return ofCamera(camera);
  const known = cameras.map(({ id }) => id).join(', ');
  throw new StillwatchError('SW_CONFIG_CHOICE', {
    key: 'camera',
    choices: `${known} or an address`,
    value: named ?? '',
    example: cameras[0]?.id ?? '192.168.1.50',
  });
};

/** Finds the camera's device service and opens a client. Whoever calls disposes it. */
export const openOnvifCamera = async (
  named: string | undefined,
  signal: AbortSignal,
  http: HttpSettings = HTTP_SETTINGS,
): Promise<OnvifClient> => {
  const { host, device, credentials } = target(named);
  const clock = systemClock();
  const answers = async (url: URL): Promise<boolean> => {
    await using anonymous = onvifClient({ device: url, credentials: undefined, clock });
    try {
      await anonymous.device.clock(signal);
      return true;
    } catch (thrown) {
      signal.throwIfAborted();
      // A camera that refuses even this without a login has answered all the same.
      return thrown instanceof StillwatchError && (thrown.code === 'SW_CAM_AUTH' || thrown.code === 'SW_ONVIF_REFUSED');
    }
  };
  const found =
    device ??
    (await (async () => {
      // What the camera itself says when asked directly comes before guessed ports.
      const said = await deviceSearch({ host, within: seconds(1) })
        .search(signal)
        .catch(() => []);
      const addresses = said.flatMap((one) => one.addresses).filter((address) => URL.canParse(address));
      const guessed = DEVICE_PORTS.map((port) => deviceUrl(host, port));
      const urls = [...addresses.map((address) => new URL(address)), ...guessed];
      return findDevice(host, [...new Map(urls.map((url) => [url.href, url])).values()], answers);
    })());
  return onvifClient({ device: found, credentials, clock, http });
};
