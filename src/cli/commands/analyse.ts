// `stillwatch analyse`: recorded video through the live engine, faster than real time, and what it saw in it.

import { writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { openVideoFile, type VideoFile } from '../../adapters/av/video-file.ts';
import type { VideoFormat } from '../../domain/camera.ts';
import { EXIT, type StillwatchError, toStillwatchError } from '../../domain/errors.ts';
import { type Ms, ms } from '../../domain/units.ts';
import { carefulEngine } from '../../watch/careful-engine.ts';
import { cascadeEngine } from '../../watch/cascade.ts';
import { learnScene, type Replay, replay } from '../../watch/replay.ts';
import { languageOfEnvironment, printTrouble } from '../trouble.ts';
import { pictureOf } from './analyse-picture.ts';
import { type Analysed, type FileReport, reportOf, tableOf } from './analyse-report.ts';

const MODES = ['economy', 'careful'] as const;
export type Mode = (typeof MODES)[number];

export interface AnalyseOptions {
  readonly calm: Ms;
  readonly mode: Mode;
  readonly json?: boolean;
  readonly picture?: string;
}

/** Nothing is streamed here, so nothing can be cut for being too long to photograph. */
const LONGEST_EPISODE = ms(Number.POSITIVE_INFINITY);
/** The event loop runs this often, so that Ctrl-C works and progress shows. */
const BREATHE_EVERY_MS = 100;
/** For codecs that no camera streams: the file's own decoder is used whatever this says. */
const ANY_FORMAT: VideoFormat = { codec: 'h264', parameterSets: new Uint8Array(0), picture: undefined };

export const parseDuration = (text: string): Ms => {
  const parts = /^(?:(\d+(?:\.\d+)?)m(?:in)?)?\s*(?:(\d+(?:\.\d+)?)(s|ms)?)?$/.exec(text.trim());
  const [, minutes, amount, unit] = parts ?? [];
  const value = Number(minutes ?? 0) * 60_000 + Number(amount ?? 0) * (unit === 'ms' ? 1 : 1000);
  if (!parts || text.trim() === '' || value <= 0) throw new InvalidArgumentError('Write it like 10s, 500ms or 1m30s.');
  return ms(value);
};

/** @returns a function that lets the event loop run now and then, and shows progress on a terminal */
const breather = (name: string, file: VideoFile): ((at: Ms) => Promise<void> | undefined) => {
  const startedAt = performance.now();
  let breathedAt = startedAt;
  return (at) => {
    const now = performance.now();
    if (now - breathedAt < BREATHE_EVERY_MS) return undefined;
    breathedAt = now;
    if (process.stderr.isTTY) {
      const share = file.duration ? ` ${Math.min(100, Math.round((100 * at) / file.duration))} %` : '';
      process.stderr.write(`\r\u001B[K${name}:${share} ${(at / (now - startedAt)).toFixed(0)}× real time`);
    }
    return setImmediate();
  };
};

/** @throws StillwatchError SW_FILE_UNREADABLE, SW_DECODER_MISSING */
export const analyseFile = async (
  path: string,
  { calm, mode }: Pick<AnalyseOptions, 'calm' | 'mode'>,
): Promise<Replay> => {
  using file = openVideoFile(path);
  const { decoder } = file;
  const format = file.format ?? ANY_FORMAT;
  const prior = learnScene(file.packets(), decoder, format);
  // Without a stream codec there are no packets to read anything from: only decoding helps.
  const open = mode === 'economy' && file.format ? cascadeEngine : carefulEngine;
  using engine = open({ decoder, prior })(format);
  const rules = { calmPeriod: calm, longestEpisode: LONGEST_EPISODE };
  try {
    return await replay(file.packets(), engine, rules, breather(path, file));
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  }
};

interface FailedFile {
  readonly file: string;
  /** The error's code, as in docs/reference/errors.md. */
  readonly error: string;
}

const analyse = async (paths: readonly string[], options: AnalyseOptions): Promise<number> => {
  const done: Analysed[] = [];
  const failed: { readonly path: string; readonly error: StillwatchError }[] = [];
  for (const path of paths) {
    try {
      done.push({ path, replay: await analyseFile(path, options) });
    } catch (thrown) {
      failed.push({ path, error: toStillwatchError(thrown) });
    }
  }
  for (const { error } of failed) printTrouble(error);
  if (options.picture && done.length > 0) await writeFile(options.picture, pictureOf(done));
  if (options.json) {
    const reports = paths.flatMap((path): readonly (FileReport | FailedFile)[] => {
      const good = done.find((one) => one.path === path);
      const bad = failed.find((one) => one.path === path);
      if (good) return [reportOf(good)];
      return bad ? [{ file: path, error: bad.error.code }] : [];
    });
    process.stdout.write(`${JSON.stringify(paths.length === 1 ? reports[0] : reports)}\n`);
  } else if (done.length > 0) {
    process.stdout.write(tableOf(done.map(reportOf), languageOfEnvironment(process.env)));
  }
  return failed[0]?.error.exit ?? EXIT.ok;
};

export const analyseCommand = (program: Command): void => {
  program
    .command('analyse')
    .description('Show what motion detection sees in recorded video.')
    .argument('<file...>', 'video files of any common format')
    .addOption(
      new Option('--calm <time>', 'calm period that ends an episode')
        .argParser(parseDuration)
        .default(ms(10_000), '10s'),
    )
    .addOption(
      new Option('--mode <mode>', 'careful decodes every picture, economy only what is suspicious')
        .choices(MODES)
        .default('careful'),
    )
    .option('--json', 'print JSON: one object for one file, an array for several')
    .option('--picture <file>', 'write a picture of the readings (SVG)')
    .action(async (files: string[], options: AnalyseOptions) => {
      process.exitCode = await analyse(files, options);
    });
};
