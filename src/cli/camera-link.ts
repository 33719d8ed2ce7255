// Composes a camera's ONVIF inside its capture process: the link, the channels its events come by, and streams that follow it.

import { deviceSearch, hostSearch } from '../adapters/onvif/discovery.ts';
import { httpSettings } from '../adapters/onvif/http.ts';
import { type OnvifLink, onvifLink } from '../adapters/onvif/link.ts';
import { metadataSource } from '../adapters/onvif/metadata-source.ts';
import { pullPointSource } from '../adapters/onvif/pull-point.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { Camera, EventChannel, OnvifSettings, StreamAddress } from '../domain/camera.ts';
import { toStillwatchError } from '../domain/errors.ts';
import type { CameraIdentity } from '../domain/identity.ts';
import { type Ms, seconds } from '../domain/units.ts';
import { hostOf } from '../domain/url-host.ts';
import type { Clock } from '../ports/clock.ts';
import type { MetadataStream } from '../ports/metadata-stream.ts';
import type { PacketSource } from '../ports/packet-source.ts';
import type { StillSource } from '../ports/still-source.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { TriggerSource } from '../ports/trigger-source.ts';
import { firstChannel } from '../watch/first-channel.ts';
import type { CaptureDesk } from './push-desk.ts';
import { sceneReader } from './scene-reader.ts';

export interface CameraLinkParts {
  readonly camera: Camera;
  readonly onvif: OnvifSettings;
  readonly known: CameraIdentity | undefined;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly desk: CaptureDesk;
  readonly metadata: MetadataStream;
  readonly onSnapshot: (source: StillSource) => void;
}

export interface CameraLink extends AsyncDisposable {
  /** What the watcher listens to. */
  readonly events: readonly TriggerSource[];
  readonly clockOffset: () => Ms | undefined;
  readonly host: () => string;
  /** Who the camera is, as it was last asked; by any earlier run too. */
  readonly identity: () => CameraIdentity | undefined;
  /** Asks who the camera is now and then, for cameras whose events nobody listens to. */
  keepKnowing(signal: AbortSignal): Promise<void>;
}

const KNOW_EVERY: Ms = seconds(3600);
const TRY_EVERY: Ms = seconds(300);
/** As long as cameras lock after wrong logins, and a minute. Source: event-supervisor-policy. */
const LOCK: Ms = seconds(31 * 60);

const addressAt = (address: StreamAddress, from: string, to: string): StreamAddress => {
  if (to === from || hostOf(address.url) !== from) return address;
  const url = new URL(address.url);
  url.hostname = to.includes(':') ? `[${to}]` : to;
  return { ...address, url: url.href };
};

/** Streams at the address that the camera has now: it may have been followed since the settings were written. */
export const atHost = (packets: PacketSource, from: string, now: () => string): PacketSource => ({
  open: (address, options) => packets.open(addressAt(address, from, now()), options),
});

/** The metadata comes with the sub stream: every profile that has it has it there, and its pictures are not asked for. */
const channelSource = (parts: CameraLinkParts, link: OnvifLink, channel: EventChannel): TriggerSource => {
  const { clock, camera } = parts;
  switch (channel) {
    case 'pull-point':
      return link.source(channel, (client) => pullPointSource(client, clock));
    case 'push':
      return link.source(channel, (client) => parts.desk.source(client));
    case 'metadata':
      return link.source(channel, () =>
        metadataSource(
          parts.metadata,
          async () => addressAt(camera.streams.sub, hostOf(camera.streams.main.url), link.host()),
          () => sceneReader(clock),
        ),
      );
    default:
      return assertNever(channel);
  }
};

export const cameraLink = (parts: CameraLinkParts): CameraLink => {
  const { camera, onvif, clock, telemetry } = parts;
  const tell = { camera: camera.id, at: clock.now().wall };
  const now = (): typeof tell => ({ ...tell, at: clock.now().wall });
  let { known } = parts;
  const link = onvifLink({
    host: hostOf(camera.streams.main.url),
    device: onvif.device === undefined ? undefined : new URL(onvif.device),
    credentials: camera.streams.main.credentials,
    http: httpSettings(onvif),
    clock,
    known: parts.known,
    search: (host) => (host === undefined ? deviceSearch() : hostSearch(host)),
    onIdentity: (identity) => {
      known = identity;
      telemetry.tell({ type: 'identified', ...now(), identity });
    },
    onClock: (offset) => telemetry.tell({ type: 'clock-read', ...now(), offset }),
    onMoved: (from, to) => telemetry.tell({ type: 'moved', ...now(), from, to }),
    onSnapshot: parts.onSnapshot,
  });
  const [first = 'pull-point', ...others] = onvif.channels ?? [];
  const events = firstChannel([
    channelSource(parts, link, first),
    ...others.map((channel) => channelSource(parts, link, channel)),
  ]);
  return {
    events: [events],
    clockOffset: () => link.clockOffset(),
    host: () => link.host(),
    identity: () => known,
    async keepKnowing(signal) {
      while (!signal.aborted) {
        let pause = KNOW_EVERY;
        try {
          await link.client(signal);
        } catch (thrown) {
          const { code } = toStillwatchError(thrown);
          pause = code === 'SW_CAM_AUTH' || code === 'SW_CAM_LOCKED' ? LOCK : TRY_EVERY;
        }
        await clock.sleep(pause, signal).catch(() => undefined);
      }
    },
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  };
};
