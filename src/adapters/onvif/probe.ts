// Asks a camera who it is. What it refuses to tell is left out; only a refused login or a dead line ends the asking.

import { StillwatchError } from '../../domain/errors.ts';
import { type CameraIdentity, macOf, scopeValue } from '../../domain/identity.ts';
import { hostOf } from '../../domain/url-host.ts';
import type { CameraProbe } from '../../ports/camera-probe.ts';
import { isUselessAnswer } from './caller.ts';
import type { OnvifClient } from './client.ts';

/** Small cameras crash on a question they do not know and are back for the next one. */
const isLostCall = (error: unknown): boolean =>
  error instanceof StillwatchError && (error.code === 'SW_CAM_LOST' || error.code === 'SW_CAM_SILENT');

/** A question this camera does not answer leaves `otherwise`; trouble with the camera itself goes up. */
export const orElse = async <T>(asked: Promise<T>, otherwise: T): Promise<T> => {
  try {
    return await asked;
  } catch (error) {
    if (isUselessAnswer(error) || isLostCall(error)) return otherwise;
    throw error;
  }
};

export const cameraProbe = (client: OnvifClient): CameraProbe => ({
  async identify(signal): Promise<CameraIdentity> {
    await client.services(signal);
    // One after the other: small cameras serve one call at a time, and a refused login must be tried once only.
    const information = await client.device.information(signal);
    const hostname = await orElse(client.device.hostname(signal), undefined);
    const interfaces = await orElse(client.device.interfaces(signal), []);
    const scopes = await orElse(client.device.scopes(signal), []);
    const ports = await orElse(client.device.protocols(signal), []);
    const host = hostOf(client.address);
    const { mac, rule } = macOf(interfaces, host);
    return {
      name: scopeValue(scopes, 'name') ?? hostname,
      ...information,
      host,
      mac,
      macRule: rule,
      ports,
      scopes,
    };
  },
});
