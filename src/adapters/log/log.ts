// The program's log: one line for people, or one JSON object for programs, per happening. Secrets never reach it:
// texts come from the error table or go through redact().

import pino from 'pino';
import { redact } from '../../domain/secret.ts';

export interface Log {
  info(text: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(text: string, facts?: Readonly<Record<string, unknown>>): void;
  error(text: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Whatever is too much for every day. */
  debug(text: string, facts?: Readonly<Record<string, unknown>>): void;
  /** Can be changed while the program runs. */
  level: LogLevel;
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface LogLine {
  readonly level: number;
  readonly time: number;
  readonly msg: string;
}

const MARKS: Readonly<Record<LogLevel, string>> = { debug: '·', info: ' ', warn: '!', error: '✗' };

/** `14:32:07 ! text` — the day is left out: pm2, systemd and log files carry their own. @param at milliseconds since 1970 */
export const lineForPeople = (at: number, level: LogLevel, text: string): string =>
  `${new Date(at).toTimeString().slice(0, 8)} ${MARKS[level]} ${text}\n`;

const forPeople = (line: string): string => {
  const { level, time, msg } = JSON.parse(line) as LogLine;
  const word = LOG_LEVELS.find((one) => pino.levels.values[one] === level) ?? 'info';
  return lineForPeople(time, word, msg);
};

/** @param format `people`: lines; `json`: pino's objects with all facts */
export const openLog = (
  format: 'people' | 'json',
  out: { write(text: string): unknown },
  level: LogLevel = 'info',
): Log => {
  const logger = pino(
    { base: null, level },
    { write: (line: string) => void out.write(format === 'json' ? line : forPeople(line)) },
  );
  return {
    info: (text, facts = {}) => logger.info(facts, redact(text)),
    warn: (text, facts = {}) => logger.warn(facts, redact(text)),
    error: (text, facts = {}) => logger.error(facts, redact(text)),
    debug: (text, facts = {}) => logger.debug(facts, redact(text)),
    get level() {
      return LOG_LEVELS.find((one) => one === logger.level) ?? 'info';
    },
    set level(wanted) {
      logger.level = wanted;
    },
  };
};
