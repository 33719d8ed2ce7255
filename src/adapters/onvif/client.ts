// One camera's ONVIF services behind one login, one clock and one set of sockets.

import { StillwatchError } from '../../domain/errors.ts';
import type { Credentials } from '../../domain/secret.ts';
import { epochMs, type Ms, ms, seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Caller, caller, isUselessAnswer } from './caller.ts';
import { type CameraClock, type DeviceCalls, deviceCalls, type Services } from './device.ts';
import { type EventCalls, eventCalls } from './events.ts';
import { HTTP_SETTINGS, type HttpClient, type HttpSettings, httpClient } from './http.ts';
import { type MediaCalls, mediaCalls } from './media.ts';

export interface OnvifSettings {
  /** The device service: `http://192.168.1.50:2020/onvif/device_service`. Without credentials. */
  readonly device: URL;
  readonly credentials: Credentials | undefined;
  readonly clock: Clock;
  readonly http?: HttpSettings;
}

export interface OnvifClient extends AsyncDisposable {
  readonly device: DeviceCalls;
  readonly media: MediaCalls;
  readonly events: EventCalls;
  readonly http: HttpClient;
  readonly address: URL;
  readonly credentials: Credentials | undefined;
  /** Addresses of the services, asked once; asked again after `forget`. */
  services(signal: AbortSignal): Promise<Services>;
  /** The camera's clock, measured at most once an hour unless `now` says so. */
  measureClock(signal: AbortSignal, now?: 'now'): Promise<CameraClock>;
  scheme(): ReturnType<Caller['scheme']>;
  /** Forgets what was learnt of addresses: the camera rebooted or moved. */
  forget(): void;
}

/** A camera without NTP drifts seconds a day; an hour keeps the token inside every window seen (5 s and up). */
const CLOCK_FRESH: Ms = seconds(3600);

/** The default device address of a typed host (ONVIF Core 5.1.1: the path is fixed, the port is not). */
export const deviceUrl = (host: string, port: number, scheme: 'http' | 'https' = 'http'): URL =>
  new URL(
    `${scheme}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}/onvif/device_service`,
  );

export const onvifClient = (settings: OnvifSettings): OnvifClient => {
  const { device: address, credentials, clock } = settings;
  const http = httpClient(settings.http ?? HTTP_SETTINGS);
  let services: Promise<Services> | undefined;
  let measured: { readonly clock: CameraClock; readonly at: number } | undefined;

  const calls = caller({
    http,
    clock,
    credentials,
    refreshOffset: async (signal) => (await measureClock(signal, 'now')).offset,
  });
  const device = deviceCalls({ caller: calls, clock, device: address });

  const measureClock = async (signal: AbortSignal, now?: 'now'): Promise<CameraClock> => {
    const at = clock.now().mono;
    if (measured && now === undefined && at - measured.at < CLOCK_FRESH) return measured.clock;
    const found = await device.clock(signal);
    measured = { clock: found, at };
    calls.setOffset(found.offset);
    return found;
  };

  const askServices = (signal: AbortSignal): Promise<Services> => {
    services ??= (async () => {
      // The clock first, without a login: a token made with the wrong time counts as a wrong password at some cameras.
      await measureClock(signal).catch((error: unknown) => {
        // A camera that wants a login even for its clock, or gives none, is asked on with our own time.
        const isRefused = error instanceof StillwatchError && error.code === 'SW_CAM_AUTH';
        if (!isRefused && !isUselessAnswer(error)) throw error;
      });
      return await device.services(signal);
    })().catch((error: unknown) => {
      services = undefined;
      throw error;
    });
    return services;
  };

  return {
    device,
    media: mediaCalls({ caller: calls, services: askServices }),
    events: eventCalls({
      caller: calls,
      device: address,
      services: askServices,
      cameraTime: () => epochMs(clock.now().wall + calls.offset()),
    }),
    http,
    address,
    credentials,
    services: askServices,
    measureClock,
    scheme: () => calls.scheme(),
    forget() {
      services = undefined;
      measured = undefined;
      calls.setOffset(ms(0));
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
};
