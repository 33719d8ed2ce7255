// The owner's configuration as a document that several may edit: read with a revision, edited only on top of that revision.

import type { ErrorFacts, StillwatchErrorCode } from '../domain/errors.ts';
import type { CameraId } from '../domain/ids.ts';
import type { Secret } from '../domain/secret.ts';

export type ConfigValue =
  | string
  | number
  | boolean
  | null
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue };

/** `['cameras', 'garden', 'calmPeriod']`; a number picks from a list. */
export type ConfigPath = readonly (string | number)[];

export interface ConfigEdit {
  readonly path: ConfigPath;
  /** undefined: the key is taken out. */
  readonly value: ConfigValue | undefined;
}

/** One mistake, with its place in the file. */
export interface ConfigProblem {
  readonly code: StillwatchErrorCode;
  readonly facts: ErrorFacts;
  readonly path: ConfigPath;
  /** From 1; undefined: it is not in the file. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** The only camera that it keeps from being watched; undefined: it concerns the whole document. */
  readonly camera: CameraId | undefined;
}

export interface ConfigReading {
  /** Another one after every change of the file, whoever made it. */
  readonly revision: string;
  /** The file's text, with the owner's comments; empty when there is no file. */
  readonly text: string;
  /** What the file says, without defaults; secrets are references to where they lie. Empty when it cannot be parsed. */
  readonly value: Readonly<Record<string, ConfigValue>>;
  /** What is wrong with it. Unless all are secrets that cannot be read, the file is not in force and the last good one is. */
  readonly problems: readonly ConfigProblem[];
  readonly isInForce: boolean;
  /** Keys that were changed and take effect at the next start. */
  readonly awaitsRestart: readonly string[];
  /** What is in force, in the document's words: environment, document, `.env`, and defaults for everything else. */
  readonly effective: Readonly<Record<string, ConfigValue>>;
  /** Keys that the environment sets: what the document says of them is not heard. */
  readonly fixed: readonly ConfigPath[];
}

/** What putting a text in force would come to. */
export interface ConfigForecast {
  readonly problems: readonly ConfigProblem[];
  /** undefined: it cannot be put in force. */
  readonly touches:
    | {
        readonly added: readonly CameraId[];
        readonly removed: readonly CameraId[];
        /** Watched anew. */
        readonly changed: readonly CameraId[];
        readonly renamed: readonly CameraId[];
        readonly awaitsRestart: readonly string[];
      }
    | undefined;
}

/** The one for editors, and the one OpenAPI 3.1 speaks. */
export type SchemaDraft = 'draft-7' | 'draft-2020-12';

export interface ConfigDocument {
  read(): ConfigReading;
  /**
   * Carries out all edits or none, keeps comments, and puts the result in force.
   * @throws StillwatchError SW_CONFIG_CHANGED when `revision` is not the present one, SW_CONFIG_PROBLEMS naming each
   * mistake the edits would make, SW_STORE_WRITE
   */
  edit(edits: readonly ConfigEdit[], revision: string): Promise<ConfigReading>;
  /** The same with the whole text, as an editor has it. A text with mistakes is refused. */
  write(text: string, revision: string): Promise<ConfigReading>;
  /** Writes nothing. */
  check(text: string): ConfigForecast;
  /** The text of a document that says what `.env` says, and the secrets that go to files of their own; undefined: no `.env`. */
  migration(): { readonly text: string; readonly secrets: ReadonlyMap<string, Secret> } | undefined;
  /** Keeps a secret in a file of its own that only the program's user reads. @returns what refers to it in the document */
  putSecret(name: string, secret: Secret): Promise<ConfigValue>;
  /** Takes away the file that `place` refers to, when it is one that `putSecret` made. */
  dropSecret(place: ConfigValue | undefined): Promise<void>;
  /** JSON Schema of the document. */
  schema(draft: SchemaDraft): Readonly<Record<string, unknown>>;
}
