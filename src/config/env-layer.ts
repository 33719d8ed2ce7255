// The first program's `.env` and the environment, said in the words of the document: what is laid under and over it.

import { parseEnv } from 'node:util';
import { type StillwatchError, toStillwatchError } from '../domain/errors.ts';
import type { ConfigEdit, ConfigPath, ConfigValue } from '../ports/config-document.ts';
import { type EnvInput, settingsFromEnv } from './legacy-env.ts';
import { isFullUrl, streamAddress } from './stream-address.ts';

/** The key of the `.env` file's one camera. */
export const ENV_CAMERA = 'tapo';

export interface EnvLayers {
  /** From `.env`: under the document. */
  readonly under: readonly ConfigEdit[];
  /** From the environment: over the document. */
  readonly over: readonly ConfigEdit[];
  /** The first mistake in either. */
  readonly trouble: StillwatchError | undefined;
  /** A variable of the environment, else of `.env`. */
  variable(name: string): string | undefined;
}

interface Said {
  readonly path: ConfigPath;
  readonly value: (text: string) => ConfigValue | undefined;
}

const ofCamera = (key: string, value: Said['value']): readonly Said[] => [
  { path: ['cameras', ENV_CAMERA, key], value },
];
const at = (path: ConfigPath, value: Said['value']): readonly Said[] => [{ path, value }];

const asText = (text: string): string => text.trim();
const asNumber = (text: string): number => Number(text.trim());
const asSeconds = (text: string): string => `${asNumber(text)}s`;
const asGigabytes = (text: string): string => `${asNumber(text)}GB`;

const loginIn = (text: string): { readonly user: string } | undefined =>
  isFullUrl(text.trim()) ? streamAddress(text.trim(), undefined, undefined)?.credentials : undefined;

/** A stream; a user and password inside its URL are said apart from it, the password by where it lies. */
const asStream = (key: 'main' | 'sub', name: string): readonly Said[] => [
  {
    path: ['cameras', ENV_CAMERA, key],
    value: (text) => (loginIn(text) ? streamAddress(text.trim(), '', undefined)?.url : asText(text)),
  },
  { path: ['cameras', ENV_CAMERA, 'user'], value: (text) => loginIn(text)?.user },
  { path: ['cameras', ENV_CAMERA, 'password'], value: (text) => (loginIn(text) ? { env: name } : undefined) },
];

/** Every key of `.env`; the order decides when two say the same. */
const SAID: Readonly<Record<string, readonly Said[]>> = {
  RTSP_SUB: asStream('sub', 'RTSP_SUB'),
  RTSP_MAIN: asStream('main', 'RTSP_MAIN'),
  CAMERA_IP: ofCamera('address', asText),
  USRNAME: ofCamera('user', asText),
  PASSWORD: ofCamera('password', () => ({ env: 'PASSWORD' })),
  CALM_PERIOD: ofCamera('calmPeriod', asSeconds),
  LONGEST_EPISODE: ofCamera('longestEpisode', asSeconds),
  TRIGGERS: ofCamera('triggers', asText),
  ONVIF: [
    { path: ['cameras', ENV_CAMERA, 'onvif', 'enabled'], value: (text) => (text.trim() === 'off' ? false : undefined) },
    {
      path: ['cameras', ENV_CAMERA, 'onvif', 'device'],
      value: (text) => (/^(?:auto|off)$/.test(text.trim()) ? undefined : asText(text)),
    },
  ],
  PORT: at(['web', 'port'], asNumber),
  BIND: at(['web', 'bind'], asText),
  PUBLIC_VIEW: at(['web', 'publicView'], (text) => text.trim() === '1'),
  LOGIN_TO_VIEW: at(['web', 'loginToView'], (text) => text.trim() === '1'),
  TRUST_PROXY: at(['web', 'trustProxy'], (text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  ),
  TLS_CERT: at(['web', 'tls', 'certificate'], asText),
  TLS_KEY: at(['web', 'tls', 'key'], asText),
  TLS_SELF_SIGNED: at(['web', 'tls', 'selfSigned'], (text) => text.trim() === '1'),
  SNAPSHOTS_DIR: at(['store', 'folder'], asText),
  TIME_ZONE: at(['site', 'zone'], asText),
  STILLWATCH_LANG: at(['site', 'language'], asText),
  KEEP_DAYS: at(['keep', 'days'], asNumber),
  KEEP_GB: at(['keep', 'size'], asGigabytes),
  KEEP_PHOTOS: at(['keep', 'photos'], asNumber),
  KEEP_FREE: at(['keep', 'free'], asGigabytes),
};

type Values = Readonly<Record<string, string | undefined>>;

const said = (values: Values, isCamera: boolean): readonly ConfigEdit[] =>
  Object.entries(SAID).flatMap(([key, meanings]) => {
    const text = values[key];
    if (text === undefined) return [];
    return meanings.flatMap(({ path, value }) => {
      const meant = value(text);
      return meant === undefined || (path[0] === 'cameras' && !isCamera) ? [] : [{ path, value: meant }];
    });
  });

const isAddressed = (values: Values): boolean =>
  values['CAMERA_IP'] !== undefined || (isFullUrl(values['RTSP_MAIN'] ?? '') && isFullUrl(values['RTSP_SUB'] ?? ''));

/** Enough for the checks to look at everything else, when there is no camera in it. */
const NO_CAMERA: Values = { CAMERA_IP: 'none', USRNAME: 'none', PASSWORD: 'none' };

/** `hasCamera`: the document itself names the camera these keys are about. */
export const envLayers = (input: EnvInput, hasCamera: boolean): EnvLayers => {
  const file = input.text === undefined ? {} : (parseEnv(input.text) as Values);
  const { environment } = input;
  const both: Values = { ...file, ...environment };
  const isCamera = isAddressed(both);
  let trouble: StillwatchError | undefined;
  try {
    settingsFromEnv(isCamera ? input : { ...input, environment: { ...NO_CAMERA, ...both } });
  } catch (thrown) {
    const error = toStillwatchError(thrown);
    // What the document says of the camera fills the gap.
    if (error.code !== 'SW_CONFIG_MISSING' || !hasCamera) trouble = error;
  }
  const about = isCamera || hasCamera;
  const under = said(file, about);
  return {
    under: isCamera
      ? [
          { path: ['cameras', ENV_CAMERA, 'name'], value: 'Tapo' },
          { path: ['store', 'rootCamera'], value: ENV_CAMERA },
          ...under,
        ]
      : under,
    over: said(environment, about),
    trouble,
    variable: (name) => both[name],
  };
};
