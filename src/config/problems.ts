// What is wrong with a configuration, all of it at once, each with its place in the file. No value of a secret is repeated.

import type { z } from 'zod';
import {
  type ErrorFacts,
  errorText,
  type Language,
  StillwatchError,
  type StillwatchErrorCode,
} from '../domain/errors.ts';
import { type CameraId, isCameraId } from '../domain/ids.ts';
import type { ConfigPath, ConfigProblem } from '../ports/config-document.ts';
import { closest } from './suggestion.ts';
import type { FilePlace } from './yaml-text.ts';

export const problemText = (problem: ConfigProblem, language: Language): string =>
  errorText(problem.code, problem.facts, language);

const listed = (problems: readonly ConfigProblem[], language: Language): string =>
  problems.map((problem) => `  ${problemText(problem, language)}`).join('\n');

/** A configuration that cannot be put in force; its text names every problem. */
export class ConfigTrouble extends StillwatchError {
  readonly problems: readonly ConfigProblem[];

  constructor(file: string, problems: readonly ConfigProblem[]) {
    super('SW_CONFIG_PROBLEMS', { file, count: problems.length, problems: listed(problems, 'en') });
    this.problems = problems;
  }

  override text(language: Language): string {
    return errorText(this.code, { ...this.facts, problems: listed(this.problems, language) }, language);
  }
}

/** Where things are in the file, and what it holds there. */
export interface ProblemPlaces {
  readonly file: string;
  readonly value: unknown;
  /** Of the key itself. */
  key(path: ConfigPath): FilePlace | undefined;
  /** Of what stands there; of the nearest thing around it when nothing does. */
  valueAt(path: ConfigPath): FilePlace | undefined;
}

/** Values under keys of these names are never repeated, however wrong they are. */
const IS_SECRET = /pass|secret|token|key$|credential/i;
const HAS_LOGIN = /@|[?&](?:user|usr|pass|pwd|token|key|secret)/i;

const get = (value: unknown, path: ConfigPath): unknown => {
  let at = value;
  for (const key of path) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
};

const MOST_SHOWN = 60;

interface Shown {
  readonly value: string;
  readonly valueDa: string;
}

const HIDDEN: Shown = { value: 'what stands there', valueDa: 'det, der står der' };
const EMPTY: Shown = { value: 'empty', valueDa: 'tom' };

const quoted = (text: string): Shown => {
  const value = `“${text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text}”`;
  return { value, valueDa: value };
};

/** What was found, short and without secrets. */
const shown = (value: unknown, path: ConfigPath): Shown => {
  if (path.some((key) => typeof key === 'string' && IS_SECRET.test(key))) return HIDDEN;
  // Whoever knows a webhook's address may post to it.
  if (path[0] === 'notifications' && path.at(-1) === 'url') return HIDDEN;
  if (value === null) return EMPTY;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return HAS_LOGIN.test(text) ? HIDDEN : quoted(text);
};

export const keyName = (path: ConfigPath): string =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');

const cameraOf = (path: ConfigPath): CameraId | undefined => {
  const [section, id] = path[0] === 'inbox' ? path.slice(1) : path;
  return section === 'cameras' && typeof id === 'string' && isCameraId(id) ? id : undefined;
};

const lineText = (place: FilePlace | undefined): string => (place ? `${place.line}:${place.column}` : '?');

export const problem = (
  code: StillwatchErrorCode,
  path: ConfigPath,
  facts: ErrorFacts,
  place: { readonly file: string; readonly at: FilePlace | undefined; readonly camera?: CameraId | undefined },
): ConfigProblem => ({
  code,
  facts: { file: place.file, line: lineText(place.at), key: keyName(path), ...facts },
  path,
  line: place.at?.line,
  column: place.at?.column,
  camera: place.camera,
});

/** Keys that an object at `path` may have; undefined: any. */
export type KnownKeys = (path: ConfigPath) => readonly string[] | undefined;

/** zod's issues as ours. */
export const problemsOf = (
  issues: readonly z.core.$ZodIssue[],
  places: ProblemPlaces,
  known: KnownKeys,
): readonly ConfigProblem[] => {
  const told = new Set<string>();
  const found = issues.flatMap((issue): readonly ConfigProblem[] => {
    const path = issue.path.filter((key) => typeof key !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const suggestion = closest(key, known(path) ?? []);
        const at = places.key([...path, key]);
        return problem('SW_CONFIG_UNKNOWN_KEY', [...path, key], { suggestion }, { file: places.file, at });
      });
    }
    const found = get(places.value, path);
    const [wanted = '', wantedDa = wanted] = (
      issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? '') : issue.message
    ).split('\n');
    if (issue.code === 'invalid_key') {
      const at = places.key(path);
      const key = keyName(path.slice(0, -1));
      const facts = { key, wanted, wantedDa, ...quoted(String(path.at(-1))) };
      return [problem('SW_CONFIG_VALUE', path, facts, { file: places.file, at })];
    }
    const at = places.valueAt(path);
    if (found === undefined) return [problem('SW_CONFIG_ABSENT', path, {}, { file: places.file, at })];
    const facts = { wanted, wantedDa, ...shown(found, path) };
    return [problem('SW_CONFIG_VALUE', path, facts, { file: places.file, at })];
  });
  // A value that is of the wrong form and out of range is one mistake.
  return found.filter(({ code, facts }) => {
    const text = `${code} ${JSON.stringify(facts)}`;
    return told.has(text) ? false : told.add(text);
  });
};

/** A mistake that keeps one camera from being watched, and nothing else. */
export const cameraProblem = (
  code: StillwatchErrorCode,
  path: ConfigPath,
  facts: ErrorFacts,
  places: ProblemPlaces,
): ConfigProblem => problem(code, path, facts, { file: places.file, at: places.valueAt(path), camera: cameraOf(path) });
