// What `stillwatch analyse` prints: JSON for programs, a table for people.

import type { Language } from '../../domain/errors.ts';
import type { Replay } from '../../watch/replay.ts';

export interface Analysed {
  readonly path: string;
  readonly replay: Replay;
}

/** Times in seconds from the file's beginning. */
export interface FileReport {
  readonly file: string;
  readonly duration: number;
  readonly episodes: readonly {
    readonly start: number;
    readonly lastMotion: number;
    readonly end: number;
    readonly peak: number;
    readonly score: number;
  }[];
  /** Share of the packets that were decoded while judging, 0..1; learning the scene beforehand is not counted. */
  readonly decodedShare: number;
}

const seconds = (value: number): number => Math.round(value) / 1000;
const places = (value: number, digits: number): number => Number(value.toFixed(digits));

export const reportOf = ({ path, replay }: Analysed): FileReport => ({
  file: path,
  duration: seconds(replay.until),
  episodes: replay.episodes.map((episode) => ({
    start: seconds(episode.start),
    lastMotion: seconds(episode.lastMotion),
    end: seconds(episode.end),
    peak: seconds(episode.peak),
    score: places(episode.score, 3),
  })),
  decodedShare: places(replay.decodedShare, 4),
});

const WORDS: Readonly<Record<Language, Readonly<Record<'none' | 'heads' | 'facts', string>>>> = {
  en: {
    none: 'nothing moved',
    heads: '   start  last motion      end     peak  score',
    facts: '{duration} s, {episodes} episodes, {share} % of the pictures decoded',
  },
  da: {
    none: 'intet bevægede sig',
    heads: '   start  sidste bev.      slut    størst  styrke',
    facts: '{duration} s, {episodes} hændelser, {share} % af billederne afkodet',
  },
};

const clock = (value: number): string => {
  const tenths = Math.round(value * 10);
  const minutes = Math.floor(tenths / 600);
  return `${minutes}:${((tenths % 600) / 10).toFixed(1).padStart(4, '0')}`;
};

export const tableOf = (reports: readonly FileReport[], language: Language): string => {
  const words = WORDS[language];
  const blocks = reports.map((report) => {
    const facts = words.facts
      .replace('{duration}', report.duration.toFixed(1))
      .replace('{episodes}', String(report.episodes.length))
      .replace('{share}', (100 * report.decodedShare).toFixed(0));
    const rows = report.episodes.map((episode) => {
      const [start, last, end, peak] = [episode.start, episode.lastMotion, episode.end, episode.peak].map(clock);
      const cells = [start?.padStart(8), last?.padStart(12), end?.padStart(8), peak?.padStart(8)];
      return `${cells.join(' ')} ${episode.score.toFixed(2).padStart(6)}`;
    });
    const body = rows.length > 0 ? [words.heads, ...rows] : [`  ${words.none}`];
    return [`${report.file}: ${facts}`, ...body].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
};
