// Media services: profiles, stream and snapshot addresses. Media 2 first; a camera whose Media 2 is broken is asked by
// Media 1, and that is remembered. Also imaging, PTZ presets and what edge storage there is: lists only, nothing is moved.

import { StillwatchError } from '../../domain/errors.ts';
import { type Call, type Caller, isUselessAnswer, type Reply } from './caller.ts';
import { SERVICE_NS, type ServiceName, type Services } from './device.ts';
import { readUri } from './document.ts';
import { escapeXml } from './envelope.ts';
import { child, children, numberText, textAt, type XmlElement } from './xml.ts';

export interface MediaProfile {
  readonly token: string;
  readonly name: string;
  /** `H264`, `H265`, `JPEG`, as the camera writes it. */
  readonly encoding: string | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly videoSource: string | undefined;
  readonly encoder: string | undefined;
  readonly hasMetadata: boolean;
}

export interface PtzPreset {
  readonly token: string;
  readonly name: string;
}

export interface MediaCalls {
  readonly version: () => 1 | 2 | undefined;
  /** Largest picture first. */
  profiles(signal: AbortSignal): Promise<readonly MediaProfile[]>;
  /** As the camera gives it; rewriting is the caller's. */
  streamUri(profile: string, signal: AbortSignal): Promise<string | undefined>;
  snapshotUri(profile: string, signal: AbortSignal): Promise<string | undefined>;
  metadataConfigurations(signal: AbortSignal): Promise<readonly string[]>;
  imaging(videoSource: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  presets(profile: string, signal: AbortSignal): Promise<readonly PtzPreset[]>;
  recordings(signal: AbortSignal): Promise<RecordingSummary>;
  /** Tokens of the recordings that a search of the camera's own finds, a few at most. */
  findRecordings(signal: AbortSignal): Promise<readonly string[]>;
  /** Where a recording would be played from; nothing is played. */
  replayUri(recording: string, signal: AbortSignal): Promise<string | undefined>;
}

export interface RecordingSummary {
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly count: number | undefined;
}

const readProfile = (element: XmlElement): MediaProfile => {
  const inside = child(element, 'Configurations');
  const encoder = child(inside, 'VideoEncoder') ?? child(element, 'VideoEncoderConfiguration');
  const source = child(inside, 'VideoSource') ?? child(element, 'VideoSourceConfiguration');
  return {
    token: element.attributes.get('token') ?? '',
    name: textAt(element, 'Name') ?? '',
    encoding: textAt(encoder, 'Encoding'),
    width: numberText(textAt(encoder, 'Resolution', 'Width')),
    height: numberText(textAt(encoder, 'Resolution', 'Height')),
    videoSource: textAt(source, 'SourceToken'),
    encoder: encoder?.attributes.get('token'),
    hasMetadata: (child(inside, 'Metadata') ?? child(element, 'MetadataConfiguration')) !== undefined,
  };
};

const pixels = ({ width, height }: MediaProfile): number => (width ?? 0) * (height ?? 0);

/** Profiles of either media service; largest picture first, otherwise in the camera's order. */
export const readProfiles = (content: XmlElement): readonly MediaProfile[] =>
  children(content, 'Profiles')
    .map(readProfile)
    .filter(({ token }) => token !== '')
    .sort((a, b) => pixels(b) - pixels(a));

/** Trouble of one service, not of the camera: another service may do. */
const isOfTheService = (error: unknown): boolean =>
  error instanceof StillwatchError &&
  ['SW_ONVIF_REFUSED', 'SW_ONVIF_REPLY', 'SW_CAM_LOST', 'SW_CAM_SILENT'].includes(error.code);

const profileToken = (profile: string): string => `<ProfileToken>${escapeXml(profile)}</ProfileToken>`;
const SCHEMA = 'xmlns:tt="http://www.onvif.org/ver10/schema"';
const STREAM_SETUP =
  `<StreamSetup><tt:Stream ${SCHEMA}>RTP-Unicast</tt:Stream>` +
  `<tt:Transport ${SCHEMA}><tt:Protocol>RTSP</tt:Protocol></tt:Transport></StreamSetup>`;
/** One would prove it; a few say what they are called. */
const MOST_RECORDINGS = 5;

export interface MediaParts {
  readonly caller: Caller;
  readonly services: (signal: AbortSignal) => Promise<Services>;
}

export const mediaCalls = ({ caller, services }: MediaParts): MediaCalls => {
  let isMedia2Broken = false;
  let version: 1 | 2 | undefined;

  const ask = async (
    service: ServiceName,
    name: string,
    inner: string,
    signal: AbortSignal,
    more: Partial<Call> = {},
  ): Promise<Reply> => {
    const to = (await services(signal)).get(service)?.urls ?? [];
    if (to.length === 0) {
      throw new StillwatchError('SW_ONVIF_REFUSED', { call: name, reason: `it offers no ${service} service` });
    }
    const body = `<${name} xmlns="${SERVICE_NS[service]}">${inner}</${name}>`;
    return await caller.call({ to, name, body, signal, ...more });
  };

  const eitherMedia = async <T>(
    by2: () => Promise<T>,
    by1: () => Promise<T>,
    isGood: (answer: T) => boolean,
    signal: AbortSignal,
  ): Promise<T> => {
    const offered = await services(signal);
    if (offered.has('media2') && !isMedia2Broken) {
      try {
        const answer = await by2();
        if (isGood(answer) || !offered.has('media')) {
          version ??= 2;
          return answer;
        }
      } catch (error) {
        if (!offered.has('media') || !isOfTheService(error)) throw error;
      }
      const answer = await by1();
      // Only an answer of Media 1 proves that the fault was Media 2's.
      isMedia2Broken = true;
      version = 1;
      return answer;
    }
    const answer = await by1();
    version = 1;
    return answer;
  };

  return {
    version: () => version,
    profiles: (signal) =>
      eitherMedia(
        async () => readProfiles((await ask('media2', 'GetProfiles', '<Type>All</Type>', signal)).content),
        async () => readProfiles((await ask('media', 'GetProfiles', '', signal)).content),
        (profiles) => profiles.length > 0,
        signal,
      ),
    streamUri: (profile, signal) =>
      eitherMedia(
        async () =>
          readUri(
            (await ask('media2', 'GetStreamUri', `<Protocol>RTSP</Protocol>${profileToken(profile)}`, signal)).content,
          ),
        async () => {
          return readUri((await ask('media', 'GetStreamUri', STREAM_SETUP + profileToken(profile), signal)).content);
        },
        (uri) => uri !== undefined,
        signal,
      ),
    snapshotUri: (profile, signal) =>
      eitherMedia(
        async () => readUri((await ask('media2', 'GetSnapshotUri', profileToken(profile), signal)).content),
        async () => readUri((await ask('media', 'GetSnapshotUri', profileToken(profile), signal)).content),
        (uri) => uri !== undefined,
        signal,
      ),
    async metadataConfigurations(signal) {
      const read = (content: XmlElement): readonly string[] =>
        children(content, 'Configurations').flatMap((one) => one.attributes.get('token') ?? []);
      return eitherMedia(
        async () => read((await ask('media2', 'GetMetadataConfigurations', '', signal)).content),
        async () => read((await ask('media', 'GetMetadataConfigurations', '', signal)).content),
        () => true,
        signal,
      );
    },
    async imaging(videoSource, signal) {
      const token = `<VideoSourceToken>${escapeXml(videoSource)}</VideoSourceToken>`;
      const { content } = await ask('imaging', 'GetImagingSettings', token, signal);
      const settings = child(content, 'ImagingSettings')?.children ?? [];
      return new Map(
        settings.map((one) => [
          one.local,
          one.text === '' ? (textAt(one, 'Mode') ?? one.children[0]?.text ?? '') : one.text,
        ]),
      );
    },
    async presets(profile, signal) {
      const { content } = await ask('ptz', 'GetPresets', profileToken(profile), signal);
      return children(content, 'Preset').flatMap((one): readonly PtzPreset[] => {
        const token = one.attributes.get('token');
        return token === undefined ? [] : [{ token, name: textAt(one, 'Name') ?? token }];
      });
    },
    async recordings(signal) {
      const { content } = await ask('search', 'GetRecordingSummary', '', signal);
      const summary = child(content, 'Summary');
      return {
        from: textAt(summary, 'DataFrom'),
        until: textAt(summary, 'DataUntil'),
        count: numberText(textAt(summary, 'NumberRecordings')),
      };
    },
    async findRecordings(signal) {
      const wish = `<Scope/><MaxMatches>${MOST_RECORDINGS}</MaxMatches><KeepAliveTime>PT10S</KeepAliveTime>`;
      const begun = await ask('search', 'FindRecordings', wish, signal);
      const given = textAt(begun.content, 'SearchToken');
      if (given === undefined) return [];
      const token = `<SearchToken>${escapeXml(given)}</SearchToken>`;
      const wait = `${token}<MinResults>1</MinResults><MaxResults>${MOST_RECORDINGS}</MaxResults><WaitTime>PT5S</WaitTime>`;
      const { content } = await ask('search', 'GetRecordingSearchResults', wait, signal);
      // A search that is not ended takes one of the camera's few places until its keep-alive time.
      await ask('search', 'EndSearch', token, signal).catch((error: unknown) => {
        if (!isUselessAnswer(error)) throw error;
      });
      return children(child(content, 'ResultList'), 'RecordingInformation').flatMap(
        (one) => textAt(one, 'RecordingToken') ?? [],
      );
    },
    async replayUri(recording, signal) {
      const body = `${STREAM_SETUP}<RecordingToken>${escapeXml(recording)}</RecordingToken>`;
      return readUri((await ask('replay', 'GetReplayUri', body, signal)).content);
    },
  };
};
