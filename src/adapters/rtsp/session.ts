// The conversation that starts a stream: OPTIONS, DESCRIBE, SETUP, PLAY (RFC 2326 section 10), and what was agreed in it.

import { type Ms, seconds } from '../../domain/units.ts';
import type { RtspConnection } from './connection.ts';
import { cameraError, type RtspMethod, statusFailure } from './failure.ts';
import { chooseVideo, type VideoMedia } from './media-choice.ts';
import { header, type RtspResponse } from './message.ts';
import { excerpt } from './protocol-violation.ts';
import { parseSessionDescription, type SessionDescription } from './session-description.ts';
import { controlUrl, namedHost, onReachedHost, type StreamUrl } from './stream-url.ts';
import { UdpPair } from './udp-pair.ts';

export interface DescribedStream {
  readonly description: SessionDescription;
  /** What relative control URLs are relative to. */
  readonly base: StreamUrl;
  /** Methods of the Public header; empty if the camera named none. */
  readonly methods: ReadonlySet<string>;
  readonly server: string | undefined;
}

export interface Channels {
  readonly rtp: number;
  readonly rtcp: number;
}

/** A session that PLAY can be sent for. */
export interface PreparedSession<Media = VideoMedia> {
  /** The medium that was set up; a metadata track, for whoever reads that. */
  readonly video: Media;
  readonly id: string;
  /** The camera forgets the session after this long without a sign of life. */
  readonly timeout: Ms;
  /** PLAY, keep-alive and TEARDOWN are about this. */
  readonly aggregate: StreamUrl;
  readonly keepAlive: RtspMethod;
  readonly channels: Channels;
  /** Where media come, if not over the control connection. Whoever ends the session closes it. */
  readonly udp: UdpPair | undefined;
}

// RFC 2326 section 12.37.
const DEFAULT_SESSION_TIMEOUT = seconds(60);
const MAX_REDIRECTS = 2;
const UNSUPPORTED_TRANSPORT = 461;

/** @throws StillwatchError SW_CAM_* */
export const describe = async (connection: RtspConnection, url: StreamUrl): Promise<DescribedStream> => {
  const options = await connection.request('OPTIONS', url);
  // Some cameras do not know OPTIONS; only "not now" and "not you" are answers to it.
  if (options.status === 403 || options.status === 453 || options.status === 503) {
    throw statusFailure('OPTIONS', options, connection.url);
  }
  let asked = url;
  for (let redirects = 0; ; redirects++) {
    const response = await connection.request('DESCRIBE', asked, { Accept: 'application/sdp' });
    const location = header(response.headers, 'location');
    if (response.status >= 300 && response.status < 400 && location !== undefined && redirects < MAX_REDIRECTS) {
      asked = redirected(connection, asked, location);
      continue;
    }
    if (response.status !== 200) throw statusFailure('DESCRIBE', response, connection.url);
    const text = response.body.toString('utf8');
    // A camera that is out of streams may answer 200 with nothing in it.
    if (text.trim() === '') throw cameraError('SW_CAM_STREAM_LIMIT', connection.url, { detail: 'an empty DESCRIBE' });
    const description = parseSessionDescription(text);
    if (description.media.length === 0 && !/^[ \t]*v[ \t]*=/m.test(text)) {
      throw cameraError('SW_CAM_PROTOCOL', connection.url, { detail: `DESCRIBE: “${excerpt(text.trim())}” is no SDP` });
    }
    if (description.media.length === 0) {
      throw cameraError('SW_CAM_STREAM_LIMIT', connection.url, { detail: 'a DESCRIBE without media' });
    }
    const given = header(response.headers, 'content-base') ?? header(response.headers, 'content-location');
    return {
      description,
      base: given === undefined || given === '' ? asked : onReachedHost(given, asked),
      methods: methodsOf(options),
      server: header(response.headers, 'server') ?? header(options.headers, 'server'),
    };
  }
};

const methodsOf = (options: RtspResponse): ReadonlySet<string> =>
  new Set(
    (options.headers.get('public') ?? [])
      .flatMap((line) => line.split(/[\s,]+/))
      .map((method) => method.toUpperCase())
      .filter((method) => method !== ''),
  );

/** Only the path may change: a camera must not send us, with the password, to another machine. */
const redirected = (connection: RtspConnection, asked: StreamUrl, location: string): StreamUrl => {
  const host = namedHost(location);
  if (host !== undefined && host !== asked.host.toLowerCase() && host !== connection.remoteAddress) {
    throw cameraError('SW_CAM_PROTOCOL', connection.url, { detail: `it points to another host, ${excerpt(host)}` });
  }
  return onReachedHost(location, asked);
};

/** The video to read. @throws StillwatchError SW_CAM_NO_VIDEO, SW_CAM_CODEC */
export const videoOf = (connection: RtspConnection, description: SessionDescription): VideoMedia => {
  const choice = chooseVideo(description);
  if (choice.type === 'video') return choice.video;
  throw choice.type === 'unknown-codec'
    ? cameraError('SW_CAM_CODEC', connection.url, { codec: excerpt(choice.codec) })
    : cameraError('SW_CAM_NO_VIDEO', connection.url, { media: excerpt(choice.media.join(', ')) || 'nothing' });
};

/** SETUP over the control connection, or over UDP if the camera has nothing else (461). @throws StillwatchError SW_CAM_* */
export const setUp = async <Media extends Pick<VideoMedia, 'control'>>(
  connection: RtspConnection,
  stream: DescribedStream,
  video: Media,
): Promise<PreparedSession<Media>> => {
  const url = controlUrl(stream.base, video.control);
  const response = await connection.request('SETUP', url, { Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
  if (response.status === UNSUPPORTED_TRANSPORT) return await setUpUdp(connection, stream, video, url);
  if (response.status !== 200) throw statusFailure('SETUP', response, connection.url);
  const transport = header(response.headers, 'transport') ?? '';
  if (/^RTP\/AVP(\/UDP)?(;|$)/i.test(transport) && !/interleaved/i.test(transport)) {
    throw cameraError('SW_CAM_PROTOCOL', connection.url, { detail: `SETUP: transport ${excerpt(transport)}` });
  }
  return prepared(response, stream, video, channelsOf(transport), undefined);
};

const setUpUdp = async <Media>(
  connection: RtspConnection,
  stream: DescribedStream,
  video: Media,
  url: StreamUrl,
): Promise<PreparedSession<Media>> => {
  const camera = connection.remoteAddress;
  if (camera === undefined || connection.url.isTls) {
    // Plain UDP beside an encrypted connection would show the pictures to the whole network.
    throw cameraError('SW_CAM_PROTOCOL', connection.url, { detail: 'it sends video over UDP only' });
  }
  const udp = await UdpPair.open(camera);
  try {
    const response = await connection.request('SETUP', url, {
      Transport: `RTP/AVP;unicast;client_port=${udp.port}-${udp.port + 1}`,
    });
    if (response.status !== 200) throw statusFailure('SETUP', response, connection.url);
    const ports = /server_port\s*=\s*(\d{1,5})(?:\s*-\s*(\d{1,5}))?/i.exec(header(response.headers, 'transport') ?? '');
    const rtp = Number(ports?.[1] ?? 0);
    const rtcp = Number(ports?.[2] ?? rtp + 1);
    if (rtp > 0 && rtp < 0xffff && rtcp > 0 && rtcp <= 0xffff) udp.punch([rtp, rtcp]);
    return prepared(response, stream, video, { rtp: 0, rtcp: 1 }, udp);
  } catch (error) {
    udp[Symbol.dispose]();
    throw error;
  }
};

const prepared = <Media>(
  response: RtspResponse,
  stream: DescribedStream,
  video: Media,
  channels: Channels,
  udp: UdpPair | undefined,
): PreparedSession<Media> => {
  const session = header(response.headers, 'session') ?? '';
  const [id = '', ...parameters] = session.split(';').map((part) => part.trim());
  return {
    video,
    id,
    timeout: sessionTimeout(parameters),
    aggregate: controlUrl(stream.base, stream.description.control),
    keepAlive: stream.methods.has('GET_PARAMETER') ? 'GET_PARAMETER' : 'OPTIONS',
    channels,
    udp,
  };
};

const sessionTimeout = (parameters: readonly string[]): Ms => {
  for (const parameter of parameters) {
    const value = /^timeout\s*=\s*"?(\d{1,6})/i.exec(parameter)?.[1];
    // Some cameras announce 0 and mean none; under 4 s we would do nothing but keep alive.
    if (value !== undefined && Number(value) > 0) return seconds(Math.max(4, Number(value)));
  }
  return DEFAULT_SESSION_TIMEOUT;
};

/** The camera may choose other channels than we proposed; if it names none, it took ours. */
const channelsOf = (transport: string): Channels => {
  const match = /interleaved\s*=\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?/i.exec(transport);
  const rtp = Number(match?.[1] ?? 0) & 0xff;
  return { rtp, rtcp: match?.[2] === undefined ? (rtp + 1) & 0xff : Number(match[2]) & 0xff };
};

export const sessionHeader = (session: Pick<PreparedSession, 'id'>): Readonly<Record<string, string>> =>
  session.id === '' ? {} : { Session: session.id };

/** @throws StillwatchError SW_CAM_* */
export const play = async (
  connection: RtspConnection,
  session: Pick<PreparedSession, 'id' | 'aggregate'>,
): Promise<void> => {
  const headers = { ...sessionHeader(session), Range: 'npt=0.000-' };
  const response = await connection.request('PLAY', session.aggregate, headers);
  if (response.status !== 200) throw statusFailure('PLAY', response, connection.url);
};
