// The `inbox` part of a checked document as the settings its doors run with. A camera with a mistake is left out and told.

import type { ErrorFacts, StillwatchErrorCode } from '../domain/errors.ts';
import { type CameraId, cameraId } from '../domain/ids.ts';
import type { FetchRule, ImapRule, InboxCamera, InboxSettings, RecognitionRule } from '../domain/inbox.ts';
import type { Secret } from '../domain/secret.ts';
import { ms } from '../domain/units.ts';
import type { ConfigPath } from '../ports/config-document.ts';
import type { InboxCameraConfig, InboxConfig } from './schema/inbox.ts';
import { durationMs, type SecretPlace, sizeBytes } from './schema/words.ts';

interface Mistake {
  readonly code: StillwatchErrorCode;
  readonly path: ConfigPath;
  readonly facts: ErrorFacts;
}

export type ReadSecret = (place: SecretPlace) => Secret | { readonly detail: string };

/** Shorter keys are guessed; longer ones do not fit into cameras. */
const LEAST_KEY = 12;

const time = (text: string): ReturnType<typeof ms> => ms(durationMs(text) ?? 0);
const bytes = (text: string): number => sizeBytes(text) ?? 0;
const capital = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);

class Wrong extends Error {
  readonly mistake: Mistake;
  constructor(mistake: Mistake) {
    super(mistake.code);
    this.mistake = mistake;
  }
}

const reader =
  (secret: ReadSecret) =>
  (place: SecretPlace, path: ConfigPath): Secret => {
    const found = secret(place);
    if (!('detail' in found)) return found;
    const [kind = '', where = ''] = Object.entries(place)[0] ?? [];
    throw new Wrong({ code: 'SW_CONFIG_SECRET', path, facts: { place: `${kind} ${where}`, detail: found.detail } });
  };

type Read = ReturnType<typeof reader>;

const fetchRule = (config: NonNullable<InboxCameraConfig['fetch']>, read: Read, path: ConfigPath): FetchRule => {
  const { url, every, user, password, bearer, authority, certificate, allow } = config;
  return {
    url,
    ...(every === undefined ? {} : { every: time(every) }),
    ...(user === undefined || password === undefined
      ? {}
      : { credentials: { user, password: read(password, [...path, 'password']) } }),
    ...(bearer === undefined ? {} : { bearer: read(bearer, [...path, 'bearer']) }),
    ...(authority === undefined ? {} : { authority: read({ file: authority }, [...path, 'authority']).reveal() }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(allow === undefined ? {} : { allow }),
  };
};

const recognitionRule = ({
  through,
  path,
  mail,
  exif,
}: NonNullable<InboxCameraConfig['recognise']>): RecognitionRule => ({
  ...(through === undefined ? {} : { through: cameraId(through) }),
  ...(path === undefined ? {} : { path }),
  ...(mail === undefined ? {} : { mail }),
  ...(exif === undefined ? {} : { exif }),
});

const cameraOf = (id: CameraId, config: InboxCameraConfig, read: Read): InboxCamera => {
  const path: ConfigPath = ['inbox', 'cameras', id];
  const key = config.key && read(config.key, [...path, 'key']);
  if (config.key && key && key.reveal().length < LEAST_KEY) {
    const facts = { place: Object.values(config.key).join(''), detail: `shorter than ${LEAST_KEY} characters` };
    throw new Wrong({ code: 'SW_CONFIG_SECRET', path: [...path, 'key'], facts });
  }
  const { limits, zone, keepClips, fetch, recognise } = config;
  return {
    id,
    name: config.name ?? capital(id),
    ...(key ? { key } : {}),
    ...(recognise ? { recognise: recognitionRule(recognise) } : {}),
    limits: {
      pictureBytes: bytes(limits.picture),
      clipBytes: bytes(limits.clip),
      picturesPerMinute: limits.perMinute,
      bytesPerDay: bytes(limits.perDay),
      ...(limits.month === undefined ? {} : { monthBudget: bytes(limits.month) }),
    },
    ...(zone === undefined ? {} : { zone }),
    ...(keepClips === undefined ? {} : { keepClips: time(keepClips) }),
    ...(fetch === undefined ? {} : { fetch: fetchRule(fetch, read, [...path, 'fetch']) }),
  };
};

const imapRule = (config: NonNullable<InboxConfig['imap']>, read: Read): ImapRule => ({
  host: config.host,
  port: config.port,
  tls: config.tls,
  credentials: { user: config.user, password: read(config.password, ['inbox', 'imap', 'password']) },
  folder: config.folder,
  every: time(config.every),
  ...(config.authority === undefined
    ? {}
    : { authority: read({ file: config.authority }, ['inbox', 'imap', 'authority']).reveal() }),
});

export const inboxSettings = (
  config: InboxConfig,
  secret: ReadSecret,
): { readonly inbox: InboxSettings; readonly mistakes: readonly Mistake[] } => {
  const read = reader(secret);
  const mistakes: Mistake[] = [];
  const orTell = <T>(make: () => T): T | undefined => {
    try {
      return make();
    } catch (thrown) {
      if (!(thrown instanceof Wrong)) throw thrown;
      mistakes.push(thrown.mistake);
      return undefined;
    }
  };
  const cameras = Object.entries(config.cameras)
    .map(([id, camera]) => orTell(() => cameraOf(cameraId(id), camera, read)))
    .filter((camera) => camera !== undefined);
  const { http, ftp, mail } = config;
  const imap = config.imap && orTell(() => imapRule(config.imap as NonNullable<InboxConfig['imap']>, read));
  const { tls: files } = config;
  const tls =
    files &&
    orTell(() => ({
      key: read(files.key, ['inbox', 'tls', 'key']),
      certificate: read({ file: files.certificate }, ['inbox', 'tls', 'certificate']).reveal(),
    }));
  const tlsPortOf = (rule: { readonly tlsPort?: number | undefined }): { readonly tlsPort?: number } =>
    rule.tlsPort === undefined ? {} : { tlsPort: rule.tlsPort };
  return {
    inbox: {
      cameras,
      bind: config.bind,
      ...(config.host === undefined ? {} : { host: config.host }),
      ...(http
        ? { http: { plain: http.plain, ...tlsPortOf(http), ...(http.port === undefined ? {} : { port: http.port }) } }
        : {}),
      ...(ftp
        ? {
            ftp: {
              port: ftp.port,
              passivePorts: ftp.passivePorts,
              allowsActive: ftp.active,
              plain: ftp.plain,
              ...tlsPortOf(ftp),
              ...(ftp.publicAddress === undefined ? {} : { publicAddress: ftp.publicAddress }),
            },
          }
        : {}),
      ...(mail ? { mail: { port: mail.port, plain: mail.plain, ...tlsPortOf(mail) } } : {}),
      ...(imap ? { imap } : {}),
      ...(tls ? { tls } : {}),
      burstGap: time(config.burstGap),
      burstWait: time(config.burstWait),
    },
    mistakes,
  };
};
