// `stillwatch.yml` on the disk: read, watched, edited. What was last found good stays in force while the file is not.

import { createHash } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile, writeFileSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import type { Camera } from '../domain/camera.ts';
import { StillwatchError, toStillwatchError } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import type { Secret } from '../domain/secret.ts';
import type { ConfigDocument, ConfigEdit, ConfigForecast, ConfigReading } from '../ports/config-document.ts';
import { effectiveWords } from './effective.ts';
import { ENV_KEYS, loadEnvSettings, readEnvFile } from './legacy-env.ts';
import { type LoadedConfig, loadConfig } from './load.ts';
import { migration } from './migrate.ts';
import { ConfigTrouble } from './problems.ts';
import { salvaged } from './salvage.ts';
import { type Config, configJsonSchema } from './schema/document.ts';
import { dropSecretFile, putSecretFile, writeWhole } from './secret-files.ts';
import type { Settings } from './settings.ts';
import { settingsDiff } from './settings-diff.ts';
import { editYaml, readYaml } from './yaml-text.ts';

export const CONFIG_FILE = 'stillwatch.yml';
/** The document as it was when it was last good; secrets are not in it. */
const LAST_GOOD = '.stillwatch-last-good.yml';
/** One `stat` a second: works on every file system, also where no change is ever announced. */
const LOOK_EVERY_MS = 1000;

type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigFile extends ConfigDocument {
  /** In force. */
  readonly settings: Settings;
  /** In force, in the document's words; undefined while only `.env` speaks. */
  readonly effective: Config | undefined;
  /** Reads everything again, also `.env`. */
  reload(): void;
  /** Follows the files until `signal` aborts. `onChange`: what is in force, or what is wrong, is another than before. */
  follow(onChange: (settings: Settings, before: Settings) => void, signal: AbortSignal): void;
}

const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new StillwatchError('SW_CONFIG_UNREADABLE', { file: path, detail: String(code) });
  }
};

const revisionOf = (text: string | undefined): string =>
  text === undefined ? 'none' : createHash('sha256').update(text).digest('hex').slice(0, 24);

interface State {
  readonly text: string | undefined;
  readonly loaded: LoadedConfig;
  readonly settings: Settings;
  readonly effective: Config | undefined;
  readonly isInForce: boolean;
}

/** True when nobody has said anything about a camera: the program starts empty and is set up from its pages. */
const isUnsaid = (folder: string, environment: Environment): boolean =>
  readEnvFile(folder) === undefined && Object.keys(ENV_KEYS).every((key) => environment[key] === undefined);

/**
 * Opens the configuration of `folder`.
 * @throws StillwatchError SW_CONFIG_*: nothing is there that could be put in force
 */
export const openConfigFile = (
  folder: string,
  environment: Environment,
  /** `salvaged`: with nothing that was good before, the good parts of a bad document are put in force (safe mode). */
  whenBad: 'refused' | 'salvaged' = 'refused',
): ConfigFile => {
  const path = join(folder, CONFIG_FILE);
  const systemZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  const inFolder = (file: string): string => (isAbsolute(file) ? file : resolve(folder, file));
  let envText = readEnvFile(folder);

  /** Set while somebody follows the file. */
  let onChange: ((settings: Settings, before: Settings) => void) | undefined;

  const load = (text: string): LoadedConfig =>
    loadConfig({
      yml: { text, file: CONFIG_FILE },
      env: { text: envText, file: '.env', environment, cwd: folder, systemZone },
      readSecret: (file) => readFileSync(inFolder(file), 'utf8'),
    });

  const withoutDocument = (): State => {
    const loaded = load('');
    const isEmpty = isUnsaid(folder, environment) && loaded.settings !== undefined;
    const settings = isEmpty && loaded.settings ? loaded.settings : loadEnvSettings(folder, environment);
    return { text: undefined, loaded: { ...loaded, problems: [] }, settings, effective: undefined, isInForce: true };
  };

  /** What is put in force when the program starts and the document is wrong. */
  const inPlaceOf = (text: string, loaded: LoadedConfig): State => {
    const lastGood = textOf(join(folder, LAST_GOOD));
    const before = lastGood === undefined ? undefined : load(lastGood);
    const fallback = before?.settings ? before : load('');
    // Without a document that was good once, only a camera of `.env` was ever watched.
    if (fallback.settings && (before?.settings || fallback.settings.cameras.length > 0)) {
      return { text, loaded, settings: fallback.settings, effective: fallback.effective, isInForce: false };
    }
    const rest = whenBad === 'salvaged' ? salvaged(text, load) : undefined;
    if (rest?.settings) return { text, loaded, settings: rest.settings, effective: rest.effective, isInForce: false };
    throw new ConfigTrouble(CONFIG_FILE, loaded.problems);
  };

  const remember = (text: string): void => {
    const file = join(folder, LAST_GOOD);
    try {
      if (textOf(file) !== text) writeFileSync(file, text, { mode: 0o600 });
    } catch {
      // A folder that cannot be written to: the document is still in force, only not remembered over a restart.
    }
  };

  /** A camera whose secret has gone is watched with the one it had. */
  const withFormerCameras = (loaded: LoadedConfig, former: Settings | undefined): Settings | undefined => {
    const { settings } = loaded;
    if (!settings || !former) return settings;
    const kept = loaded.problems.flatMap(({ camera }) => former.cameras.filter(({ id }) => id === camera));
    return kept.length === 0 ? settings : { ...settings, cameras: [...settings.cameras, ...kept] };
  };

  const next = (before: State | undefined): State => {
    const text = textOf(path);
    if (text === undefined) return withoutDocument();
    const loaded = load(text);
    const settings = withFormerCameras(loaded, before?.settings);
    if (settings) {
      if (onChange) remember(text);
      return { text, loaded, settings, effective: loaded.effective, isInForce: true };
    }
    return before ? { ...before, text, loaded, isInForce: false } : inPlaceOf(text, loaded);
  };

  let state: State = next(undefined);
  const booted = state.settings;
  const followed = new Set<string>();
  const look = (): void => apply();

  const followFiles = (): void => {
    if (!onChange) return;
    const files = [path, ...(state.text === undefined ? [] : [join(folder, '.env')])];
    for (const file of [...files, ...state.loaded.secretFiles.map(inFolder)]) {
      if (followed.has(file)) continue;
      followed.add(file);
      watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, look);
    }
  };

  const apply = (): void => {
    const before = state;
    try {
      envText = readEnvFile(folder);
      state = next(before);
    } catch (thrown) {
      // Unreadable, or gone with nothing in its place: what is in force stays.
      const error = toStillwatchError(thrown);
      const told = { code: error.code, facts: error.facts, path: [], line: undefined, column: undefined };
      state = {
        ...before,
        loaded: { ...before.loaded, problems: [{ ...told, camera: undefined }] },
        isInForce: false,
      };
    }
    followFiles();
    onChange?.(state.settings, before.settings);
  };

  const reading = (): ConfigReading => ({
    revision: revisionOf(state.text),
    text: state.text ?? '',
    value: state.loaded.value,
    problems: state.loaded.problems,
    isInForce: state.isInForce,
    awaitsRestart: settingsDiff(booted, state.settings).awaitsRestart,
    effective: effectiveWords(state.effective ?? state.loaded.effective),
    fixed: state.loaded.fixed,
  });

  const forecast = (text: string): ConfigForecast => {
    const { settings, problems } = load(text);
    if (!settings) return { problems, touches: undefined };
    const { added, removed, changed, renamed, awaitsRestart } = settingsDiff(state.settings, settings);
    const ids = (cameras: readonly Camera[]): readonly CameraId[] => cameras.map(({ id }) => id);
    const touches = { added: ids(added), removed, changed: ids(changed), renamed: ids(renamed), awaitsRestart };
    return { problems, touches };
  };

  let last: Promise<unknown> = Promise.resolve();
  /** One after the other, each upon the file as it is at that moment. */
  const change = (revision: string, make: (text: string) => string): Promise<ConfigReading> => {
    const work = last.then(async () => {
      const present = textOf(path);
      if (revisionOf(present) !== revision) {
        // Whoever reads again, to decide anew, finds what is there now.
        apply();
        throw new StillwatchError('SW_CONFIG_CHANGED', { file: CONFIG_FILE });
      }
      const text = make(present ?? '');
      if (text !== present) {
        const loaded = load(text);
        if (!loaded.settings) throw new ConfigTrouble(CONFIG_FILE, loaded.problems);
        const real = await realpath(path).catch(() => path);
        const mode = await stat(real).then(
          (found) => found.mode & 0o777,
          () => 0o640,
        );
        await writeWhole(real, text, mode);
      }
      apply();
      return reading();
    });
    last = work.catch(() => undefined);
    return work;
  };

  return {
    get settings() {
      return state.settings;
    },
    get effective() {
      return state.effective;
    },
    read: reading,
    edit: (edits: readonly ConfigEdit[], revision) =>
      change(revision, (text) => {
        const wrong = readYaml(text).problems.length > 0;
        if (wrong) throw new ConfigTrouble(CONFIG_FILE, load(text).problems);
        try {
          return editYaml(text, edits);
        } catch (thrown) {
          const key = edits[0]?.path.join('.') ?? '';
          const detail = { detail: String(thrown), detailDa: String(thrown), line: key, file: CONFIG_FILE };
          throw new StillwatchError('SW_CONFIG_SYNTAX', detail, { cause: thrown });
        }
      }),
    write: (text, revision) => change(revision, () => text),
    check: forecast,
    migration() {
      if (envText === undefined) return undefined;
      // The file alone: what the environment says stays in the environment.
      const made = migration({ text: envText, file: '.env', environment: {}, cwd: folder, systemZone });
      return { text: made.text, secrets: new Map(made.secrets.map(({ name, secret }) => [name, secret])) };
    },
    putSecret: (name: string, secret: Secret) => putSecretFile(folder, name, secret),
    dropSecret: (place) => dropSecretFile(folder, place),
    schema: configJsonSchema,
    reload: apply,
    follow(listener, signal) {
      onChange = listener;
      if (state.isInForce && state.text !== undefined) remember(state.text);
      followFiles();
      signal.addEventListener(
        'abort',
        () => {
          for (const file of followed) unwatchFile(file, look);
          followed.clear();
          onChange = undefined;
        },
        { once: true },
      );
    },
  };
};

/** Settings of the folder a command runs in. @throws StillwatchError SW_CONFIG_* */
export const loadSettings = (folder: string, environment: Environment): Settings =>
  openConfigFile(folder, environment).settings;
