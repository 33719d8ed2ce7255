// The first program's `.env`: one camera in five lines. Environment variables win over the file, as they did there.

import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { basename, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { ACCOUNT_POLICY } from '../domain/account.ts';
import { parseBlock } from '../domain/address-policy.ts';
import { type Camera, MOTION_WITNESSES, type OnvifSettings, type StreamAddress } from '../domain/camera.ts';
import { isTimeZone } from '../domain/civil-time.ts';
import { type ErrorFacts, type Language, StillwatchError } from '../domain/errors.ts';
import { isPlainHttpUrl } from '../domain/http-address.ts';
import { cameraId } from '../domain/ids.ts';
import type { KeepRules } from '../domain/retention.ts';
import { type Credentials, Secret } from '../domain/secret.ts';
import { ms, seconds } from '../domain/units.ts';
import type { Settings, TlsSettings } from './settings.ts';
import { hostAndPort, isFullUrl, streamAddress } from './stream-address.ts';
import { closest } from './suggestion.ts';

interface EnvKey {
  readonly example: string;
  /** Used when the key is absent; undefined: the key must be there (or, for the optional ones, may be left out). */
  readonly fallback?: string;
  readonly isOptional?: true;
  readonly en: string;
}

/** Every key, in the order of the documentation. docs/reference/config.md must list exactly these. */
export const ENV_KEYS: Readonly<Record<string, EnvKey>> = {
  CAMERA_IP: { example: '192.168.1.50', en: 'Address of the camera; an RTSP port may follow: 192.168.1.50:8554.' },
  USRNAME: { example: 'admin', en: 'User of the camera account.' },
  PASSWORD: { example: 'your-password', en: 'Password of the camera account.' },
  CALM_PERIOD: { example: '10', fallback: '10', en: 'Seconds without motion before the photo is taken (0.5–3600).' },
  PORT: { example: '10000', fallback: '10000', en: 'Port of the web server.' },
  RTSP_MAIN: {
    example: 'stream1',
    fallback: 'stream1',
    en: 'Path or full URL of the full-resolution stream the photo is taken from.',
  },
  RTSP_SUB: {
    example: 'stream2',
    fallback: 'stream2',
    en: 'Path or full URL of the low-resolution stream that is watched.',
  },
  SNAPSHOTS_DIR: { example: './snapshots', fallback: 'snapshots', en: 'Folder of the photos.' },
  LONGEST_EPISODE: {
    example: '300',
    fallback: '300',
    en: 'Seconds after which a happening that never calms is photographed anyway (10–86400).',
  },
  TIME_ZONE: {
    example: 'Europe/Copenhagen',
    isOptional: true,
    en: 'Time zone of the site; the system’s own by default.',
  },
  STILLWATCH_LANG: { example: 'da', isOptional: true, en: 'Language of pages and messages: en or da.' },
  BIND: { example: '127.0.0.1', fallback: '0.0.0.0', en: 'Address the web server listens on.' },
  PUBLIC_VIEW: {
    example: '1',
    fallback: '0',
    en: '1 lets anyone who reaches the server see the photos without login; 0 only this private network.',
  },
  TRIGGERS: {
    example: 'both',
    fallback: 'both',
    en: 'Whose word opens a happening: the camera’s own ONVIF events (`events`: nothing is decoded), the `pixels`, or `both`. A camera without ONVIF is watched by its pixels.',
  },
  ONVIF: {
    example: 'http://192.168.1.50:2020/onvif/device_service',
    fallback: 'auto',
    en: 'Address of the camera’s ONVIF service; `auto` looks for it on the usual ports; `off` leaves it alone.',
  },
  LOGIN_TO_VIEW: {
    example: '1',
    fallback: '0',
    en: '1 asks for a login on this private network too; 0 lets it look without.',
  },
  TRUST_PROXY: {
    example: '127.0.0.1',
    isOptional: true,
    en: 'Addresses or blocks, with commas between, of the proxies in front of the program whose X-Forwarded-For and X-Forwarded-Proto are believed. Visitors through a proxy always log in. Without it no such header is believed.',
  },
  TLS_CERT: {
    example: '/etc/letsencrypt/live/cam.example.org/fullchain.pem',
    isOptional: true,
    en: 'File of a certificate and its chain: HTTPS without a proxy. Renewed files are in force within a minute.',
  },
  TLS_KEY: {
    example: '/etc/letsencrypt/live/cam.example.org/privkey.pem',
    isOptional: true,
    en: 'File of its key.',
  },
  TLS_SELF_SIGNED: {
    example: '1',
    fallback: '0',
    en: '1: HTTPS with a certificate made at the first start; browsers ask once whether to trust it.',
  },
  KEEP_DAYS: {
    example: '365',
    isOptional: true,
    en: 'Photos older than so many days are taken away (1–36500). Without it no photo is too old. Favourites stay for ever; with any KEEP_ key also photos of another program may go, last of all.',
  },
  KEEP_GB: {
    example: '200',
    isOptional: true,
    en: 'Photos take at most so many gigabytes; the oldest go first (0.01–1000000). Without it the disk’s free space decides.',
  },
  KEEP_PHOTOS: {
    example: '100000',
    isOptional: true,
    en: 'So many photos are kept of a camera; the oldest go first (1–100000000). Without it their number does not matter.',
  },
  KEEP_FREE: {
    example: '2',
    isOptional: true,
    en: 'Gigabytes left free on the disk; the oldest photos go first, none younger than a day (0–100000; 0 switches it off). By default a twentieth of the disk, 0.5 at least and 2 at most, and photos of another program are left alone.',
  },
};

/** Keys of other programs that are commonly kept in the same file. */
const FOREIGN = /^(NODE_|PM2_|npm_)|^(TZ|LANG|LC_ALL|DEBUG|NO_COLOR|FORCE_COLOR|LOG_LEVEL|PATH|HOME)$/;

export interface EnvInput {
  /** Text of the `.env` file, undefined when there is none. */
  readonly text: string | undefined;
  /** How the file is called in messages. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  readonly systemZone: string;
  /** Keys of the file that somebody else reads. */
  readonly alsoKnown?: ReadonlySet<string>;
}

/** A key is whatever stands before the sign: it may hold what means something in a pattern. */
const lineOf = (text: string, key: string): number =>
  1 +
  text.split(/\r?\n/).findIndex((line) => {
    const before = line.slice(0, Math.max(0, line.indexOf('=')));
    return before.replace(/^\s*(?:export\s+)?/, '').trimEnd() === key;
  });

const wrong = (
  code: 'SW_CONFIG_NUMBER' | 'SW_CONFIG_ADDRESS' | 'SW_CONFIG_STREAM' | 'SW_CONFIG_CHOICE',
  key: string,
  facts: ErrorFacts = {},
): StillwatchError => new StillwatchError(code, { key, example: ENV_KEYS[key]?.example ?? '', ...facts });

const checkUnknown = (input: EnvInput, parsed: Readonly<Record<string, string | undefined>>): void => {
  for (const key of Object.keys(parsed)) {
    if (Object.hasOwn(ENV_KEYS, key) || FOREIGN.test(key) || input.alsoKnown?.has(key)) continue;
    throw new StillwatchError('SW_CONFIG_UNKNOWN_KEY', {
      file: input.file,
      line: lineOf(input.text ?? '', key),
      key,
      suggestion: closest(key, Object.keys(ENV_KEYS)),
    });
  }
};

/** A value of the environment or the file, trimmed. Set but empty is an error: the owner meant something by it. */
const valueReader =
  (input: EnvInput, parsed: Readonly<Record<string, string | undefined>>) =>
  (key: string): string | undefined => {
    const raw = input.environment[key] ?? parsed[key];
    if (raw === undefined) return ENV_KEYS[key]?.fallback;
    const value = key === 'PASSWORD' ? raw : raw.trim();
    if (value === '')
      throw new StillwatchError('SW_CONFIG_EMPTY', { key, file: input.file, example: ENV_KEYS[key]?.example ?? '' });
    return value;
  };

const number = (key: string, value: string, least: number, most: number, whole: boolean): number => {
  const schema = (whole ? z.coerce.number().int() : z.coerce.number()).min(least).max(most);
  const result = /^[\d.]+$/.test(value) ? schema.safeParse(value) : undefined;
  if (!result?.success) throw wrong('SW_CONFIG_NUMBER', key, { value, least, most });
  return result.data;
};

const choice = <T extends string>(key: string, value: string, choices: readonly T[]): T => {
  const found = choices.find((one) => one === value);
  if (found === undefined) throw wrong('SW_CONFIG_CHOICE', key, { value, choices: choices.join(' / ') });
  return found;
};

/** The value itself stays out of the error: it may hold a password. */
const hostOf = (text: string): string => {
  const host = hostAndPort(text);
  if (host === undefined) throw wrong('SW_CONFIG_ADDRESS', 'CAMERA_IP');
  return host;
};

const streamOf = (
  key: string,
  value: string,
  host: string | undefined,
  credentials: Credentials | undefined,
): StreamAddress => {
  const address = streamAddress(value, host, credentials);
  if (!address) throw wrong('SW_CONFIG_STREAM', key);
  return address;
};

/** undefined: left alone. */
const onvifSettings = (value: string): OnvifSettings | undefined => {
  if (value === 'off') return undefined;
  if (value === 'auto') return { isGuessed: true };
  if (!isPlainHttpUrl(value)) {
    // Not the value itself: it may hold a password.
    throw wrong('SW_CONFIG_CHOICE', 'ONVIF', { value: '•••', choices: 'auto / off / http://192.168.1.50:2020/…' });
  }
  return { device: value };
};

const GB = 1e9;
const DAY_MS = 86_400_000;

const keepRules = (read: (key: string) => string | undefined): KeepRules => {
  const limit = (key: string, least: number, most: number, whole: boolean): number | undefined => {
    const value = read(key);
    return value === undefined ? undefined : number(key, value, least, most, whole);
  };
  const days = limit('KEEP_DAYS', 1, 36_500, false);
  const gigabytes = limit('KEEP_GB', 0.01, 1_000_000, false);
  const stills = limit('KEEP_PHOTOS', 1, 100_000_000, true);
  const free = limit('KEEP_FREE', 0, 100_000, false);
  return {
    each: { ...(days === undefined ? {} : { age: ms(days * DAY_MS) }), ...(stills === undefined ? {} : { stills }) },
    cameras: {},
    ...(gigabytes === undefined ? {} : { bytes: gigabytes * GB }),
    free: free === undefined ? undefined : free * GB,
    // What another program left is only touched by a rule that the owner wrote.
    includesFound: [days, gigabytes, stills, free].some((value) => value !== undefined),
  };
};

const proxies = (value: string | undefined): readonly string[] => {
  const entries = (value ?? '').split(',').map((entry) => entry.trim());
  const wanted = entries.filter((entry) => entry !== '');
  const odd = wanted.find((entry) => parseBlock(entry) === undefined);
  if (odd !== undefined)
    throw wrong('SW_CONFIG_CHOICE', 'TRUST_PROXY', { value: odd, choices: '127.0.0.1, 10.0.0.0/8, …' });
  return wanted;
};

const tlsSettings = (
  cwd: string,
  read: (key: string) => string | undefined,
  isSelfSigned: boolean,
): { readonly tls?: TlsSettings } => {
  const [certificate, key] = [read('TLS_CERT'), read('TLS_KEY')];
  if (certificate !== undefined && key !== undefined)
    return { tls: { certificate: resolve(cwd, certificate), key: resolve(cwd, key) } };
  const [odd, missing] = certificate === undefined ? ['TLS_KEY', 'TLS_CERT'] : ['TLS_CERT', 'TLS_KEY'];
  if (certificate !== key) throw wrong('SW_CONFIG_CHOICE', odd, { value: certificate ?? key ?? '', choices: missing });
  return isSelfSigned ? { tls: 'self-signed' } : {};
};

/**
 * Settings from the `.env` text and the environment. Pure, so that every mistake is a table test.
 * @throws StillwatchError SW_CONFIG_* naming the key
 */
export const settingsFromEnv = (input: EnvInput): Settings => {
  const parsed = input.text === undefined ? {} : (parseEnv(input.text) as Record<string, string | undefined>);
  checkUnknown(input, parsed);
  const read = valueReader(input, parsed);
  const must = (key: string): string => {
    const value = read(key);
    if (value === undefined)
      throw new StillwatchError('SW_CONFIG_MISSING', { key, file: input.file, example: ENV_KEYS[key]?.example ?? '' });
    return value;
  };
  const main = must('RTSP_MAIN');
  const sub = must('RTSP_SUB');
  // With two full URLs nothing else is needed to reach the camera.
  const isComplete = isFullUrl(main) && isFullUrl(sub);
  const address = isComplete ? read('CAMERA_IP') : must('CAMERA_IP');
  const host = address === undefined ? undefined : hostOf(address);
  const user = isComplete ? read('USRNAME') : must('USRNAME');
  const password = isComplete ? read('PASSWORD') : must('PASSWORD');
  const credentials = user === undefined ? undefined : { user, password: new Secret(password ?? '') };
  const zone = read('TIME_ZONE') ?? input.systemZone;
  if (!isTimeZone(zone))
    throw wrong('SW_CONFIG_CHOICE', 'TIME_ZONE', { value: zone, choices: 'Europe/Copenhagen, America/New_York, …' });
  const systemLanguage = /^da/i.test(input.environment['LC_ALL'] ?? input.environment['LANG'] ?? '') ? 'da' : 'en';
  const language = choice<Language>('STILLWATCH_LANG', read('STILLWATCH_LANG') ?? systemLanguage, ['en', 'da']);
  const bind = must('BIND');
  if (isIP(bind) === 0 && bind !== 'localhost') {
    throw wrong('SW_CONFIG_CHOICE', 'BIND', { value: bind, choices: '0.0.0.0 / 127.0.0.1 / ::' });
  }
  const isPublic = choice('PUBLIC_VIEW', must('PUBLIC_VIEW'), ['0', '1']) === '1';

  const motionBy = choice('TRIGGERS', must('TRIGGERS'), MOTION_WITNESSES);
  const onvif = onvifSettings(must('ONVIF'));
  if (!onvif && motionBy === 'events')
    throw wrong('SW_CONFIG_CHOICE', 'TRIGGERS', { value: motionBy, choices: 'pixels (ONVIF=off)' });

  const camera: Camera = {
    id: cameraId('tapo'),
    name: 'Tapo',
    streams: {
      main: streamOf('RTSP_MAIN', main, host, credentials),
      sub: streamOf('RTSP_SUB', sub, host, credentials),
    },
    rules: {
      calmPeriod: seconds(number('CALM_PERIOD', must('CALM_PERIOD'), 0.5, 3600, false)),
      longestEpisode: seconds(number('LONGEST_EPISODE', must('LONGEST_EPISODE'), 10, 86_400, false)),
    },
    isDemo: false,
    ...(onvif ? { motionBy, onvif } : {}),
  };
  return {
    cameras: [camera],
    rootCamera: camera.id,
    snapshotsDir: resolve(input.cwd, must('SNAPSHOTS_DIR')),
    zone,
    language,
    accounts: ACCOUNT_POLICY,
    keep: keepRules(read),
    web: {
      port: number('PORT', must('PORT'), 1, 65_535, true),
      bind,
      isPublic,
      loginToView: choice('LOGIN_TO_VIEW', must('LOGIN_TO_VIEW'), ['0', '1']) === '1',
      trustProxy: proxies(read('TRUST_PROXY')),
      ...tlsSettings(input.cwd, read, choice('TLS_SELF_SIGNED', must('TLS_SELF_SIGNED'), ['0', '1']) === '1'),
    },
  };
};

/** Text of `.env` in `cwd`; undefined when there is none. @throws StillwatchError SW_CONFIG_UNREADABLE */
export const readEnvFile = (cwd: string): string | undefined => {
  const file = resolve(cwd, '.env');
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return undefined;
    throw new StillwatchError('SW_CONFIG_UNREADABLE', { file: basename(file), detail: String(code) });
  }
};

/** Reads `.env` in `cwd`, if there is one, and the process's environment. @throws StillwatchError SW_CONFIG_* */
export const loadEnvSettings = (cwd: string, environment: Readonly<Record<string, string | undefined>>): Settings => {
  const systemZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  return settingsFromEnv({ text: readEnvFile(cwd), file: '.env', environment, cwd, systemZone });
};
