// `.env` as a document: what `stillwatch config migrate` writes. Pure; secrets come out apart, to be kept in files.

import { parseEnv } from 'node:util';
import { Secret } from '../domain/secret.ts';
import type { ConfigValue } from '../ports/config-document.ts';
import { ENV_CAMERA, envLayers } from './env-layer.ts';
import type { EnvInput } from './legacy-env.ts';
import { withEdits } from './load.ts';
import { isFullUrl, streamAddress } from './stream-address.ts';
import { newYaml } from './yaml-text.ts';

export interface Migration {
  readonly text: string;
  /** To be written to `secrets/<name>`, mode 600. */
  readonly secrets: readonly { readonly name: string; readonly secret: Secret }[];
}

const HEAD = `yaml-language-server: $schema=docs/reference/stillwatch.schema.json
Made from .env. Every key: docs/reference/config.md`;

/** The password that the layer says lies in variable `name`: the variable itself, or inside the URL it holds. */
const passwordIn = (text: string): Secret => {
  const inUrl = isFullUrl(text.trim()) ? streamAddress(text.trim(), undefined, undefined)?.credentials : undefined;
  return inUrl?.password ?? new Secret(text);
};

/** @throws StillwatchError SW_CONFIG_*: the `.env` itself is not in order */
export const migration = (input: EnvInput): Migration => {
  const layers = envLayers(input, false);
  if (layers.trouble) throw layers.trouble;
  const file = input.text === undefined ? {} : parseEnv(input.text);
  const secrets: { name: string; secret: Secret }[] = [];
  const edits = layers.under.map((edit) => {
    if (edit.path.at(-1) !== 'password') return edit;
    const name = (edit.value as { readonly env: string }).env;
    secrets.splice(0, secrets.length, { name: ENV_CAMERA, secret: passwordIn(file[name] ?? '') });
    return { path: edit.path, value: { file: `secrets/${ENV_CAMERA}` } };
  });
  return { text: newYaml(withEdits({}, edits) as ConfigValue, HEAD), secrets };
};
