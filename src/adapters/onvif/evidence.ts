// Asks a camera everything the requirement report is made of. Reads only: nothing in the camera is changed, moved or played.

import { connect } from 'node:tls';
import type { CameraMessage } from '../../domain/camera-message.ts';
import { StillwatchError, toStillwatchError } from '../../domain/errors.ts';
import type { Asked, CameraEvidence, SnapshotFinding, StreamFinding, TlsFinding } from '../../domain/requirement.ts';
import { between, type Ms, ms, seconds } from '../../domain/units.ts';
import { hostOf } from '../../domain/url-host.ts';
import type { Clock } from '../../ports/clock.ts';
import { reachableStream } from './address.ts';
import { OnvifRefusal } from './caller.ts';
import type { OnvifClient } from './client.ts';
import type { ServiceName } from './device.ts';
import { cameraProbe, orElse } from './probe.ts';
import { pullPointSource } from './pull-point.ts';
import { snapshotSource } from './snapshot.ts';

/** Everything but the meaning of the events, which is not this layer's to judge. */
export interface GatheredEvidence extends Omit<CameraEvidence, 'events'> {
  readonly heard: Asked<{
    readonly topics: readonly string[];
    readonly messages: readonly CameraMessage[];
    readonly listened: Ms;
  }>;
}

export interface EvidenceParts {
  readonly client: OnvifClient;
  readonly clock: Clock;
  /** Decodes one frame of a stream; how is the caller's. */
  readonly frame: (url: string, signal: AbortSignal) => Promise<{ readonly width: number; readonly height: number }>;
  /** Subscribes an endpoint of ours for a moment, and counts what the camera posts to it. */
  readonly push?: (client: OnvifClient, signal: AbortSignal) => Promise<number>;
  /** Counts the documents of the metadata that comes with a stream. */
  readonly documents?: (url: string, signal: AbortSignal) => Promise<number>;
  /** How long to listen for events. */
  readonly listen: Ms;
  /** Told before each question. */
  readonly progress: (what: string) => void;
}

const TLS_WITHIN: Ms = seconds(5);

/** An answer, or why there is none. A refused login ends everything: trying on would lock the camera. */
const ask = async <T>(call: string, question: Promise<T>): Promise<Asked<T>> => {
  try {
    return { type: 'answered', call, value: await question };
  } catch (thrown) {
    const error = toStillwatchError(thrown);
    if (error.code === 'SW_CAM_AUTH') throw error;
    if (error instanceof OnvifRefusal && error.isUnsupported) return { type: 'not-offered', call };
    const detail = error.facts['reason'] ?? error.facts['detail'] ?? error.code;
    if (error.code === 'SW_ONVIF_REFUSED' && String(detail).startsWith('it offers no'))
      return { type: 'not-offered', call };
    return { type: 'refused', call, reason: String(detail) };
  }
};

/** A trial that failed found nothing; a refused login ends everything here too. */
const lesser =
  <T>(otherwise: T) =>
  (thrown: unknown): T => {
    const error = toStillwatchError(thrown);
    if (error.code === 'SW_CAM_AUTH') throw error;
    return otherwise;
  };

const certificate = (host: string, port: number): Promise<TlsFinding> =>
  new Promise((resolve, reject) => {
    // What is shown is looked at, not trusted: the finding says who signed it.
    const socket = connect({
      host,
      port,
      rejectUnauthorized: false,
      timeout: TLS_WITHIN,
      ...(/^[\d.:]+$/.test(host) ? {} : { servername: host }),
    });
    socket.once('secureConnect', () => {
      const shown = socket.getPeerCertificate();
      const name = (value: unknown): string =>
        Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
      const issuer = name(shown.issuer?.O) || name(shown.issuer?.CN) || 'nobody named';
      resolve({
        version: socket.getProtocol() ?? 'unknown',
        issuer,
        isSelfSigned: JSON.stringify(shown.issuer) === JSON.stringify(shown.subject),
        validTo: shown.valid_to,
      });
      socket.destroy();
    });
    socket.once('timeout', () => socket.destroy(new StillwatchError('SW_CAM_SILENT', { seconds: TLS_WITHIN / 1000 })));
    socket.once('error', reject);
  });

export const gatherEvidence = async (parts: EvidenceParts, signal: AbortSignal): Promise<GatheredEvidence> => {
  const { client, clock, progress } = parts;
  const tell = <T>(call: string, question: () => Promise<T>): Promise<Asked<T>> => {
    progress(call);
    return ask(call, question());
  };
  const services = await client.services(signal);
  const withService = <T>(service: ServiceName, call: string, question: () => Promise<T>): Promise<Asked<T>> =>
    services.has(service) ? tell(call, question) : Promise.resolve({ type: 'not-offered', call });

  const clockFound = await tell('GetSystemDateAndTime', async () => {
    const found = await client.measureClock(signal, 'now');
    return { offset: found.offset, kind: found.kind, servers: await orElse(client.device.ntp(signal), []) };
  });
  const identity = await tell('GetDeviceInformation', () => cameraProbe(client).identify(signal));
  const profiles = await tell('GetProfiles', () => client.media.profiles(signal));
  const listed = profiles.type === 'answered' ? profiles.value : [];

  const findings: StreamFinding[] = [];
  for (const { token, name, width, height } of listed.slice(0, 4)) {
    progress(`a frame of ${name || token}`);
    const claimed = width === undefined || height === undefined ? undefined : { width, height };
    const finding = { profile: name || token, claimed };
    try {
      const given = await client.media.streamUri(token, signal);
      const url = given === undefined ? undefined : reachableStream(given, client.address);
      if (!url) throw new StillwatchError('SW_CAM_NO_PATH', { path: given ?? 'none' });
      findings.push({ ...finding, decoded: await parts.frame(url.href, signal), trouble: undefined });
    } catch (thrown) {
      findings.push({ ...finding, decoded: undefined, trouble: toStillwatchError(thrown).code });
    }
  }

  const shoot = async (): Promise<SnapshotFinding> => {
    const { width, height, delay, age, scheme, url } = await snapshotSource(client, clock).take({ signal });
    return { width, height, delay, age, scheme, url };
  };
  const snapshot = await tell('GetSnapshotUri', shoot);
  const ports = identity.type === 'answered' ? identity.value.ports : [];
  const https = ports.find(({ protocol, isEnabled }) => protocol.toUpperCase() === 'HTTPS' && isEnabled);
  const host = hostOf(client.address);
  const isTls = client.address.protocol === 'https:';
  const tlsPort = isTls ? Number(client.address.port || 443) : https?.port;
  const tls: CameraEvidence['tls'] =
    tlsPort === undefined
      ? { type: 'not-offered', call: 'GetNetworkProtocols HTTPS' }
      : await tell(`TLS, port ${tlsPort}`, () => certificate(host, tlsPort));
  const snapshotTls = await (async (): Promise<CameraEvidence['snapshotTls']> => {
    if (snapshot.type !== 'answered' || tls.type !== 'answered' || tlsPort === undefined) {
      return tls.type === 'answered' ? snapshot : { type: 'not-offered', call: 'HTTPS' };
    }
    const plain = new URL(snapshot.value.url);
    if (plain.protocol === 'https:') return snapshot;
    plain.protocol = 'https:';
    plain.port = String(tlsPort);
    const media = { ...client.media, snapshotUri: async () => plain.href };
    return tell('GetSnapshotUri over HTTPS', async () => {
      const { width, height, delay, age, scheme, url } = await snapshotSource({ ...client, media }, clock, {
        profile: listed[0]?.token ?? '',
      }).take({ signal });
      return { width, height, delay, age, scheme, url };
    });
  })();

  const heard: GatheredEvidence['heard'] = await withService('events', 'CreatePullPointSubscription', async () => {
    const topics = await orElse(client.events.topics(signal), []);
    const channel = await pullPointSource(client, clock, { lease: seconds(60), pull: seconds(5) }).open(signal);
    const messages: CameraMessage[] = [];
    const startedAt = clock.now().mono;
    try {
      do messages.push(...(await channel.next(signal)));
      while (between(startedAt, clock.now().mono) < parts.listen);
    } finally {
      await channel[Symbol.asyncDispose]();
    }
    return { topics, messages, listened: ms(between(startedAt, clock.now().mono)) };
  });
  const push = await withService('events', 'GetServiceCapabilities', async () => {
    const found = await client.events.capabilities(signal);
    const producers = Number(found.get('MaxNotificationProducers') ?? 0) || 0;
    if (producers === 0 || !parts.push) return { producers, arrived: undefined };
    // Refusing to be subscribed to, a firewall, a loopback address: nothing arrives, and that is what is said.
    return { producers, arrived: await parts.push(client, signal).catch(lesser(0)) };
  });
  const metadata = await tell('GetMetadataConfigurations', async () => {
    const configurations = (await client.media.metadataConfigurations(signal)).length;
    // The smallest picture beside it: only its metadata is asked for.
    const carrier = listed.findLast(({ hasMetadata }) => hasMetadata);
    const given = carrier && (await client.media.streamUri(carrier.token, signal));
    const url = given === undefined ? undefined : reachableStream(given, client.address);
    const isRead = url !== undefined && parts.documents !== undefined;
    return { configurations, documents: isRead ? await parts.documents(url.href, signal).catch(lesser(0)) : undefined };
  });
  const recordings = await withService('search', 'GetRecordingSummary', async () => {
    const summary = await client.media.recordings(signal);
    const found = await orElse(client.media.findRecordings(signal), []);
    const [first] = found;
    const replay = first === undefined ? undefined : await orElse(client.media.replayUri(first, signal), undefined);
    return { ...summary, found: found.length, hasReplay: replay !== undefined };
  });
  const presets = await withService('ptz', 'GetPresets', async () => ({
    count: (await client.media.presets(listed[0]?.token ?? '', signal)).length,
  }));
  const imaging = await withService('imaging', 'GetImagingSettings', async () => {
    const found = await client.media.imaging(listed[0]?.videoSource ?? '', signal);
    return [...found].map(([name, value]) => `${name} ${value}`);
  });
  const streams: CameraEvidence['streams'] =
    profiles.type === 'answered' ? { type: 'answered', call: profiles.call, value: findings } : profiles;
  return {
    identity,
    streams,
    snapshot,
    snapshotTls,
    heard,
    push,
    metadata,
    recordings,
    presets,
    imaging,
    clock: clockFound,
    tls,
  };
};
