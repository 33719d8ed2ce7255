// What each lever of the economy engine is worth by itself: the same packets, one thing changed, processor time of this process
// (so other work on the machine hardly shows), rounds alternated and the median taken. Tick lengths: bench/rtsp-reading.ts.
// Usage: tsx bench/motion-levers.ts [--streams mix00,mix05] [--rounds 3] [--out file.json]

import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import {
  AV_CODEC_ID_H264,
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_YUV420P,
  SWS_AREA,
  SWS_BILINEAR,
  SWS_FAST_BILINEAR,
  SWS_POINT,
} from 'node-av/constants';
import { CodecContext, Frame, Codec as NativeCodec, SoftwareScaleContext } from 'node-av/lib';
import { avLumaDecoder } from '../src/adapters/av/luma-decoder.ts';
import { lumaPipeline } from '../src/adapters/av/luma-pipeline.ts';
import { lumaPool } from '../src/adapters/av/luma-pool.ts';
import { av } from '../src/adapters/av/native.ts';
import { openVideoFile } from '../src/adapters/av/video-file.ts';
import type { Packet, VideoFormat } from '../src/domain/camera.ts';
import { lumaDetector } from '../src/motion/luma-detector.ts';
import { packetGate } from '../src/motion/packet-gate.ts';
import { LUMA_SIZE } from '../src/motion/plane-layout.ts';
import type { LumaDecoder } from '../src/ports/luma-decoder.ts';
import { paintedScene, seededRandom } from '../src/testing/painted-scene.ts';
import { carefulEngine } from '../src/watch/careful-engine.ts';
import { type CascadeParts, cascadeEngine } from '../src/watch/cascade.ts';
import type { ReplayEngine } from '../src/watch/motion-engine.ts';
import { machine } from './lib/machine.ts';
import { motionStreams } from './lib/motion-streams.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: 'mix00,mix05' },
    rounds: { type: 'string', default: '3' },
    out: { type: 'string' },
  },
});
/** Before it everything is decoded, whatever the lever. */
const WARM_UP_MS = 20_000;

const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** A decoder that is our own but for one option of the library's. */
const decoderWith = (option: string, value: string): LumaDecoder => ({
  open(_, size) {
    const make = () => {
      const codec = NativeCodec.findDecoder(AV_CODEC_ID_H264);
      const context = new CodecContext();
      context.allocContext3(codec);
      context.threadCount = 1;
      context.setOption(option, value);
      if (!codec || context.open2Sync(codec) < 0) throw new Error(`no decoder takes ${option}=${value}`);
      return lumaPipeline(av(), context, size);
    };
    return lumaPool(make).open();
  },
});

const ours = avLumaDecoder();
const cascade = (parts: Partial<CascadeParts>) => (format: VideoFormat) =>
  cascadeEngine({ decoder: ours, random: seededRandom(3), ...parts })(format);
const LEVERS: Readonly<Record<string, (format: VideoFormat) => ReplayEngine>> = {
  economy: cascade({}),
  'without the audit': cascade({ random: () => 1 }),
  'audit of every tenth skipped group': (format) => {
    const random = seededRandom(3);
    // A verdict of 1 to 3 % is taken for one of 10 %.
    return cascadeEngine({ decoder: ours, random: () => (random() < 0.1 ? 0 : 1) })(format);
  },
  'loop filter skipped everywhere': cascade({ decoder: decoderWith('skip_loop_filter', 'all') }),
  'loop filter skipped in pictures nothing refers to': cascade({ decoder: decoderWith('skip_loop_filter', 'noref') }),
  'careful: every picture': (format) => carefulEngine({ decoder: ours })(format),
  'careful, loop filter skipped': (format) =>
    carefulEngine({ decoder: decoderWith('skip_loop_filter', 'all') })(format),
};

interface Row {
  readonly stream: string;
  readonly lever: string;
  /** Processor seconds per second of video after the warm-up, in percent. */
  readonly percent: number;
  readonly decodedShare: number;
}
const rows: Row[] = [];
const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

for (const file of motionStreams(values.streams.split(',')).filter((name) => name.endsWith('_vbr.mp4'))) {
  using video = openVideoFile(file);
  const { format } = video;
  if (!format) throw new Error(`${file} is no camera's codec`);
  const packets: readonly Packet[] = [...video.packets()];
  const seconds = ((packets.at(-1)?.pts ?? 0) - WARM_UP_MS) / 1000;
  const taken = new Map<string, number[]>();
  const shares = new Map<string, number>();
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const [lever, open] of Object.entries(LEVERS)) {
      using engine = open(format);
      let since: NodeJS.CpuUsage | undefined;
      for (const packet of packets) {
        if (packet.pts >= WARM_UP_MS) since ??= process.cpuUsage();
        engine.feed([packet]);
      }
      taken.set(lever, [...(taken.get(lever) ?? []), cpuMs(since) / (10 * seconds)]);
      shares.set(lever, engine.decodedShare);
    }
  }
  for (const lever of Object.keys(LEVERS)) {
    const percent = median(taken.get(lever) ?? []);
    rows.push({ stream: basename(file, '.mp4'), lever, percent, decodedShare: shares.get(lever) ?? 0 });
  }
}
console.log('| stream | lever | % of a core | decoded, with the warm-up |');
console.log('|---|---|---|---|');
for (const { stream, lever, percent, decodedShare } of rows) {
  console.log(`| ${stream} | ${lever} | ${percent.toFixed(3)} | ${(100 * decodedShare).toFixed(0)} % |`);
}

/** Microseconds of processor time of one call. */
const microseconds = (calls: number, call: (index: number) => void): number => {
  for (let index = 0; index < calls / 10; index++) call(index);
  const since = process.cpuUsage();
  for (let index = 0; index < calls; index++) call(index);
  return (1000 * cpuMs(since)) / calls;
};
const parts: Record<string, number> = {};
const planes = [...paintedScene({ seconds: 40 })];
const detector = lumaDetector();
parts['detector, one sample'] = microseconds(planes.length * 5, (index) => {
  const luma = planes[index % planes.length];
  if (luma) detector.fold({ ...luma, pts: (index * 200) as never }, []);
});
const gate = packetGate({ codec: 'h264', parameterSets: new Uint8Array(0), picture: undefined });
const bytes = new Uint8Array(1200);
parts['gate, one packet'] = microseconds(100_000, (index) => {
  gate.fold({ pts: index as never, arrivedAt: 0 as never, isKey: index % 30 === 0, bytes });
});
const frame = (width: number, height: number, format: number): Frame => {
  const made = new Frame();
  made.alloc();
  made.width = width;
  made.height = height;
  made.format = format as never;
  made.getBuffer(32);
  return made;
};
using large = frame(640, 360, AV_PIX_FMT_YUV420P);
using small = frame(LUMA_SIZE.width, LUMA_SIZE.height, AV_PIX_FMT_GRAY8);
for (const [name, flags] of Object.entries({
  'area average': SWS_AREA,
  bilinear: SWS_BILINEAR,
  'fast bilinear': SWS_FAST_BILINEAR,
  'nearest pixel': SWS_POINT,
})) {
  using scaler = new SoftwareScaleContext();
  scaler.getContext(640, 360, AV_PIX_FMT_YUV420P, LUMA_SIZE.width, LUMA_SIZE.height, AV_PIX_FMT_GRAY8, flags);
  parts[`scaling 640 × 360, ${name}`] = microseconds(2_000, () => scaler.scaleFrameSync(small, large));
}
console.log('\n| part | µs of processor time |\n|---|---|');
for (const [part, time] of Object.entries(parts)) console.log(`| ${part} | ${time.toFixed(1)} |`);
if (values.out) writeFileSync(values.out, `${JSON.stringify({ machine: machine(), rows, parts }, undefined, 2)}\n`);
