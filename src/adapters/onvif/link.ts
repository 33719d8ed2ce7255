// One camera's ONVIF over months: finding it, who it is, its clock, following it to another address, and what of it is
// used as trigger source and still source. Opens nothing by itself: whoever opens a source does.

import { StillwatchError, type StillwatchErrorCode } from '../../domain/errors.ts';
import { type CameraIdentity, recognise } from '../../domain/identity.ts';
import type { Credentials } from '../../domain/secret.ts';
import { between, type MonoMs, type Ms, seconds } from '../../domain/units.ts';
import { hostOf } from '../../domain/url-host.ts';
import type { DeviceSearch } from '../../ports/camera-probe.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MeasuredWay, StillSource } from '../../ports/still-source.ts';
import type { TriggerChannel, TriggerSource } from '../../ports/trigger-source.ts';
import { isUselessAnswer } from './caller.ts';
import { deviceUrl, type OnvifClient, onvifClient } from './client.ts';
import { DEVICE_PORTS, findDevice } from './discovery.ts';
import { followCamera } from './follow.ts';
import { HTTP_SETTINGS, type HttpSettings } from './http.ts';
import { cameraProbe, orElse } from './probe.ts';
import { type SnapshotSource, snapshotSource } from './snapshot.ts';

export interface OnvifLinkParts {
  /** Where the camera's streams are. */
  readonly host: string;
  /** The device service; undefined: looked for. */
  readonly device: URL | undefined;
  readonly credentials: Credentials | undefined;
  readonly clock: Clock;
  /** Who it was when it was last asked; it is followed only to where it is recognised. */
  readonly known: CameraIdentity | undefined;
  /** Asks the network, or one host. */
  readonly search: (host?: string) => DeviceSearch;
  readonly http?: HttpSettings;
  /** Each time it was asked. */
  onIdentity(identity: CameraIdentity): void;
  /** When it changed by more than its own rounding. */
  onClock(offset: Ms): void;
  onMoved(from: string, to: string): void;
  /** It gives whole pictures by HTTP; told once. */
  onSnapshot(source: StillSource): void;
}

export interface OnvifLink extends AsyncDisposable {
  /** The client of this moment, found and identified. @throws StillwatchError SW_CAM_*, SW_ONVIF_* */
  client(signal: AbortSignal): Promise<OnvifClient>;
  /** A source that opens on the client of that moment, whatever address the camera has by then. */
  source(name: TriggerSource['name'], make: (client: OnvifClient) => TriggerSource): TriggerSource;
  clockOffset(): Ms | undefined;
  /** Where the camera is now. */
  host(): string;
}

/** Cameras without NTP drift seconds a day. */
const CLOCK_EVERY: Ms = seconds(3600);
/** Whole seconds on the camera's side, and half a call's delay. */
const CLOCK_ROUNDING: Ms = seconds(2);
/** An unreachable camera is rebooting more often than moved: the network is asked after so many failures in a row. */
const FOLLOW_AFTER = 3;
/** And then at most this often: a search is a multicast that every camera answers. */
const FOLLOW_EVERY: Ms = seconds(300);

/** Trouble that says: there is nobody at this address. */
const GONE: ReadonlySet<StillwatchErrorCode> = new Set([
  'SW_ONVIF_OFF',
  'SW_CAM_UNREACHABLE',
  'SW_CAM_HOST_UNKNOWN',
  'SW_CAM_PORT_CLOSED',
]);

const isGone = (error: unknown): boolean => error instanceof StillwatchError && GONE.has(error.code);

/** True when SOAP answers there; asked for its time, without a login. */
export const answersOnvif = async (device: URL, clock: Clock, signal: AbortSignal): Promise<boolean> => {
  await using anonymous = onvifClient({ device, credentials: undefined, clock });
  try {
    await anonymous.device.clock(signal);
    return true;
  } catch (thrown) {
    signal.throwIfAborted();
    // A camera that refuses even this without a login has answered all the same.
    return thrown instanceof StillwatchError && (thrown.code === 'SW_CAM_AUTH' || thrown.code === 'SW_ONVIF_REFUSED');
  }
};

/** The device service of a host: what the camera itself says when asked directly, then the usual ports. @throws SW_ONVIF_OFF */
export const locateDevice = async (
  host: string,
  search: DeviceSearch,
  clock: Clock,
  signal: AbortSignal,
): Promise<URL> => {
  const said = await search.search(signal).catch(() => {
    signal.throwIfAborted();
    return [];
  });
  const addresses = said.flatMap((one) => one.addresses).filter((address) => URL.canParse(address));
  const urls = [...addresses.map((address) => new URL(address)), ...DEVICE_PORTS.map((port) => deviceUrl(host, port))];
  const different = [...new Map(urls.map((url) => [url.href, url])).values()];
  return findDevice(host, different, (url) => answersOnvif(url, clock, signal));
};

export const onvifLink = (parts: OnvifLinkParts): OnvifLink => {
  const { clock, credentials } = parts;
  const http = parts.http ?? HTTP_SETTINGS;
  let { host, device, known } = parts;
  let live: Promise<OnvifClient> | undefined;
  let failures = 0;
  let followedAt: MonoMs | undefined;
  let offset: Ms | undefined;
  let clockAskedAt: MonoMs | undefined;
  let snapshots: SnapshotSource | undefined;
  let measured: MeasuredWay | undefined;
  let isSnapshotTold = false;

  const open = (url: URL): OnvifClient => onvifClient({ device: url, credentials, clock, http });

  const drop = async (): Promise<void> => {
    const old = live;
    live = undefined;
    snapshots = undefined;
    // A device that was found may be found elsewhere; one that the owner wrote down stays where he wrote it.
    device = parts.device && host === parts.host ? parts.device : undefined;
    await old?.then((client) => client[Symbol.asyncDispose]()).catch(() => undefined);
  };

  const readClock = async (client: OnvifClient, signal: AbortSignal): Promise<void> => {
    clockAskedAt = clock.now().mono;
    const read = await orElse(client.measureClock(signal, 'now'), undefined);
    // A camera that gives no time gives `kind: undefined` and our own.
    if (!read) return;
    const isNews = offset === undefined || Math.abs(read.offset - offset) > CLOCK_ROUNDING;
    if (isNews) {
      offset = read.offset;
      parts.onClock(offset);
    }
  };

  const identifyAt = async (url: URL, signal: AbortSignal): Promise<CameraIdentity> => {
    await using client = open(url);
    return await cameraProbe(client).identify(signal);
  };

  /** Looks for the camera in the network; true when it was recognised at another address. No client is live meanwhile. */
  const follow = async (signal: AbortSignal): Promise<boolean> => {
    const now = clock.now().mono;
    if (!known || (followedAt !== undefined && between(followedAt, now) < FOLLOW_EVERY)) return false;
    followedAt = now;
    const found = await followCamera(
      { identity: known, endpoint: undefined },
      parts.search(),
      identifyAt,
      signal,
    ).catch((error: unknown) => {
      signal.throwIfAborted();
      if (error instanceof StillwatchError || (error as NodeJS.ErrnoException).code !== undefined) return undefined;
      throw error;
    });
    if (!found) return false;
    const from = host;
    host = hostOf(found);
    device = found;
    parts.onMoved(from, host);
    return true;
  };

  /** One picture, to know what the way is worth before it is needed. */
  const measureSnapshot = async (source: SnapshotSource, signal: AbortSignal): Promise<void> => {
    try {
      const shot = await source.take({ signal });
      measured = { pixels: shot.width * shot.height, delay: shot.delay, age: shot.age ?? (0 as Ms) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof StillwatchError)) throw error;
      return;
    }
    if (isSnapshotTold) return;
    isSnapshotTold = true;
    parts.onSnapshot({
      name: 'http-snapshot',
      measured: () => measured,
      take: async (options) => {
        const client = await current(options.signal);
        snapshots ??= snapshotSource(client, clock);
        return snapshots.take(options);
      },
    });
  };

  const connect = async (signal: AbortSignal): Promise<OnvifClient> => {
    device ??= await locateDevice(host, parts.search(host), clock, signal);
    const client = open(device);
    try {
      await readClock(client, signal);
      const identity = await cameraProbe(client).identify(signal);
      if (known && recognise(known, identity) === 'another' && (await follow(signal))) {
        await client[Symbol.asyncDispose]();
        return await connect(signal);
      }
      known = identity;
      parts.onIdentity(identity);
      snapshots = snapshotSource(client, clock);
      await measureSnapshot(snapshots, signal);
      return client;
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
  };

  const current = async (signal: AbortSignal): Promise<OnvifClient> => {
    live ??= connect(signal);
    const mine = live;
    try {
      const client = await mine;
      failures = 0;
      return client;
    } catch (error) {
      if (live === mine) live = undefined;
      // A camera that answers, but not these questions, is no camera we can use; it stays an error.
      if (isGone(error)) {
        failures += 1;
        if (!parts.device) device = undefined;
        if (failures >= FOLLOW_AFTER && !signal.aborted && (await follow(signal))) return current(signal);
      }
      throw error;
    }
  };

  /** Keeps an eye on the clock while the channel is in use; an answer that fails is asked again an hour later. */
  const withClock = (client: OnvifClient, channel: TriggerChannel): TriggerChannel => ({
    async next(signal) {
      if (clockAskedAt !== undefined && between(clockAskedAt, clock.now().mono) >= CLOCK_EVERY) {
        await readClock(client, signal).catch((error: unknown) => {
          signal.throwIfAborted();
          if (!isUselessAnswer(error) && !(error instanceof StillwatchError)) throw error;
        });
      }
      return channel.next(signal);
    },
    refresh: (signal) => channel.refresh(signal),
    [Symbol.asyncDispose]: () => channel[Symbol.asyncDispose](),
  });

  return {
    client: current,
    source: (name, make) => ({
      name,
      async open(signal) {
        const client = await current(signal);
        try {
          return withClock(client, await make(client).open(signal));
        } catch (error) {
          // The next one looks for it anew.
          if (isGone(error)) await drop();
          throw error;
        }
      },
    }),
    clockOffset: () => offset,
    host: () => host,
    [Symbol.asyncDispose]: drop,
  };
};
