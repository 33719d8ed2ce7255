// Recall, false triggers, latency and decoded share of both engines over the labelled streams of ../shared/clips/compose.py,
// live conditions: nothing known beforehand, 20 s of warm-up, packets one by one.
// Usage: tsx bench/motion-accuracy.ts [--streams table,lot,…] [--modes careful,economy] [--out file.json]

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { openVideoFile } from '../src/adapters/av/video-file.ts';
import { carefulEngine } from '../src/watch/careful-engine.ts';
import { cascadeEngine } from '../src/watch/cascade.ts';
import { machine } from './lib/machine.ts';
import { motionStreams } from './lib/motion-streams.ts';

const NAMES = 'table,lot,bottles,street,animals,plaza10,foliage,windlight,sprites';
const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: NAMES },
    modes: { type: 'string', default: 'careful,economy' },
    out: { type: 'string' },
  },
});

type Label = readonly [from: number, to: number, kind: 'm' | 's' | 'n' | 'd' | 'l' | 'x'];
interface Truth {
  readonly duration: number;
  readonly labels: readonly Label[];
}
const WARM_UP_S = 20;
/** Labels are good to 0.2 s; a trigger up to a second late still belongs to its episode. */
const EARLY_S = 0.3;
const LATE_S = 1;
/** Motion nearer than this is one trigger. */
const ONE_TRIGGER_S = 3;

const truthOf = (file: string): Truth => {
  const path = file.replace(/_(vbr|cbr|hevc)\.mp4$/, '.json');
  if (!existsSync(path)) throw new Error(`no labels beside ${basename(file)}`);
  return JSON.parse(readFileSync(path, 'utf8')) as Truth;
};

interface Score {
  episodes: number;
  found: number;
  falses: number;
  light: number;
  nuisance: number;
  calm: number;
  decoded: number;
  duration: number;
  readonly latencies: number[];
  readonly starts: number[];
  readonly missed: string[];
}
const noScore = (): Score => ({
  episodes: 0,
  found: 0,
  falses: 0,
  light: 0,
  nuisance: 0,
  calm: 0,
  decoded: 0,
  duration: 0,
  latencies: [],
  starts: [],
  missed: [],
});

const episodesOf = (labels: readonly Label[]): readonly (readonly [number, number])[] => {
  const merged: [number, number][] = [];
  for (const [from, to, kind] of labels.toSorted((a, b) => a[0] - b[0])) {
    if (kind !== 'm' || from < WARM_UP_S) continue;
    const last = merged.at(-1);
    if (last && from <= last[1] + 0.01) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
};

const scoreFile = (file: string, mode: 'economy' | 'careful', score: Score): void => {
  const { labels, duration } = truthOf(file);
  using video = openVideoFile(file);
  if (!video.format) throw new Error(`${basename(file)} is no camera's codec`);
  using engine = (mode === 'economy' ? cascadeEngine : carefulEngine)({ decoder: video.decoder })(video.format);
  const motion: { readonly at: number; readonly said: number }[] = [];
  for (const packet of video.packets()) {
    for (const reading of engine.feed([packet])) {
      if (reading.isMotion) motion.push({ at: reading.pts / 1000, said: packet.pts / 1000 });
    }
  }
  const isIn = (at: number, kinds: string, late: number): boolean =>
    labels.some(([from, to, kind]) => kinds.includes(kind) && at >= from - EARLY_S && at <= to + late);
  for (const [from, to] of episodesOf(labels)) {
    const hits = motion.filter(({ at }) => at >= from - EARLY_S && at <= to + LATE_S);
    score.episodes += 1;
    const [first] = hits;
    if (!first) {
      score.missed.push(`${basename(file)} ${from} s`);
      continue;
    }
    score.found += 1;
    score.starts.push(first.at - from);
    score.latencies.push(first.said - from);
  }
  const triggers: number[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of motion) {
    if (at - last > ONE_TRIGGER_S) triggers.push([]);
    triggers.at(-1)?.push(at);
    last = at;
  }
  for (const trigger of triggers) {
    if (trigger.some((at) => isIn(at, 'ms', LATE_S))) continue;
    if (trigger.some((at) => isIn(at, 'n', LATE_S))) score.nuisance += 1;
    // The seam between a frozen picture and live noise is the composer's, not a camera's.
    else if (!trigger.some((at) => isIn(at, 'x', 0))) {
      score.falses += 1;
      if (trigger.some((at) => isIn(at, 'l', 0))) score.light += 1;
    }
  }
  for (let at = WARM_UP_S; at < duration; at += 0.2) if (!isIn(at, 'msnx', LATE_S)) score.calm += 0.2;
  score.decoded += engine.decodedShare * duration;
  score.duration += duration;
};

const quantile = (numbers: readonly number[], share: number): string =>
  (numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? 0).toFixed(2);

const scores = new Map<string, Score>();
const files = motionStreams(values.streams.split(','));
for (const mode of (['careful', 'economy'] as const).filter((name) => values.modes.split(',').includes(name))) {
  for (const file of files) {
    const scene = basename(file).startsWith('sprites') ? 'drawn objects' : 'real scenes';
    const key = `${mode} | ${scene} | ${file.includes('_cbr') ? 'CBR' : 'VBR'}`;
    const score = scores.get(key) ?? noScore();
    scores.set(key, score);
    scoreFile(file, mode, score);
  }
}
console.log(
  '| mode | streams | rate | found | false /h calm | light steps hit | nuisance | start error p50 / p90 | latency p50 / p90 | decoded |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|');
for (const [key, score] of scores) {
  const figures = [
    `${score.found}/${score.episodes}`,
    `${((3600 * score.falses) / score.calm).toFixed(1)} (of ${(score.calm / 60).toFixed(0)} min)`,
    score.light,
    score.nuisance,
    `${quantile(score.starts, 0.5)} / ${quantile(score.starts, 0.9)} s`,
    `${quantile(score.latencies, 0.5)} / ${quantile(score.latencies, 0.9)} s`,
    `${((100 * score.decoded) / score.duration).toFixed(0)} %`,
  ];
  console.log(`| ${key} | ${figures.join(' | ')} |`);
}
const missed = [...scores].flatMap(([key, score]) => score.missed.map((what) => `${key}: ${what}`));
if (missed.length > 0) console.log(`\nMissed:\n${missed.join('\n')}`);
if (values.out) {
  const rows = [...scores].map(([key, { latencies, starts, ...score }]) => ({
    key,
    ...score,
    latencyP50: Number(quantile(latencies, 0.5)),
    latencyP90: Number(quantile(latencies, 0.9)),
    startErrorP50: Number(quantile(starts, 0.5)),
  }));
  writeFileSync(values.out, `${JSON.stringify({ machine: machine(), rows }, undefined, 2)}\n`);
}
