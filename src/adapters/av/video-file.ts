// A recorded video as the packets a live engine takes. H.264 and H.265 come out in Annex B form like a camera's; any other
// codec goes through its own decoder, opened by `decoder`.

import type { BitStreamFilterContext, CodecContext, FormatContext, Stream } from 'node-av/lib';
import type { Codec, Packet, VideoFormat } from '../../domain/camera.ts';
import { StillwatchError } from '../../domain/errors.ts';
import { type Ms, monoMs, ms } from '../../domain/units.ts';
import type { LumaDecoder } from '../../ports/luma-decoder.ts';
import { openBitStreamFilter } from './bit-stream-filter.ts';
import { lumaPipeline } from './luma-pipeline.ts';
import { lumaPool } from './luma-pool.ts';
import { type Av, av } from './native.ts';
import { presentationTimes } from './presentation-times.ts';
import { openVideoDecoder } from './video-decoder.ts';

export interface VideoFile extends Disposable {
  /** undefined when the codec is not one that cameras stream: only `decoder` can read it. */
  readonly format: VideoFormat | undefined;
  /** Name of the codec, for messages. */
  readonly codec: string;
  /** What the container claims; undefined when it does not know. */
  readonly duration: Ms | undefined;
  /** Decodes this file's packets, whatever the codec. */
  readonly decoder: LumaDecoder;
  /** Packets in decoding order from the beginning; may be called again. Their `arrivedAt` is their presentation time. */
  packets(): Generator<Packet, void>;
}

const FILTERS: Readonly<Record<Codec, string>> = { h264: 'h264_mp4toannexb', h265: 'hevc_mp4toannexb' };

const unreadable = (path: string, detail: string, cause?: unknown): StillwatchError =>
  new StillwatchError('SW_FILE_UNREADABLE', { file: path, detail }, { cause });

const openFormat = (lib: Av, path: string): FormatContext => {
  const context = new lib.FormatContext();
  const opened = context.openInputSync(path);
  if (opened < 0) throw unreadable(path, lib.FFmpegError.strerror(opened));
  const probed = context.findStreamInfoSync();
  if (probed >= 0) return context;
  context.closeInputSync();
  throw unreadable(path, lib.FFmpegError.strerror(probed));
};

/** Reads packets of one stream, each through the filter if there is one. Yields the library's packet, reused. */
const demux = function* (
  lib: Av,
  context: FormatContext,
  index: number,
  filter: BitStreamFilterContext | undefined,
): Generator<InstanceType<Av['Packet']>, void> {
  using packet = new lib.Packet();
  packet.alloc();
  while (context.readFrameSync(packet) >= 0) {
    if (packet.streamIndex !== index) {
      packet.unref();
      continue;
    }
    if (!filter) {
      yield packet;
      packet.unref();
      continue;
    }
    if (filter.sendPacketSync(packet) < 0) packet.unref();
    while (filter.receivePacketSync(packet) >= 0) {
      yield packet;
      packet.unref();
    }
  }
};

/** @throws StillwatchError SW_FILE_UNREADABLE, SW_DECODER_MISSING */
export const openVideoFile = (path: string): VideoFile => {
  const lib = av();
  let context = openFormat(lib, path);
  let isFresh = true;
  const index = context.findBestStream(lib.AVMEDIA_TYPE_VIDEO);
  const stream = index < 0 ? undefined : context.streams[index];
  if (!stream) {
    context.closeInputSync();
    throw unreadable(path, 'there is no video in it');
  }
  const { codecpar } = stream;
  const codec: Codec | undefined =
    codecpar.codecId === lib.AV_CODEC_ID_H264 ? 'h264' : codecpar.codecId === lib.AV_CODEC_ID_HEVC ? 'h265' : undefined;
  const timeBase = stream.timeBase.toDouble() * 1000;
  const noTime = lib.AV_NOPTS_VALUE;
  const duration = context.duration > 0n ? ms(Number(context.duration) / 1000) : undefined;

  const format: VideoFormat | undefined = codec && {
    codec,
    parameterSets: new Uint8Array(0),
    picture: { width: codecpar.width, height: codecpar.height },
  };
  /** Of the file as it is open now: the library frees a closed one's. */
  const streamNow = (): Stream => context.streams[index] ?? stream;
  const openOther = (): CodecContext => {
    const { codecpar } = streamNow();
    const found = lib.Codec.findDecoder(codecpar.codecId);
    const decoding = new lib.CodecContext();
    decoding.allocContext3(found);
    codecpar.toContext(decoding);
    decoding.threadCount = 1;
    if (found && decoding.open2Sync(found) >= 0) return decoding;
    decoding.freeContext();
    throw unreadable(path, 'its codec is not known here');
  };

  return {
    codec: lib.Codec.findDecoder(codecpar.codecId)?.name ?? 'unknown',
    duration,
    format,
    decoder: {
      open: (_, size) =>
        lumaPool(() => lumaPipeline(lib, format ? openVideoDecoder(lib, format) : openOther(), size)).open(),
    },
    *packets() {
      // Opened anew, not wound back: a bare stream of pictures, or a file without an index, cannot be.
      if (!isFresh) {
        context.closeInputSync();
        context = openFormat(lib, path);
      }
      isFresh = false;
      const opened = streamNow();
      const filter = codec && openBitStreamFilter(lib, FILTERS[codec], opened);
      const times = presentationTimes({ fps: opened.avgFrameRate.toDouble() || opened.rFrameRate.toDouble() });
      try {
        for (const packet of demux(lib, context, index, filter)) {
          const pts = packet.pts === noTime ? undefined : Number(packet.pts) * timeBase;
          const dts = packet.dts === noTime ? undefined : Number(packet.dts) * timeBase;
          const at = times.next(pts, dts);
          const bytes = Uint8Array.from(packet.data ?? []);
          yield { pts: at, arrivedAt: monoMs(at), isKey: packet.isKeyframe, bytes };
        }
      } finally {
        filter?.free();
      }
    },
    [Symbol.dispose]() {
      context.closeInputSync();
    },
  };
};
