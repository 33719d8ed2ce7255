// Settings as the API shows and changes them. Two owners may have the same page open: whoever saves names the revision that
// was read, and the revision is that of the camera (or of the site), so that a change to another camera is no conflict.

import { createHash } from 'node:crypto';
import { errorText, type Language, StillwatchError } from '../../domain/errors.ts';
import type {
  ConfigDocument,
  ConfigEdit,
  ConfigPath,
  ConfigProblem,
  ConfigReading,
  ConfigValue,
} from '../../ports/config-document.ts';
import type { ApiProblem } from '../wire-api.ts';
import type { CameraSettingsView, ConfigProblemView, ConfigView, SiteSettingsView } from '../wire-settings.ts';
import { isMap, patchEdits } from './merge-patch.ts';

type Keys = Readonly<Record<string, ConfigValue>>;

const NOTHING: Keys = {};

/** The map at a path of names; an empty one where there is none. */
export const mapAt = (value: ConfigValue | undefined, ...path: readonly string[]): Keys => {
  let here: ConfigValue | undefined = value;
  for (const key of path) here = isMap(here) && Object.hasOwn(here, key) ? here[key] : undefined;
  return isMap(here) ? here : NOTHING;
};

const has = (value: Keys, key: string): boolean => Object.hasOwn(value, key);

const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 20);

const nameOf = (path: ConfigPath): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`)).join('');

export interface Revised<T> {
  readonly view: T;
  /** Of what the owner wrote about it: what a change has to name. */
  readonly revision: string;
}

/** An entity tag is another one whenever the answer is; its first half alone is the revision. */
export const settingsTag = ({ revision, view }: Revised<unknown>): string => `"${revision}-${hashOf(view)}"`;

/** Does `If-Match` name this revision? A proxy that packs answers makes tags weak. */
export const namesRevision = (header: string, revision: string): boolean =>
  header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '').startsWith(`"${revision}-`));

export const cameraRevision = (reading: ConfigReading, camera: string): string =>
  hashOf(mapAt(reading.value, 'cameras', camera));

export const isConfigured = (reading: ConfigReading, camera: string): boolean =>
  has(mapAt(reading.value, 'cameras'), camera) || has(mapAt(reading.effective, 'cameras'), camera);

export const cameraSettings = (
  reading: ConfigReading,
  camera: string,
  language: Language,
): Revised<CameraSettingsView> => {
  const written = mapAt(reading.value, 'cameras', camera);
  const effective = mapAt(reading.effective, 'cameras', camera);
  const own = reading.problems.find((problem) => problem.camera === camera);
  return {
    revision: cameraRevision(reading, camera),
    view: {
      id: camera,
      written,
      effective,
      fixed: fixedIn(reading, ['cameras', camera]),
      hasPassword: has(effective, 'password'),
      isInForce: reading.isInForce,
      trouble: own ? { code: own.code, text: errorText(own.code, own.facts, language) } : null,
    },
  };
};

/** Names, below `under`, of what the environment sets. */
const fixedIn = (reading: ConfigReading, under: ConfigPath): readonly string[] =>
  reading.fixed
    .filter((path) => path.length > under.length && under.every((key, index) => path[index] === key))
    .map((path) => nameOf(path.slice(under.length)));

const withoutCameras = (value: Keys): Keys =>
  Object.fromEntries(Object.entries(value).filter(([section]) => section !== 'cameras'));

export const siteRevision = (reading: ConfigReading): string => hashOf(withoutCameras(reading.value));

export const siteSettings = (reading: ConfigReading): Revised<SiteSettingsView> => ({
  revision: siteRevision(reading),
  view: {
    written: withoutCameras(reading.value),
    effective: withoutCameras(reading.effective),
    fixed: reading.fixed.filter(([section]) => section !== 'cameras').map(nameOf),
    awaitsRestart: reading.awaitsRestart,
    isInForce: reading.isInForce,
  },
});

/** `stillwatch.yml line 7:3: ` tells nothing to someone who filled in a form, or sees the line beside it. */
const withoutPlace = (text: string): string => text.replace(/^\S+ (?:line|linje) [\d:?]+:? /, '');

export const configProblem = (problem: ConfigProblem, language: Language): ConfigProblemView => ({
  code: problem.code,
  text: withoutPlace(errorText(problem.code, problem.facts, language)),
  key: nameOf(problem.path),
  line: problem.line ?? null,
  column: problem.column ?? null,
  camera: problem.camera ?? null,
});

export const configView = (reading: ConfigReading, language: Language): ConfigView => ({
  text: reading.text,
  exists: reading.revision !== 'none',
  problems: reading.problems.map((problem) => configProblem(problem, language)),
  isInForce: reading.isInForce,
  awaitsRestart: reading.awaitsRestart,
});

/** The mistakes of an edit that was refused; undefined: it was refused for another reason. */
export const problemsIn = (thrown: unknown): readonly ConfigProblem[] | undefined => {
  if (!(thrown instanceof StillwatchError) || !('problems' in thrown)) return undefined;
  return thrown.problems as readonly ConfigProblem[];
};

/** As `errors` of a problem: below `under` by the name a form has for it, elsewhere by the whole name. */
export const problemErrors = (
  problems: readonly ConfigProblem[],
  under: ConfigPath,
  language: Language,
): NonNullable<ApiProblem['errors']> =>
  problems.map(({ path, code, facts }) => {
    const isBelow = path.length > under.length && under.every((key, index) => path[index] === key);
    return {
      at: nameOf(isBelow ? path.slice(under.length) : path),
      detail: withoutPlace(errorText(code, facts, language)),
    };
  });

/** At each attempt the revision is looked at anew: only a change to the same thing is a conflict. */
const ATTEMPTS = 5;

export interface Change {
  /** Is what is changed still as the owner had read it? Without it nothing was read. */
  readonly isAsRead?: (reading: ConfigReading) => boolean;
  readonly edits: (reading: ConfigReading) => readonly ConfigEdit[];
}

/** @throws StillwatchError SW_CONFIG_CHANGED, SW_CONFIG_FIXED, SW_CONFIG_PROBLEMS, SW_STORE_WRITE */
export const changeDocument = async (document: ConfigDocument, change: Change): Promise<ConfigReading> => {
  for (let attempt = 1; ; attempt++) {
    const reading = document.read();
    if (change.isAsRead && !change.isAsRead(reading))
      throw new StillwatchError('SW_CONFIG_CHANGED', { file: 'stillwatch.yml' });
    const edits = change.edits(reading);
    const fixed = edits.find(({ path }) => reading.fixed.some((one) => one.every((key, at) => path[at] === key)));
    if (fixed) throw new StillwatchError('SW_CONFIG_FIXED', { key: nameOf(fixed.path) });
    try {
      return await document.edit(edits, reading.revision);
    } catch (thrown) {
      const isOther = thrown instanceof StillwatchError && thrown.code === 'SW_CONFIG_CHANGED';
      if (!isOther || attempt === ATTEMPTS) throw thrown;
    }
  }
};

/** What a patch of one camera comes to. */
export const cameraEdits = (reading: ConfigReading, camera: string, patch: Keys): readonly ConfigEdit[] => {
  const path = ['cameras', camera];
  const edits = patchEdits(path, mapAt(reading.value, ...path), patch);
  // Where a secret lies is one thing: another place takes the place of the one before, key and all.
  const place = patch['password'];
  if (!isMap(place)) return edits;
  return [...edits.filter(({ path: at }) => at[2] !== 'password'), { path: [...path, 'password'], value: place }];
};

export const siteEdits = (reading: ConfigReading, patch: Keys): readonly ConfigEdit[] =>
  patchEdits([], withoutCameras(reading.value), patch);
