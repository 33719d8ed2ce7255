// Safe mode: a document with mistakes, and none that was good before. Its good parts are put in force, so that cameras that
// are fine are watched and the pages are there to mend it in.

import type { ConfigEdit, ConfigPath, ConfigProblem, ConfigValue } from '../ports/config-document.ts';
import { type LoadedConfig, withEdits } from './load.ts';
import { newYaml, readYaml } from './yaml-text.ts';

/** Mending one mistake may bring another to light: what holds between keys is checked last. */
const ROUNDS = 8;

/** What has to go: the key; the whole camera when something it needs is not there; of those who are told, the one receiver. */
const cut = ({ path, code }: ConfigProblem): ConfigPath => {
  if (path[0] === 'notifications') return path.slice(0, path[1] === 'webhooks' ? 3 : 2);
  if (path[0] !== 'cameras') return path.slice(0, 2);
  return path.slice(0, code === 'SW_CONFIG_ABSENT' ? 2 : 3);
};

/** Where things are; taken even from a text that cannot be read to its end. */
const PLACES: readonly ConfigPath[] = [
  ['store', 'folder'],
  ['store', 'rootCamera'],
  ['web', 'port'],
  ['web', 'bind'],
  ['site', 'zone'],
  ['site', 'language'],
];

const at = (value: unknown, path: ConfigPath): unknown =>
  path.reduce<unknown>(
    (here, key) => (typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[key] : undefined),
    value,
  );

const onlyPlaces = (value: unknown): unknown =>
  withEdits(
    {},
    PLACES.flatMap((path): ConfigEdit[] => {
      const found = at(value, path);
      return typeof found === 'string' || typeof found === 'number' ? [{ path, value: found }] : [];
    }),
  );

const withoutUndefined = (value: unknown): ConfigValue => JSON.parse(JSON.stringify(value ?? {})) as ConfigValue;

/** Who may look is not guessed at: with a mistake there, everybody logs in. */
const GUARDED: readonly ConfigEdit[] = [
  { path: ['web', 'publicView'], value: false },
  { path: ['web', 'loginToView'], value: true },
];

/** undefined: not even that. */
export const salvaged = (text: string, load: (text: string) => LoadedConfig): LoadedConfig | undefined => {
  const yaml = readYaml(text);
  const isTorn = yaml.problems.length > 0;
  let rest = isTorn ? onlyPlaces(yaml.value) : yaml.value;
  let isGuarded = isTorn;
  for (let round = 0; round < ROUNDS; round++) {
    const loaded = load(newYaml(withoutUndefined(isGuarded ? withEdits(rest, GUARDED) : rest), 'safe mode'));
    if (loaded.settings) return loaded;
    const cuts = loaded.problems.map(cut);
    // What is not in the document cannot be cut out of it.
    if (cuts.some((path) => path.length === 0)) return undefined;
    isGuarded ||= cuts.some(([section]) => section === 'web');
    rest = withEdits(
      rest,
      cuts.map((path) => ({ path, value: undefined })),
    );
  }
  return undefined;
};
