// The decoder library's own RTSP client, for cameras that ours cannot follow: multicast, interleaved packetization, dialects.
// Native code that a camera feeds, and that blocks a thread while it waits: only ever run in a process of its own.

import type { FormatContext, Stream } from 'node-av/lib';
import type { Codec, Packet, VideoFormat } from '../../domain/camera.ts';
import { StillwatchError, type StillwatchErrorCode } from '../../domain/errors.ts';
import { ms } from '../../domain/units.ts';
import { openBitStreamFilter } from './bit-stream-filter.ts';
import { type Av, av } from './native.ts';

export interface RtspDemux {
  readonly format: VideoFormat;
  /** Packets in decoding order, from the first key frame on, without `arrivedAt`. Ends only by throwing. */
  packets(): AsyncGenerator<Omit<Packet, 'arrivedAt'>, void>;
  /** Ends the session at the camera. Not while a packet is waited for. */
  close(): Promise<void>;
}

/** Any wait for the camera. The same as our own client's, in the library's microseconds. */
const TIMEOUT_US = 5_000_000;
/** How long the stream is read to learn what it is: a key frame must fall into it. */
const ANALYSE_US = 3_000_000;

const OPTIONS: Readonly<Record<string, string | number>> = {
  rtsp_flags: 'prefer_tcp',
  allowed_media_types: 'video',
  timeout: TIMEOUT_US,
  analyzeduration: ANALYSE_US,
  // A camera may redirect: never to a file, a pipe or a web address.
  protocol_whitelist: 'rtsp,rtsps,rtp,srtp,udp,tcp,tls',
};

const codeOf = (lib: Av, status: number): StillwatchErrorCode => {
  switch (status) {
    case lib.AVERROR_HTTP_UNAUTHORIZED:
    case lib.AVERROR_HTTP_FORBIDDEN:
      return 'SW_CAM_AUTH';
    case lib.AVERROR_HTTP_NOT_FOUND:
      return 'SW_CAM_NO_PATH';
    case lib.AVERROR_HTTP_SERVER_ERROR:
      return 'SW_CAM_BUSY';
    default:
      break;
  }
  // What the system says has another number on each system, but one text.
  const text = lib.FFmpegError.strerror(status).toLowerCase();
  if (text.includes('refused')) return 'SW_CAM_PORT_CLOSED';
  if (text.includes('timed out')) return 'SW_CAM_SILENT';
  return /unreachable|no route/.test(text) ? 'SW_CAM_UNREACHABLE' : 'SW_CAM_PROTOCOL';
};

const failure = (lib: Av, status: number): StillwatchError =>
  new StillwatchError(codeOf(lib, status), { detail: lib.FFmpegError.strerror(status), seconds: TIMEOUT_US / 1e6 });

const videoOf = (lib: Av, context: FormatContext): { readonly stream: Stream; readonly codec: Codec } => {
  const stream = context.streams[context.findBestStream(lib.AVMEDIA_TYPE_VIDEO)];
  if (!stream) throw new StillwatchError('SW_CAM_NO_VIDEO', { path: 'of the camera', media: 'other media' });
  if (stream.codecpar.codecId === lib.AV_CODEC_ID_H264) return { stream, codec: 'h264' };
  if (stream.codecpar.codecId === lib.AV_CODEC_ID_HEVC) return { stream, codec: 'h265' };
  const codec = lib.Codec.findDecoder(stream.codecpar.codecId)?.name ?? 'unknown';
  throw new StillwatchError('SW_CAM_CODEC', { codec });
};

/** @param url with the credentials in it: it never leaves this process. @throws StillwatchError SW_CAM_*, SW_DECODER_MISSING */
export const openRtspDemux = async (url: string): Promise<RtspDemux> => {
  const lib = av();
  const context = new lib.FormatContext();
  const opened = await context.openInput(url, null, lib.Dictionary.fromObject(OPTIONS));
  if (opened < 0) throw failure(lib, opened);
  try {
    const probed = await context.findStreamInfo(null);
    if (probed < 0) throw failure(lib, probed);
    const { stream, codec } = videoOf(lib, context);
    const { width, height, extradata } = stream.codecpar;
    const format: VideoFormat = {
      codec,
      parameterSets: Uint8Array.from(extradata ?? []),
      picture: width > 0 && height > 0 ? { width, height } : undefined,
    };
    // Puts the SDP's parameter sets in front of key frames that come without.
    const filter = openBitStreamFilter(lib, 'dump_extra', stream);
    const tick = stream.timeBase.toDouble() * 1000;

    const read = async function* (): AsyncGenerator<Omit<Packet, 'arrivedAt'>, void> {
      using packet = new lib.Packet();
      packet.alloc();
      let first: bigint | undefined;
      let pts = 0;
      let hasKey = false;
      for (;;) {
        const status = await context.readFrame(packet);
        if (status === lib.AVERROR_EOF)
          throw new StillwatchError('SW_CAM_LOST', { detail: 'the camera ended the stream' });
        if (status < 0) throw failure(lib, status);
        if (packet.streamIndex !== stream.index || filter.sendPacketSync(packet) < 0) {
          packet.unref();
          continue;
        }
        while (filter.receivePacketSync(packet) >= 0) {
          hasKey ||= packet.isKeyframe;
          if (hasKey) {
            const at = packet.pts === lib.AV_NOPTS_VALUE ? packet.dts : packet.pts;
            first ??= at;
            // Without any time of its own a packet keeps that of the one before.
            if (at !== lib.AV_NOPTS_VALUE) pts = Number(at - first) * tick;
            yield { pts: ms(pts), isKey: packet.isKeyframe, bytes: Uint8Array.from(packet.data ?? []) };
          }
          packet.unref();
        }
      }
    };
    return {
      format,
      packets: read,
      close: async () => {
        filter.free();
        await context.closeInput();
      },
    };
  } catch (error) {
    await context.closeInput();
    throw error;
  }
};
