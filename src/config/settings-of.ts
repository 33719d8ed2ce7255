// A checked document as the settings the program runs with: durations in milliseconds, addresses whole, secrets fetched.

import { resolve } from 'node:path';
import type { Camera, CertificateTrust, StillSettings, StreamAddress } from '../domain/camera.ts';
import { areasOf } from '../domain/drawn-areas.ts';
import type { ErrorFacts, Language, StillwatchErrorCode } from '../domain/errors.ts';
import { cameraId } from '../domain/ids.ts';
import type { CameraKeepRule, KeepRules } from '../domain/retention.ts';
import type { Schedule } from '../domain/schedule.ts';
import type { Credentials, Secret } from '../domain/secret.ts';
import { ms } from '../domain/units.ts';
import { hostOf } from '../domain/url-host.ts';
import type { ConfigPath } from '../ports/config-document.ts';
import { inboxSettings } from './inbox-settings.ts';
import { notificationSettings } from './notification-settings.ts';
import type { CameraConfig } from './schema/camera.ts';
import type { Config } from './schema/document.ts';
import { durationMs, type SecretPlace, sizeBytes } from './schema/words.ts';
import type { Settings, TlsSettings } from './settings.ts';
import { isFullUrl, streamAddress } from './stream-address.ts';

export interface Mistake {
  readonly code: StillwatchErrorCode;
  readonly path: ConfigPath;
  readonly facts: ErrorFacts;
}

export interface SettingsContext {
  /** Folder that relative paths start from. */
  readonly folder: string;
  readonly systemZone: string;
  readonly systemLanguage: Language;
  /** The secret that lies there, or why it cannot be read. */
  readonly secret: (place: SecretPlace) => Secret | { readonly detail: string };
}

const DAY = 86_400_000;
/** The values were checked: what cannot be parsed cannot be here. */
const time = (text: string): ReturnType<typeof ms> => ms(durationMs(text) ?? 0);
const bytes = (text: string): number => sizeBytes(text) ?? 0;

const scheduleOf = (plan: NonNullable<CameraConfig['schedule']>[number]): Schedule | undefined => {
  const window = time(plan.wait);
  if (plan.every !== undefined) return { type: 'every', every: time(plan.every), window };
  if (plan.at === undefined) return undefined;
  const [hour = '00', minute = '00', second = '00'] = plan.at.split(':');
  return { type: 'at', time: `${hour}-${minute}-${second}`, window };
};

const stillsOf = (config: CameraConfig, main: StreamAddress): StillSettings => {
  const { keepMain, snapshot, schedule, streamLimit } = config;
  const { credentials } = main;
  const isOwnHost = snapshot !== undefined && hostOf(snapshot) === hostOf(main.url);
  return {
    ...(keepMain ? { ring: { reach: time(keepMain.reach), mostBytes: bytes(keepMain.memory) } } : {}),
    ...(snapshot ? { snapshot: isOwnHost && credentials ? { url: snapshot, credentials } : { url: snapshot } } : {}),
    // The owner watches that very host: it is meant, be it this machine or not.
    ...(isOwnHost ? { allow: [hostOf(snapshot)] } : {}),
    ...(config.costlyLink ? { isLinkCostly: true } : {}),
    ...(streamLimit === undefined ? {} : { streamLimit }),
    ...(schedule ? { schedules: schedule.flatMap((plan) => scheduleOf(plan) ?? []) } : {}),
  };
};

const capital = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);

/** What holds between a camera's keys. */
const gaps = (id: string, config: CameraConfig): readonly Mistake[] => {
  const absent = (key: string): Mistake => ({ code: 'SW_CONFIG_ABSENT', path: ['cameras', id, key], facts: {} });
  const needsAddress = !(isFullUrl(config.main) && isFullUrl(config.sub));
  return [
    ...(needsAddress && config.address === undefined ? [absent('address')] : []),
    ...(config.user !== undefined && config.password === undefined ? [absent('password')] : []),
    ...(config.password !== undefined && config.user === undefined ? [absent('user')] : []),
    ...(config.triggers === 'events' && config.onvif?.enabled === false ? [absent('onvif')] : []),
  ];
};

const trustOf = (text: string): CertificateTrust =>
  text === 'any' || text === 'system' ? text : { sha256: text.replaceAll(':', '').toLowerCase() };

/** Unless somebody says otherwise the camera's own word is listened to where there is one. */
const witnesses = ({ triggers, onvif }: CameraConfig): Pick<Camera, 'motionBy' | 'onvif'> => {
  if (onvif?.enabled === false) return {};
  const isGuessed = onvif === undefined && (triggers === undefined || triggers === 'pixels');
  return {
    motionBy: triggers ?? 'both',
    onvif: {
      ...(onvif?.device === undefined ? {} : { device: onvif.device }),
      ...(onvif?.channels === undefined ? {} : { channels: onvif.channels }),
      ...(onvif?.certificate === undefined ? {} : { certificate: trustOf(onvif.certificate) }),
      ...(onvif?.plainBasic ? { plainBasic: true } : {}),
      ...(isGuessed ? { isGuessed } : {}),
    },
  };
};

const cameraOf = (
  id: string,
  config: CameraConfig,
  defaults: Config['defaults'],
  credentials: Credentials | undefined,
): Camera | undefined => {
  const main = streamAddress(config.main, config.address, credentials);
  const sub = streamAddress(config.sub, config.address, credentials);
  if (!main || !sub) return undefined;
  const areas = areasOf(config, config.sensitivity ?? defaults.sensitivity);
  return {
    id: cameraId(id),
    name: config.name ?? capital(id),
    streams: { main, sub },
    rules: {
      calmPeriod: time(config.calmPeriod ?? defaults.calmPeriod),
      longestEpisode: time(config.longestEpisode ?? defaults.longestEpisode),
    },
    isDemo: false,
    stills: stillsOf(config, main),
    ...witnesses(config),
    motion: {
      mode: config.mode ?? defaults.mode,
      ...(areas.length > 0 ? { areas } : {}),
      ...(config.threshold === undefined ? {} : { threshold: config.threshold }),
    },
  };
};

const keepRuleOf = (
  days: number | undefined,
  stills: number | undefined,
  size: string | undefined,
): CameraKeepRule => ({
  ...(days === undefined ? {} : { age: ms(days * DAY) }),
  ...(stills === undefined ? {} : { stills }),
  ...(size === undefined ? {} : { bytes: bytes(size) }),
});

const keepRulesOf = (config: Config): KeepRules => {
  const { keep } = config;
  const each = keepRuleOf(keep.days, keep.photos, undefined);
  const cameras = Object.fromEntries(
    Object.entries(config.cameras).flatMap(([id, { keep: own }]) =>
      own ? [[id, { ...each, ...keepRuleOf(own.days, own.photos, own.size) }]] : [],
    ),
  );
  const isSaid = Object.keys(keep).length > 0 || Object.keys(cameras).length > 0;
  return {
    each,
    cameras,
    ...(keep.size === undefined ? {} : { bytes: bytes(keep.size) }),
    free: keep.free === undefined ? undefined : bytes(keep.free),
    // What another program left is only touched by a rule that the owner wrote.
    includesFound: isSaid,
  };
};

/** Files from the document's folder; nothing when neither is wanted. */
const tlsOf = (tls: Config['web']['tls'], folder: string): { readonly tls?: TlsSettings } => {
  if (tls?.certificate !== undefined && tls.key !== undefined)
    return { tls: { certificate: resolve(folder, tls.certificate), key: resolve(folder, tls.key) } };
  return tls?.selfSigned ? { tls: 'self-signed' } : {};
};

/** A camera with a mistake of its own is left out, and the mistake told; the others are not touched by it. */
export const settingsOf = (
  config: Config,
  context: SettingsContext,
): { readonly settings: Settings; readonly mistakes: readonly Mistake[] } => {
  const mistakes: Mistake[] = [];
  const cameras: Camera[] = [];
  for (const [id, camera] of Object.entries(config.cameras)) {
    if (!camera.enabled) continue;
    const missing = gaps(id, camera);
    mistakes.push(...missing);
    if (missing.length > 0) continue;
    const { user, password } = camera;
    let credentials: Credentials | undefined;
    if (user !== undefined && password !== undefined) {
      const secret = context.secret(password);
      if ('detail' in secret) {
        const [kind = '', place = ''] = Object.entries(password)[0] ?? [];
        const facts = { place: `${kind} ${place}`, detail: secret.detail };
        mistakes.push({ code: 'SW_CONFIG_SECRET', path: ['cameras', id, 'password'], facts });
        continue;
      }
      credentials = { user, password: secret };
    }
    const made = cameraOf(id, camera, config.defaults, credentials);
    if (made) cameras.push(made);
  }
  const { accounts, web, site, store } = config;
  const inbox = config.inbox && inboxSettings(config.inbox, context.secret);
  const told = config.notifications && notificationSettings(config.notifications, context.secret);
  mistakes.push(...(inbox?.mistakes ?? []), ...(told?.mistakes ?? []));
  return {
    settings: {
      cameras,
      ...(inbox ? { inbox: inbox.inbox } : {}),
      ...(told ? { notifications: told.notifications } : {}),
      rootCamera: store.rootCamera === undefined ? undefined : cameraId(store.rootCamera),
      snapshotsDir: resolve(context.folder, store.folder),
      zone: site.zone ?? context.systemZone,
      language: site.language ?? context.systemLanguage,
      keep: keepRulesOf(config),
      accounts: {
        idle: time(accounts.idle),
        longest: time(accounts.longest),
        passwordLength: accounts.passwordLength,
      },
      web: {
        port: web.port,
        bind: web.bind,
        isPublic: web.publicView,
        loginToView: web.loginToView,
        trustProxy: web.trustProxy,
        ...tlsOf(web.tls, context.folder),
      },
    },
    mistakes,
  };
};
