// Hostile cameras by the million: every parser of the RTSP client fed with damaged streams, in one process.
// Usage: tsx bench/rtsp-fuzz.ts [millions of inputs, default 1] [seed]. Prints a table; exits 1 on a crash, a hang or growth.

import { AccessUnitAssembler } from '../src/adapters/rtsp/access-unit.ts';
import { parseChallenges, strongest } from '../src/adapters/rtsp/authorization.ts';
import { chooseVideo } from '../src/adapters/rtsp/media-choice.ts';
import { RtspParser } from '../src/adapters/rtsp/message.ts';
import { ParameterSets, readSequenceParameters } from '../src/adapters/rtsp/parameter-sets.ts';
import { ProtocolViolation } from '../src/adapters/rtsp/protocol-violation.ts';
import { Reception } from '../src/adapters/rtsp/reception.ts';
import { parseSessionDescription } from '../src/adapters/rtsp/session-description.ts';
import { controlUrl, namedHost, parseStreamUrl } from '../src/adapters/rtsp/stream-url.ts';
import type { Codec } from '../src/domain/camera.ts';
import { monoMs } from '../src/domain/units.ts';
import { aggregate, fragments, interleaved, rtpPacket } from '../src/testing/rtp-packetizer.ts';
import { collect } from './lib/collect.ts';
import { randomFrom } from './lib/fuzz.ts';

const millions = Number(process.argv[2] ?? 1);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
/** One input that needs more processor time than this is a hang; compilation and garbage collection stay far below. */
const HANG_MS = 1000;
/** Heap and buffers after the warm-up may grow by this much; a leak of 32 bytes an input would show at a million. */
const GROWTH_MB = 24;

const random = randomFrom(seed);
const pick = <T>(list: readonly [T, ...T[]]): T => list[random(list.length)] ?? list[0];

const sets: Readonly<Record<Codec, readonly Uint8Array[]>> = {
  h264: ['Z0LAHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA==', 'aMuDyyA='].map((set) => Buffer.from(set, 'base64')),
  h265: [
    'QAEMAf//AWAAAAMAkAAAAwAAAwA/laCA',
    'QgEBAWAAAAMAkAAAAwAAAwA/oAUCAWlllZpJMrwFoCAAAAMAIAAAAwMh',
    'RAHBcoYMRiQ=',
  ].map((set) => Buffer.from(set, 'base64')),
};
const SDP = Buffer.from(
  `v=0\r\nm=video 0 RTP/AVP 96\r\na=control:track1\r\na=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z0LAHtkAoC/5cBEAAAMAAQAAAwAyDxYuSA==,aMuDyyA=\r\na=framerate:15\r\nm=audio 0 RTP/AVP 8\r\n`,
);
const RESPONSES = [
  'RTSP/1.0 200 OK\r\nCSeq: 2\r\nPublic: OPTIONS, DESCRIBE\r\nContent-Length: 4\r\n\r\nv=0\n',
  'RTSP/1.0 401 Unauthorized\r\nCSeq: 3\r\nWWW-Authenticate: Digest realm="a", nonce="b", qop="auth"\r\n\r\n',
  'OPTIONS rtsp://cam/x RTSP/1.0\r\nCSeq: 9\r\n\r\n',
].map((text) => Buffer.from(text));
const CHALLENGE = Buffer.from(
  'Digest realm="cam", nonce="0123", algorithm=SHA-256, qop="auth,auth-int", Basic realm="x"',
);
const CONTROL = Buffer.from('rtsp://10.0.0.5:554/stream1/trackID=1?x=y');

/** Flips, cuts, doubles or overwrites a few places; now and then nothing, so that deep states are reached. */
const damaged = (bytes: Uint8Array): Buffer => {
  const copy = Buffer.from(bytes);
  for (let i = random(4); i > 0 && copy.length > 0; i--) {
    const at = random(copy.length);
    const how = random(5);
    if (how === 0) copy[at] = random(256);
    else if (how === 1) copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
    else if (how === 2) copy.fill(pick([0, 0xff, 0x24, 0x0a]), at, Math.min(copy.length, at + random(16)));
    else if (how === 3) return copy.subarray(0, at);
    else return Buffer.concat([copy.subarray(0, at), copy.subarray(random(copy.length))]);
  }
  return copy;
};

const randomBytes = (most: number): Buffer => {
  const bytes = Buffer.allocUnsafe(random(most) + 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = random(256);
  return bytes;
};

const payload = (codec: Codec): Uint8Array => {
  const slice = Uint8Array.from([
    ...(codec === 'h264' ? [pick([0x65, 0x41])] : [pick([38, 2]), 1]),
    0x88,
    ...randomBytes(60),
  ]);
  const kind = random(5);
  if (kind === 0) return aggregate(codec, sets[codec]);
  if (kind === 1) return pick(fragments(codec, slice, 1 + random(30)) as [Uint8Array, ...Uint8Array[]]);
  return kind === 2 ? randomBytes(80) : slice;
};

/** A connection that lives for a while: state after damage is what breaks parsers. */
const connection = (codec: Codec): { readonly parser: RtspParser; left: number } => {
  const known = new ParameterSets(codec);
  const assembler = new AccessUnitAssembler(codec, known, () => void delivered++);
  const reception = new Reception(96, 1, random(2) === 0, {
    packet: (packet) => assembler.push(packet),
    gap: () => assembler.gap(),
  });
  let now = 0;
  const parser = new RtspParser({
    message: () => undefined,
    frame: (channel, bytes, start, end) => {
      now += random(40);
      const own = Buffer.from(bytes.subarray(start, end));
      if (channel === 0) reception.takeRtp(own, 0, own.length, monoMs(now));
      else reception.takeRtcp(own, 0, own.length, monoMs(now));
    },
  });
  return { parser, left: 50 + random(400) };
};

/** Pictures that came through: inputs that are all refused at the door would prove little. */
let delivered = 0;
let sequence = 0;
let timestamp = 0;
let codec: Codec = 'h264';
let current = connection(codec);

const stream = (): void => {
  if (current.left-- <= 0) {
    codec = pick(['h264', 'h265']);
    current = connection(codec);
  }
  sequence += random(20) === 0 ? random(5) : 1;
  if (random(3) === 0) timestamp += 6000;
  const packet = rtpPacket({ sequence, timestamp, isMarked: random(3) === 0 }, payload(codec));
  const unit =
    random(30) === 0
      ? pick(RESPONSES as [Buffer, ...Buffer[]])
      : interleaved(random(8) === 0 ? 1 : 0, random(4) === 0 ? damaged(packet) : packet);
  const chunk = random(12) === 0 ? damaged(unit) : unit;
  try {
    const cut = random(chunk.length + 1);
    current.parser.push(chunk.subarray(0, cut));
    current.parser.push(chunk.subarray(cut));
  } catch (error) {
    if (!(error instanceof ProtocolViolation)) throw error;
    current = connection(codec);
  }
};

const targets: Readonly<Record<string, () => void>> = {
  'stream (messages, RTP, units)': stream,
  'session description': () => {
    chooseVideo(parseSessionDescription(damaged(SDP).toString('latin1')));
  },
  'long lines': () => {
    // What makes a careless regular expression take quadratic time: one character, as often as a body or a line may hold it.
    const fill = pick([' ', '\n', '\t', 'a', '=', ':', ';', ',', '"', '\\', '/', '1', 'a ', '= ', ': ']);
    const around: [string, string] = [
      pick(['', 'v=', 'a=', 'a=fmtp:96 ', 'm=video ', 'rtsp://', 'Digest realm="']),
      pick(['', 'x', '=']),
    ];
    const text = (most: number): string => around.join(fill.repeat(most / fill.length));
    chooseVideo(parseSessionDescription(text(60_000)));
    /^[ \t]*v[ \t]*=/m.test(text(60_000));
    strongest(parseChallenges([text(4000)]));
    namedHost(text(4000));
    parseStreamUrl(text(4000));
    try {
      current.parser.push(Buffer.from(`RTSP/1.0 ${text(4000)}\r\n\r\n`));
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      current = connection(codec);
    }
  },
  'sequence parameters': () => {
    const of = pick<Codec>(['h264', 'h265']);
    readSequenceParameters(of, damaged(sets[of][of === 'h264' ? 0 : 1] ?? new Uint8Array()));
  },
  challenge: () => {
    strongest(parseChallenges([damaged(CHALLENGE).toString('latin1')]));
  },
  'control URL': () => {
    const text = damaged(CONTROL).toString('latin1');
    controlUrl({ isTls: false, host: 'cam', port: 554, path: '/x' }, text);
    namedHost(text);
    parseStreamUrl(text);
  },
};
// The stream is where the state is, so it gets most inputs.
const SHARES: readonly [name: string, permille: number][] = [
  ['stream (messages, RTP, units)', 799],
  ['session description', 50],
  ['long lines', 1],
  ['sequence parameters', 70],
  ['challenge', 40],
  ['control URL', 40],
];

const memory = (): number => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
};

/** Processor time, not the wall's: a busy machine is no hang. */
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const total = Math.round(millions * 1e6);
const rows = new Map(SHARES.map(([name]) => [name, { inputs: 0, longest: 0 }]));
const started = performance.now();
let before = 0;
let peak = 0;
console.log(`seed ${seed}, ${total} inputs`);
for (let i = 0; i < total; i++) {
  if (i === Math.min(200_000, Math.floor(total / 5))) before = memory();
  if (i % 500_000 === 499_999) peak = Math.max(peak, memory());
  let at = random(1000);
  const [name] = SHARES.find(([, permille]) => (at -= permille) < 0) ?? SHARES[0] ?? [''];
  const row = rows.get(name);
  const target = targets[name];
  if (!row || !target) throw new Error(`no target ${name}`);
  const from = cpu();
  target();
  row.longest = Math.max(row.longest, cpu() - from);
  row.inputs++;
}
const after = memory();
const seconds = (performance.now() - started) / 1000;
const longest = Math.max(...[...rows.values()].map((row) => row.longest));
console.table(
  [...rows].map(([target, { inputs, longest: ms }]) => ({ target, inputs, 'longest ms': Math.round(ms * 10) / 10 })),
);
console.log(
  `${total} inputs in ${seconds.toFixed(1)} s, 0 crashes, ${delivered} pictures came through, longest ${longest.toFixed(1)} ms, ` +
    `memory ${before.toFixed(1)} → ${after.toFixed(1)} MB (highest ${Math.max(peak, after).toFixed(1)})`,
);
if (longest > HANG_MS || Math.max(peak, after) - before > GROWTH_MB) {
  console.error('FAILED: a hang, or memory that grows');
  process.exitCode = 1;
}
