// Leaves, insects and flickering light: how many photos an owner would get of nothing, from us and from Debian's motion, on the
// same streams. motion reads them from GStreamer's server in real time; ours live conditions, nothing known beforehand.
// Usage: tsx bench/motion-nuisance.ts [--streams foliage,windlight] [--calm 10] [--out file.json]

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openVideoFile } from '../src/adapters/av/video-file.ts';
import { ms } from '../src/domain/units.ts';
import { carefulEngine } from '../src/watch/careful-engine.ts';
import { cascadeEngine } from '../src/watch/cascade.ts';
import { type Replay, replay } from '../src/watch/replay.ts';
import { gstServer } from '../test/support/gst-server.ts';
import { machine } from './lib/machine.ts';
import { motionStreams } from './lib/motion-streams.ts';

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: 'foliage,windlight' },
    calm: { type: 'string', default: '10' },
    out: { type: 'string' },
  },
});
const calmSeconds = Number(values.calm);
/** Our warm-up, in which we say nothing; what motion saves in it is not held against it either. */
const WARM_UP_S = 20;
/** Labels are good to 0.2 s, and a trigger may come a second late. */
const LATE_S = 1;
/** As in the program's settings. */
const LONGEST_EPISODE = ms(300_000);

interface Row {
  readonly stream: string;
  readonly subject: 'economy' | 'careful' | 'motion';
  /** Events with at least one photo: one photo each when a program saves the first or the best of an event. */
  readonly events: number;
  /** Of those, events in which nothing happened: no label of motion meets them. */
  readonly empty: number;
  /** What `picture_output on` saves: every picture with motion. */
  readonly pictures: number | undefined;
  readonly found: string;
  readonly hours: number;
}

type Label = readonly [from: number, to: number, kind: string];
const truthOf = (file: string): { readonly labels: readonly Label[]; readonly duration: number } =>
  JSON.parse(readFileSync(file.replace(/_(vbr|cbr)\.mp4$/, '.json'), 'utf8')) as never;

const files = motionStreams(values.streams.split(','));
const rows: Row[] = [];

/** @param ranges when an event lasted, in seconds of the stream */
const judged = (
  file: string,
  ranges: readonly (readonly [number, number])[],
): Pick<Row, 'events' | 'empty' | 'found'> => {
  const real = truthOf(file).labels.filter(([from, , kind]) => kind === 'm' && from >= WARM_UP_S);
  const isOf = (range: readonly [number, number], [from, to]: Label): boolean =>
    range[0] <= to + LATE_S && range[1] >= from;
  const found = real.filter((label) => ranges.some((range) => isOf(range, label)));
  const empty = ranges.filter((range) => !real.some((label) => isOf(range, label)));
  return { events: ranges.length, empty: empty.length, found: `${found.length}/${real.length}` };
};

const ours = async (file: string, subject: 'economy' | 'careful'): Promise<Replay> => {
  using video = openVideoFile(file);
  if (!video.format) throw new Error(`${basename(file)} is no camera's codec`);
  using engine = (subject === 'economy' ? cascadeEngine : carefulEngine)({ decoder: video.decoder })(video.format);
  return await replay(video.packets(), engine, { calmPeriod: ms(calmSeconds * 1000), longestEpisode: LONGEST_EPISODE });
};

for (const file of files) {
  const hours = (truthOf(file).duration - WARM_UP_S) / 3600;
  for (const subject of ['economy', 'careful'] as const) {
    const { episodes } = await ours(file, subject);
    const ranges = episodes.map(({ start, lastMotion }) => [start / 1000, lastMotion / 1000] as const);
    const stream = basename(file, '.mp4');
    rows.push({ stream, subject, ...judged(file, ranges), pictures: undefined, hours });
  }
}

const cache = resolve('.cache/bench');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'nuisance-'));
const mounts = Object.fromEntries(
  files.map((file, index) => [
    `s${index}`,
    `( filesrc location=${file} ! qtdemux ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=-1 )`,
  ]),
);
await using server = await gstServer({ mounts });
const list = files.map((_, index) => {
  const target = join(folder, `s${index}`);
  mkdirSync(target);
  const own = [
    `camera_id ${index + 1}`,
    `netcam_url rtsp://127.0.0.1:${server.port}/s${index}`,
    'netcam_use_tcp on',
    'width 640',
    'height 360',
    'framerate 15',
    // One second apart at most, or a leaf fills the disk; %v is the event's number.
    'picture_output on',
    'picture_filename %v-%s-%q',
    `event_gap ${calmSeconds}`,
    `target_dir ${target}`,
  ];
  writeFileSync(join(folder, `camera${index}.conf`), `${own.join('\n')}\n`);
  return `camera ${join(folder, `camera${index}.conf`)}\n`;
});
const common = 'daemon off\nlog_level 3\nwebcontrol_port 0\nstream_port 0\nmovie_output off\n';
writeFileSync(join(folder, 'motion.conf'), `${common}target_dir ${folder}\n${list.join('')}`);
const longest = Math.max(...files.map((file) => truthOf(file).duration));
const startedAt = Date.now();
const peer = spawn('motion', ['-n', '-c', join(folder, 'motion.conf')], { stdio: 'ignore' });
await wait((longest + 5) * 1000);
peer.kill('SIGTERM');
if (peer.exitCode === null && peer.signalCode === null) await once(peer, 'exit');

for (const [index, file] of files.entries()) {
  const { duration } = truthOf(file);
  const events = new Map<string, [number, number]>();
  let pictures = 0;
  for (const name of readdirSync(join(folder, `s${index}`))) {
    const [event = '', second = '0'] = name.split('-');
    // The stream begins when motion has connected, within a second of its start.
    const at = Number(second) - startedAt / 1000;
    if (at < WARM_UP_S || at > duration) continue;
    pictures += 1;
    const range = events.get(event) ?? [at, at];
    events.set(event, [Math.min(range[0], at), Math.max(range[1], at)]);
  }
  const hours = (duration - WARM_UP_S) / 3600;
  rows.push({
    stream: basename(file, '.mp4'),
    subject: 'motion',
    ...judged(file, [...events.values()]),
    pictures,
    hours,
  });
}
rmSync(folder, { recursive: true, force: true });

console.log(
  '| stream | what | events /h | of nothing /h | photos /h, each picture with motion | real happenings found |',
);
console.log('|---|---|---|---|---|---|');
for (const { stream, subject, events, empty, pictures, found, hours } of rows) {
  const each = pictures === undefined ? '–' : (pictures / hours).toFixed(0);
  console.log(
    `| ${stream} | ${subject} | ${(events / hours).toFixed(0)} | ${(empty / hours).toFixed(0)} | ${each} | ${found} |`,
  );
}
for (const subject of ['economy', 'careful', 'motion'] as const) {
  const own = rows.filter((row) => row.subject === subject);
  const hours = own.reduce((sum, row) => sum + row.hours, 0);
  const perHour = (of: (row: Row) => number): string => (own.reduce((sum, row) => sum + of(row), 0) / hours).toFixed(0);
  console.log(
    `${subject}: ${perHour((row) => row.events)} events /h, ${perHour((row) => row.empty)} of nothing, ${perHour((row) => row.pictures ?? 0)} pictures /h`,
  );
}
if (values.out) writeFileSync(values.out, `${JSON.stringify({ machine: machine(), rows }, undefined, 2)}\n`);
