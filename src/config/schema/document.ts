// The whole of `stillwatch.yml`. One schema checks it, fills its defaults, and is published for editors.

import { isIP } from 'node:net';
import { z } from 'zod';
import { parseBlock } from '../../domain/address-policy.ts';
import { MOTION_MODES, type MotionMode } from '../../domain/camera.ts';
import { isTimeZone } from '../../domain/civil-time.ts';
import { isCameraId } from '../../domain/ids.ts';
import type { SchemaDraft } from '../../ports/config-document.ts';
import { type CameraConfig, cameraSchema } from './camera.ts';
import { type InboxConfig, inboxSchema } from './inbox.ts';
import { type NotificationsConfig, notificationsSchema } from './notifications.ts';
import { about, amount, choice, duration, fitText, MAP_WANTED, size, text, wanted, whole, yesNo } from './words.ts';

const site = z
  .strictObject(
    {
      zone: fitText(isTimeZone, 'a time zone such as Europe/Copenhagen', 'en tidszone som Europe/Copenhagen')
        .optional()
        .meta({
          description: about(
            'Time zone of the site; names folders and files. Default: the system’s.',
            'when the machine stands elsewhere or runs in UTC. Takes effect at the next start.',
          ),
          examples: ['Europe/Copenhagen'],
        }),
      language: choice(['en', 'da'])
        .optional()
        .meta({
          description: about(
            'Language of pages and messages for those whose browser asks for neither. Default: the system’s.',
            'to your own.',
          ),
          examples: ['da'],
        }),
    },
    { error: MAP_WANTED },
  )
  .prefault({})
  .meta({ description: 'The place that is watched.' });

const store = z
  .strictObject(
    {
      folder: text(1000)
        .default('snapshots')
        .meta({
          description: about(
            'Folder of the photos, from the folder of this file.',
            'to put them on a larger disk. Takes effect at the next start.',
          ),
        }),
      rootCamera: fitText(isCameraId, 'the key of a camera', 'et kameras nøgle')
        .optional()
        .meta({
          description: about(
            'The camera whose photos lie at the folder’s root, as the first program laid them; the others have a folder each.',
            'never: photos that are there already would be taken for another camera’s.',
          ),
          examples: ['tapo'],
        }),
    },
    { error: MAP_WANTED },
  )
  .prefault({})
  .meta({ description: 'Where photos lie.' });

const keep = z
  .strictObject(
    {
      days: amount(1, 36_500)
        .optional()
        .meta({
          description: about(
            'Photos older than so many days go; favourites stay. Default: none is too old.',
            'to what you need, and what the law allows.',
          ),
          examples: [365],
        }),
      photos: whole(1, 100_000_000)
        .optional()
        .meta({
          description: about(
            'So many photos of each camera stay. Default: their number does not matter.',
            'when a busy camera should not crowd out the others.',
          ),
          examples: [100_000],
        }),
      size: size('10MB', '1000TB')
        .optional()
        .meta({
          description: about(
            'All photos take at most this much. Default: the disk’s free space decides.',
            'when other programs need the disk.',
          ),
          examples: ['200GB'],
        }),
      free: size('0MB', '100TB')
        .optional()
        .meta({
          description: about(
            'Space left free on the disk; the oldest photos go first, none younger than a day. Default: a twentieth of the disk, 500MB to 2GB.',
            'to `0MB` to switch it off.',
          ),
          examples: ['2GB'],
        }),
    },
    { error: MAP_WANTED },
  )
  .prefault({})
  .meta({
    description: 'How long photos are kept. With any of these keys photos of another program may go too, last of all.',
  });

const defaults = z
  .strictObject(
    {
      calmPeriod: duration('0.5s', '1h')
        .default('10s')
        .meta({
          description: about('Time without motion before the photo is taken.', 'to more when photos come too early.'),
        }),
      longestEpisode: duration('10s', '24h')
        .default('5m')
        .meta({
          description: about(
            'A happening that never calms is photographed after this long.',
            'to less on busy streets.',
          ),
        }),
      sensitivity: choice(['low', 'normal', 'high'])
        .default('normal')
        .meta({
          description: about('How little change counts as motion.', 'for all cameras at once; else at the camera.'),
        }),
      mode: choice(MOTION_MODES)
        .default('auto')
        .meta({
          description: about(
            'How hard is looked: `economy`, `careful` or `auto`.',
            'to `economy` on a machine with many cameras.',
          ),
        }),
    },
    { error: MAP_WANTED },
  )
  .prefault({})
  .meta({ description: 'For every camera that does not say otherwise.' });

const accounts = z
  .strictObject(
    {
      idle: duration('5m', '90d')
        .default('7d')
        .meta({
          description: about(
            'A login that nobody uses for so long is over.',
            'to less where others reach your devices.',
          ),
        }),
      longest: duration('1h', '365d')
        .default('90d')
        .meta({
          description: about('A login is over after this, however much it is used.', 'to less for the same reason.'),
        }),
      passwordLength: whole(12, 64)
        .default(12)
        .meta({
          description: about('Characters of a new password, at least.', 'to more when strangers can reach the site.'),
        }),
    },
    { error: MAP_WANTED },
  )
  .prefault({})
  .meta({ description: 'The rules for accounts. They take effect at the next start.' });

const web = z
  .strictObject(
    {
      port: whole(1, 65_535)
        .default(10_000)
        .meta({
          description: about('Port of the web server.', 'when another program has it. Takes effect at the next start.'),
        }),
      bind: fitText(
        (value) => isIP(value) !== 0 || value === 'localhost',
        'an address of this machine: 0.0.0.0, ::, 127.0.0.1',
        'en adresse på denne maskine: 0.0.0.0, ::, 127.0.0.1',
      )
        .default('0.0.0.0')
        .meta({
          description: about(
            'Address the web server listens on.',
            'to `127.0.0.1` behind a proxy. Takes effect at the next start.',
          ),
        }),
      publicView: yesNo()
        .default(false)
        .meta({
          description: about(
            'True: anyone who reaches the server sees the photos without login; false: only this private network.',
            'with care.',
          ),
        }),
      loginToView: yesNo()
        .default(false)
        .meta({
          description: about(
            'True: looking needs a login on this private network too.',
            'when not everybody at home may see everything.',
          ),
        }),
      trustProxy: z
        .array(
          fitText(
            (value) => parseBlock(value) !== undefined,
            'an address or a block: 127.0.0.1, 10.0.0.0/8',
            'en adresse eller et adresseområde: 127.0.0.1, 10.0.0.0/8',
          ),
        )
        .default([])
        .meta({
          description: about(
            'The proxies in front of the program: their X-Forwarded-For and X-Forwarded-Proto are believed, and visitors through them always log in.',
            'to the address of Caddy or nginx. Takes effect at the next start.',
          ),
          examples: [['127.0.0.1']],
        }),
      tls: z
        .strictObject(
          {
            certificate: text(1000)
              .optional()
              .meta({
                description: about(
                  'File of the certificate and its chain (PEM). Renewed files are in force within a minute.',
                  'to have HTTPS without a proxy.',
                ),
                examples: ['/etc/letsencrypt/live/cam.example.org/fullchain.pem'],
              }),
            key: text(1000)
              .optional()
              .meta({
                description: about('File of its key (PEM).', 'together with `certificate`.'),
                examples: ['/etc/letsencrypt/live/cam.example.org/privkey.pem'],
              }),
            selfSigned: yesNo()
              .default(false)
              .meta({
                description: about(
                  'True: HTTPS with a certificate made at the first start; browsers ask once whether to trust it.',
                  'when there is no name to get a certificate for.',
                ),
              }),
          },
          { error: MAP_WANTED },
        )
        .refine(
          ({ certificate, key, selfSigned }) =>
            (certificate === undefined) === (key === undefined) && !(certificate !== undefined && selfSigned),
          { error: wanted('`certificate` and `key`, or `selfSigned`', '`certificate` og `key`, eller `selfSigned`') },
        )
        .optional()
        .meta({
          description: about('HTTPS by the program itself.', 'when no proxy does it. Takes effect at the next start.'),
        }),
    },
    { error: MAP_WANTED },
  )
  .prefault({})
  .meta({ description: 'The web server.' });

const cameraKey = z.string().refine((key) => isCameraId(key), {
  error: wanted(
    'a key of 1 to 40 characters: a–z, 0–9 and inner hyphens',
    'en nøgle på 1 til 40 tegn: a–z, 0–9 og bindestreger imellem',
  ),
});

/** The document with its defaults filled in. */
export interface Config {
  readonly site: { readonly zone?: string | undefined; readonly language?: 'en' | 'da' | undefined };
  readonly store: { readonly folder: string; readonly rootCamera?: string | undefined };
  readonly keep: {
    readonly days?: number | undefined;
    readonly photos?: number | undefined;
    readonly size?: string | undefined;
    readonly free?: string | undefined;
  };
  readonly defaults: {
    readonly calmPeriod: string;
    readonly longestEpisode: string;
    readonly sensitivity: 'low' | 'normal' | 'high';
    readonly mode: MotionMode;
  };
  readonly cameras: Readonly<Record<string, CameraConfig>>;
  readonly inbox?: InboxConfig | undefined;
  readonly notifications?: NotificationsConfig | undefined;
  readonly accounts: { readonly idle: string; readonly longest: string; readonly passwordLength: number };
  readonly web: {
    readonly port: number;
    readonly bind: string;
    readonly publicView: boolean;
    readonly loginToView: boolean;
    readonly trustProxy: readonly string[];
    readonly tls?:
      | { readonly certificate?: string | undefined; readonly key?: string | undefined; readonly selfSigned: boolean }
      | undefined;
  };
}

export const configSchema: z.ZodType<Config> = z
  .strictObject(
    {
      site,
      store,
      keep,
      defaults,
      cameras: z
        .record(cameraKey, cameraSchema, { error: MAP_WANTED })
        .prefault({})
        .meta({ description: 'The cameras, each under its key.' }),
      inbox: inboxSchema.optional(),
      notifications: notificationsSchema.optional(),
      accounts,
      web,
    },
    { error: MAP_WANTED },
  )
  .meta({ title: 'Stillwatch configuration' });

/** JSON Schema, for editors that complete and check while the owner types, and for the API's own description. */
export const configJsonSchema = (draft: SchemaDraft = 'draft-7'): Readonly<Record<string, unknown>> =>
  z.toJSONSchema(configSchema, { io: 'input', target: draft });
