// `stillwatch analyse` over the labelled clips as other cameras would have sent them: other codecs, sizes, frame rates, groups of
// pictures, quality, interlaced, turned, with a calm beginning or none. Prints what was found and what was seen that is not there.
// Usage: tsx bench/motion-clips.ts [--clips car,person] [--variants plain,hevc] [--modes careful,economy] [--out file.json]

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { analyseFile, type Mode } from '../src/cli/commands/analyse.ts';
import { ms } from '../src/domain/units.ts';
import { machine } from './lib/machine.ts';

const SHARED = resolve('../shared/clips');
const CACHE = resolve('.cache/motion-clips');

interface Clip {
  readonly file: string;
  readonly fps: number;
  /** The container's times are wrong: frames are to be read in sequence. */
  readonly sequence?: boolean;
  readonly motion: readonly (readonly [number, number])[];
  readonly subtle: readonly (readonly [number, number])[];
  readonly nuisance: readonly (readonly [number, number])[];
}
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'];
/** Filter, and the encoder's options. `plain` is the clip as it came. */
const VARIANTS: Readonly<
  Record<string, { readonly filter?: string; readonly options: readonly string[] } | undefined>
> = {
  plain: undefined,
  sub: { filter: 'fps=15,scale=640:360', options: [...X264, '-crf', '27', '-g', '30', '-bf', '0'] },
  tiny: { filter: 'fps=15,scale=320:240', options: [...X264, '-crf', '30', '-g', '30', '-bf', '0'] },
  large: { filter: 'scale=1920:1080', options: [...X264, '-crf', '24', '-g', '60'] },
  slow: { filter: 'fps=5,scale=640:360', options: [...X264, '-crf', '27', '-g', '10', '-bf', '0'] },
  fast: { filter: 'fps=30,scale=640:360', options: [...X264, '-crf', '27', '-g', '60'] },
  poor: {
    filter: 'fps=15,scale=640:360',
    options: [...X264, '-b:v', '120k', '-maxrate', '120k', '-bufsize', '120k', '-g', '30'],
  },
  'long-group': {
    filter: 'fps=15,scale=640:360',
    options: [...X264, '-crf', '27', '-g', '300', '-bf', '3', '-sc_threshold', '0'],
  },
  interlaced: { filter: 'fps=25,scale=704:576', options: [...X264, '-crf', '25', '-g', '25', '-flags', '+ilme+ildct'] },
  noisy: { filter: 'fps=15,scale=640:360,noise=alls=12:allf=t', options: [...X264, '-crf', '27', '-g', '30'] },
  hevc: {
    filter: 'fps=15,scale=640:360',
    options: [
      '-c:v',
      'libx265',
      '-preset',
      'veryfast',
      '-x265-params',
      'log-level=error:keyint=30',
      '-crf',
      '28',
      '-tag:v',
      'hvc1',
    ],
  },
  mpeg4: { filter: 'fps=12,scale=640:480', options: ['-c:v', 'mpeg4', '-q:v', '6', '-g', '24'] },
  mjpeg: { filter: 'fps=10,scale=640:360', options: ['-c:v', 'mjpeg', '-q:v', '6', '-pix_fmt', 'yuvj420p'] },
};
const SUFFIX: Readonly<Record<string, string>> = { mpeg4: 'avi', mjpeg: 'mkv' };

const clips = JSON.parse(readFileSync(join(SHARED, 'labels.json'), 'utf8')) as Record<string, Clip>;
const { values } = parseArgs({
  options: {
    clips: { type: 'string', default: Object.keys(clips).join(',') },
    variants: { type: 'string', default: Object.keys(VARIANTS).join(',') },
    modes: { type: 'string', default: 'careful,economy' },
    out: { type: 'string' },
  },
});
/** Labels are good to 0.2 s; an episode may begin a sample before them and end with the lag after. */
const SLACK_S = 1;
const CALM = ms(2_000);

const fileOf = (name: string, variant: string): string => {
  const clip = clips[name];
  if (!clip) throw new Error(`no clip ${name}`);
  const source = join(SHARED, clip.file);
  const recipe = VARIANTS[variant];
  if (!recipe) return source;
  mkdirSync(CACHE, { recursive: true });
  const target = join(CACHE, `${name}-${variant}.${SUFFIX[variant] ?? 'mp4'}`);
  if (existsSync(target)) return target;
  const times = clip.sequence ? `setpts=N/${clip.fps}/TB,` : 'setpts=PTS-STARTPTS,';
  const filter = ['-vf', `${times}${recipe.filter ?? 'null'}`];
  const made = spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', source, ...filter, '-an', ...recipe.options, target], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (made.status !== 0) throw new Error(`${name} as ${variant} could not be made`);
  return target;
};

interface Row {
  readonly clip: string;
  readonly variant: string;
  readonly mode: Mode;
  readonly found: number;
  readonly happenings: number;
  readonly missed: readonly number[];
  /** Starts of episodes in which nothing is labelled. */
  readonly falses: readonly string[];
  readonly nuisance: number;
  readonly startErrors: readonly number[];
}
const rows: Row[] = [];
for (const name of values.clips.split(',')) {
  for (const variant of values.variants.split(',')) {
    // Its container's times are not those of its labels.
    if (variant === 'plain' && clips[name]?.sequence) continue;
    const file = fileOf(name, variant);
    for (const mode of values.modes.split(',') as Mode[]) {
      const { episodes } = await analyseFile(file, { calm: CALM, mode });
      const spans = episodes.map(({ start, lastMotion }) => [start / 1000, lastMotion / 1000] as const);
      const meets = ([from, to]: readonly [number, number], labels: Clip['motion']): boolean =>
        labels.some((label) => from <= label[1] + SLACK_S && to >= label[0] - SLACK_S);
      const { motion = [], subtle = [], nuisance = [] } = clips[name] ?? {};
      const missed = motion.filter((label) => !meets(label, spans));
      const others = spans.filter((span) => !meets(span, motion) && !meets(span, subtle));
      const row: Row = {
        clip: name,
        variant,
        mode,
        found: motion.length - missed.length,
        happenings: motion.length,
        missed: missed.map(([from]) => from),
        falses: others
          .filter((span) => !meets(span, nuisance))
          .map(([from, to]) => `${from.toFixed(1)}–${to.toFixed(1)}`),
        nuisance: others.filter((span) => meets(span, nuisance)).length,
        startErrors: motion.flatMap(([from]) => {
          const first = spans.find(([start]) => Math.abs(start - from) <= 2);
          return first ? [Math.abs(first[0] - from)] : [];
        }),
      };
      rows.push(row);
      const trouble = [...row.missed.map((at) => `missed ${at}`), ...row.falses.map((span) => `false ${span}`)];
      console.log(
        `${name} ${variant} ${mode}: ${row.found}/${row.happenings}, nuisance ${row.nuisance} ${trouble.join(', ')}`,
      );
    }
  }
}
console.log('\n| variant | mode | found | false | nuisance | start error p90 |');
console.log('|---|---|---|---|---|---|');
for (const variant of values.variants.split(',')) {
  for (const mode of values.modes.split(',')) {
    const own = rows.filter((row) => row.variant === variant && row.mode === mode);
    const sum = (of: (row: Row) => number): number => own.reduce((total, row) => total + of(row), 0);
    const errors = own.flatMap((row) => row.startErrors).toSorted((a, b) => a - b);
    const p90 = errors[Math.floor(errors.length * 0.9)] ?? 0;
    console.log(
      `| ${variant} | ${mode} | ${sum((row) => row.found)}/${sum((row) => row.happenings)} | ${sum((row) => row.falses.length)} | ${sum((row) => row.nuisance)} | ${p90.toFixed(2)} s |`,
    );
  }
}
if (values.out) writeFileSync(values.out, `${JSON.stringify({ machine: machine(), rows }, undefined, 2)}\n`);
