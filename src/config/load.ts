// Environment over `stillwatch.yml` over `.env`, checked as one document. Pure: what is on the disk comes in as text.

import { z } from 'zod';
import type { Language } from '../domain/errors.ts';
import { Secret } from '../domain/secret.ts';
import type { ConfigEdit, ConfigPath, ConfigProblem, ConfigValue } from '../ports/config-document.ts';
import { ENV_CAMERA, type EnvLayers, envLayers } from './env-layer.ts';
import type { EnvInput } from './legacy-env.ts';
import { cameraProblem, type KnownKeys, type ProblemPlaces, problem, problemsOf } from './problems.ts';
import { type Config, configSchema } from './schema/document.ts';
import type { SecretPlace } from './schema/words.ts';
import type { Settings } from './settings.ts';
import { settingsOf } from './settings-of.ts';
import { isFullUrl, streamAddress } from './stream-address.ts';
import { readYaml, type YamlText } from './yaml-text.ts';

export interface ConfigInput {
  readonly yml: { readonly text: string; readonly file: string };
  readonly env: EnvInput;
  /** Text of a secret's file. @throws with a code such as ENOENT */
  readonly readSecret: (file: string) => string;
}

export interface LoadedConfig {
  /** undefined: some problem is not one camera's own. */
  readonly settings: Settings | undefined;
  /** What the file says, as data. */
  readonly value: Readonly<Record<string, ConfigValue>>;
  /** What is in force after environment and defaults; undefined like `settings`. */
  readonly effective: Config | undefined;
  readonly problems: readonly ConfigProblem[];
  /** Files that secrets were looked for in. */
  readonly secretFiles: readonly string[];
  /** Keys that the environment sets. */
  readonly fixed: readonly ConfigPath[];
}

type Plain = Record<string, unknown>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `base` with `edits` laid over it, as new data. */
export const withEdits = (base: unknown, edits: readonly ConfigEdit[]): unknown => {
  let next = base;
  for (const { path, value } of edits) next = laid(next, path, value);
  return next;
};

const laid = (base: unknown, [key, ...rest]: ConfigPath, value: unknown): unknown => {
  if (key === undefined) return value;
  const here: Plain = isPlain(base) ? base : {};
  const inner = Object.hasOwn(here, key) ? here[key] : undefined;
  return { ...here, [key]: laid(inner, rest, value) };
};

/** `over` wins, map by map. */
const merged = (under: unknown, over: unknown): unknown => {
  // Where a secret lies is one thing, said in one place.
  const isPlace = isPlain(over) && ('file' in over || 'env' in over || 'credential' in over);
  if (!isPlain(under) || !isPlain(over) || isPlace) return over === undefined ? under : over;
  const entries = new Map<string, unknown>(Object.entries(under));
  for (const [key, value] of Object.entries(over)) entries.set(key, merged(entries.get(key), value));
  return Object.fromEntries(entries);
};

/** A heading whose lines are all commented out is an empty map, not a mistake. */
const withoutEmptyHeadings = (value: unknown): unknown =>
  isPlain(value) ? Object.fromEntries(Object.entries(value).filter(([, section]) => section !== null)) : value;

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode | readonly SchemaNode[];
}

let schemaTree: SchemaNode | undefined;
const knownKeys: KnownKeys = (path) => {
  schemaTree ??= z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' }) as SchemaNode;
  let node: SchemaNode | undefined = schemaTree;
  for (const key of path) {
    if (typeof key === 'number') {
      const items: SchemaNode['items'] = node?.items;
      node = Array.isArray(items) ? (items as readonly SchemaNode[])[key] : (items as SchemaNode | undefined);
      continue;
    }
    const other: SchemaNode | boolean | undefined = node?.additionalProperties;
    node = node?.properties?.[key] ?? (typeof other === 'object' ? other : undefined);
  }
  return node?.properties && Object.keys(node.properties);
};

/** Every name after `env:`, wherever it stands: such keys of `.env` are nobody's mistake. */
const variablesIn = (value: unknown, into: Set<string> = new Set()): Set<string> => {
  if (Array.isArray(value)) for (const item of value) variablesIn(item, into);
  else if (isPlain(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key === 'env' && typeof item === 'string') into.add(item);
      else variablesIn(item, into);
    }
  }
  return into;
};

const secretReader =
  (input: ConfigInput, env: EnvLayers, files: string[]) =>
  (place: SecretPlace): Secret | { readonly detail: string } => {
    if (place.env !== undefined) {
      const text = env.variable(place.env);
      if (text === undefined || text === '') return { detail: text === undefined ? 'not set' : 'empty' };
      const inUrl = isFullUrl(text.trim()) ? streamAddress(text.trim(), undefined, undefined)?.credentials : undefined;
      return inUrl?.password ?? new Secret(text);
    }
    const folder = env.variable('CREDENTIALS_DIRECTORY');
    if (place.credential !== undefined && folder === undefined) return { detail: 'not started by systemd with it' };
    const file = place.credential === undefined ? (place.file ?? '') : `${folder}/${place.credential}`;
    files.push(file);
    try {
      const text = input.readSecret(file).replace(/\r?\n$/, '');
      return text === '' ? { detail: 'empty' } : new Secret(text);
    } catch (thrown) {
      return { detail: (thrown as NodeJS.ErrnoException).code ?? 'not readable' };
    }
  };

const places = (yaml: YamlText, file: string, value: unknown): ProblemPlaces => ({
  file,
  value,
  key: (path) => yaml.key(path),
  valueAt: (path) => yaml.valueAt(path),
});

const systemLanguage = (environment: EnvInput['environment']): Language =>
  /^da/i.test(environment['LC_ALL'] ?? environment['LANG'] ?? '') ? 'da' : 'en';

/** A secret that cannot be read may come back by itself and is one camera's; anything else is the document's. */
const isWhole = (one: ConfigProblem): boolean => one.code !== 'SW_CONFIG_SECRET';

/** Never throws: whatever is wrong is among the problems. */
export const loadConfig = (input: ConfigInput): LoadedConfig => {
  const { text, file } = input.yml;
  const yaml = readYaml(text);
  const nothing = { settings: undefined, value: {}, effective: undefined, secretFiles: [], fixed: [] };
  if (yaml.problems.length > 0) {
    const problems = yaml.problems.map(({ at, en, da }) =>
      problem('SW_CONFIG_SYNTAX', [], { detail: en, detailDa: da }, { file, at }),
    );
    return { ...nothing, problems };
  }
  const value = withoutEmptyHeadings(yaml.value);
  const cameras = isPlain(value) ? value['cameras'] : undefined;
  const hasCamera = isPlain(cameras) && Object.hasOwn(cameras, ENV_CAMERA);
  const env = envLayers({ ...input.env, alsoKnown: variablesIn(value) }, hasCamera);
  const envProblems: ConfigProblem[] = env.trouble
    ? [
        {
          code: env.trouble.code,
          facts: env.trouble.facts,
          path: [],
          line: undefined,
          column: undefined,
          camera: undefined,
        },
      ]
    : [];
  const whole = isPlain(value) ? withEdits(merged(withEdits({}, env.under), value), env.over) : value;
  const fixed = env.over.map(({ path }) => path);
  const where = places(yaml, file, whole);
  const checked = configSchema.safeParse(whole);
  const data = (isPlain(value) ? value : {}) as Record<string, ConfigValue>;
  if (!checked.success) {
    return {
      ...nothing,
      value: data,
      fixed,
      problems: [...problemsOf(checked.error.issues, where, knownKeys), ...envProblems],
    };
  }
  const secretFiles: string[] = [];
  const { settings, mistakes } = settingsOf(checked.data, {
    folder: input.env.cwd,
    systemZone: input.env.systemZone,
    systemLanguage: systemLanguage(input.env.environment),
    secret: secretReader(input, env, secretFiles),
  });
  const problems = [
    ...mistakes.map(({ code, path, facts }) => cameraProblem(code, path, facts, where)),
    ...envProblems,
  ];
  if (problems.some(isWhole)) return { ...nothing, value: data, fixed, problems };
  return { settings, value: data, effective: checked.data, problems, secretFiles, fixed };
};
