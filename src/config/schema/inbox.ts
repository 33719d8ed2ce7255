// What may be said in `stillwatch.yml` of cameras that send by themselves, and of the doors they deliver to.

import { isIP } from 'node:net';
import { z } from 'zod';
import { isTimeZone } from '../../domain/civil-time.ts';
import { isPlainHttpUrl } from '../../domain/http-address.ts';
import { isCameraId } from '../../domain/ids.ts';
import { closest } from '../suggestion.ts';
import {
  about,
  choice,
  duration,
  fitText,
  LIST_WANTED,
  MAP_WANTED,
  type SecretPlace,
  secretPlace,
  size,
  text,
  wanted,
  whole,
  yesNo,
} from './words.ts';

const port = (fallback: number): z.ZodDefault<z.ZodInt> =>
  whole(1, 65_535)
    .default(fallback)
    .meta({ description: about('Port.', 'when another program has it, or ports below 1024 need rights.') });

const tlsPort = whole(1, 65_535)
  .optional()
  .meta({
    description: about(
      'Port that speaks TLS from the first byte; none unless it is here.',
      'for cameras that want “SSL” rather than STARTTLS or explicit FTPS.',
    ),
    examples: [8443],
  });

const plain = choice(['no', 'private', 'anywhere'])
  .default('no')
  .meta({
    description: about(
      'Who may log in without TLS: nobody, cameras of private networks, or all.',
      'to `private` for cameras of this network that know no TLS. With `anywhere` keys and pictures can be read on their way.',
    ),
  });

const file = (what: string): z.ZodOptional<z.ZodString> =>
  text(1000)
    .optional()
    .meta({
      description: about(what, 'when the certificate is not a public one.'),
      examples: ['certificates/site.pem'],
    });

const limits = z
  .strictObject(
    {
      picture: size('100kB', '100MB')
        .default('26MB')
        .meta({ description: about('Largest picture.', 'when a camera sends larger ones.') }),
      clip: size('100kB', '500MB')
        .default('64MB')
        .meta({ description: about('Largest film.', 'when films are refused as too large.') }),
      perMinute: whole(1, 10_000)
        .default(120)
        .meta({ description: about('Pictures in a minute.', 'when a burst is refused.') }),
      perDay: size('1MB', '1TB')
        .default('2GB')
        .meta({ description: about('Bytes in a day.', 'to protect the disk from a camera gone wild.') }),
      month: size('1MB', '10TB')
        .optional()
        .meta({
          description: about(
            'Budget of its SIM card; a warning comes at 80 % and when it is used up.',
            'to what the subscription holds.',
          ),
          examples: ['500MB'],
        }),
    },
    { error: MAP_WANTED },
  )
  .prefault({})
  .meta({ description: 'What the camera may send.' });

const fetch = z
  .strictObject(
    {
      url: fitText(
        isPlainHttpUrl,
        'an http:// or https:// address without user or password',
        'en adresse med http:// eller https:// uden bruger og adgangskode',
      ).meta({
        description: about('Address that gives one picture.', 'when the camera moved.'),
        examples: ['https://camera.example/snapshot.jpg'],
      }),
      every: duration('10s', '24h')
        .optional()
        .meta({
          description: about(
            'How often it is looked at. Without it only when the camera posts an empty request to its HTTP inbox.',
            'to what the link may cost.',
          ),
          examples: ['15m'],
        }),
      user: text(200)
        .optional()
        .meta({
          description: about('User, for basic or digest login.', 'with the camera’s own.'),
          examples: ['admin'],
        }),
      password: secretPlace().optional().meta({ description: 'Where its password lies.' }),
      bearer: secretPlace()
        .optional()
        .meta({ description: 'Where a bearer token lies, instead of user and password.' }),
      authority: file('File with the authority (PEM) that signed the server’s certificate.'),
      certificate: fitText(
        (value) => /^(?:[0-9a-f]{2}:?){32}$/i.test(value),
        'a SHA-256 fingerprint: 64 hex digits',
        'et SHA-256-fingeraftryk: 64 hexcifre',
      )
        .optional()
        .meta({
          description: about(
            'SHA-256 fingerprint of the only certificate that is believed.',
            'when the camera got a new one.',
          ),
        }),
      allow: z
        .array(text(200), { error: LIST_WANTED })
        .max(20, { error: LIST_WANTED })
        .optional()
        .meta({
          description: about(
            'Addresses or blocks it may lead to although they are refused as a rule: this machine, link-local ones.',
            'only for a server of your own.',
          ),
          examples: [['127.0.0.1']],
        }),
    },
    { error: MAP_WANTED },
  )
  .meta({ description: 'A picture that is fetched rather than sent.' });

const cameraKey = z.string().refine(isCameraId, {
  error: wanted(
    'a key of 1 to 40 characters: a–z, 0–9 and inner hyphens',
    'en nøgle på 1 til 40 tegn: a–z, 0–9 og bindestreger imellem',
  ),
});

const recognise = z
  .strictObject(
    {
      through: cameraKey.optional().meta({
        description: about(
          'The camera of this list whose key its pictures come with: a recorder, or an account that several share.',
          'when it sends through another.',
        ),
        examples: ['recorder'],
      }),
      path: text(200)
        .optional()
        .meta({
          description: about('Its folder, or how its files’ names begin.', 'when the camera is named anew.'),
          examples: ['yard'],
        }),
      mail: text(200)
        .optional()
        .meta({
          description: about('The address its mail comes from, or goes to.', 'with the camera’s own.'),
          examples: ['yard@example.org'],
        }),
      exif: text(64)
        .optional()
        .meta({
          description: about('Its serial number, IMEI or model, as its pictures or texts say it.', 'with the camera.'),
          examples: ['861943070068027'],
        }),
    },
    { error: MAP_WANTED },
  )
  .meta({ description: 'How it is told from others that deliver through the same account; one that fits is enough.' });

const camera = z
  .strictObject(
    {
      name: text(60)
        .optional()
        .meta({
          description: about('Name as shown. Default: the key, with a capital.', 'whenever you like.'),
          examples: ['Forest'],
        }),
      key: secretPlace().optional().meta({
        description:
          'Where its delivery key lies, 12 characters or more; `stillwatch inbox <camera> --new-key` makes one. Without it only `recognise` brings it pictures.',
      }),
      recognise: recognise.optional(),
      zone: fitText(isTimeZone, 'a time zone such as Europe/Copenhagen', 'en tidszone som Europe/Copenhagen')
        .optional()
        .meta({
          description: about(
            'Time zone of the camera’s clock. Default: the site’s.',
            'when its clock is set to another, such as UTC.',
          ),
          examples: ['UTC'],
        }),
      limits,
      keepClips: duration('1h', '3650d')
        .optional()
        .meta({
          description: about(
            'How long films are kept. Default: not at all; their best frames become photos.',
            'to keep the films too.',
          ),
          examples: ['30d'],
        }),
      fetch: fetch.optional(),
    },
    { error: MAP_WANTED },
  )
  .meta({ description: 'A camera that sends its pictures, or whose pictures are fetched.' });

/** A camera that sends through another needs one to be there, with a key of its own. */
const namesKnownSenders = (
  cameras: Readonly<Record<string, InboxCameraConfig>>,
  context: z.core.$RefinementCtx,
): void => {
  const keyed = Object.keys(cameras).filter((id) => cameras[id]?.key !== undefined);
  for (const [id, { recognise: rule }] of Object.entries(cameras)) {
    const { through } = rule ?? {};
    if (through === undefined || (through !== id && keyed.includes(through))) continue;
    const others = keyed.filter((one) => one !== id);
    const names = others.length === 0 ? '–' : closest(through, others);
    context.addIssue({
      code: 'custom',
      path: [id, 'recognise', 'through'],
      message: wanted(
        `another camera of this list that has a \`key\`; the nearest is ${names}`,
        `et andet kamera på denne liste, som har en \`key\`; det nærmeste er ${names}`,
      ),
    });
  }
};

const PASSIVE_WANTED = wanted(
  'two ports [first, last], the first not above the last',
  'to porte [første, sidste], den første ikke over den sidste',
);

type Plain = 'no' | 'private' | 'anywhere';

interface FetchConfig {
  readonly url: string;
  readonly every?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: SecretPlace | undefined;
  readonly bearer?: SecretPlace | undefined;
  readonly authority?: string | undefined;
  readonly certificate?: string | undefined;
  readonly allow?: readonly string[] | undefined;
}

export interface InboxCameraConfig {
  readonly name?: string | undefined;
  readonly key?: SecretPlace | undefined;
  readonly recognise?:
    | {
        readonly through?: string | undefined;
        readonly path?: string | undefined;
        readonly mail?: string | undefined;
        readonly exif?: string | undefined;
      }
    | undefined;
  readonly zone?: string | undefined;
  readonly limits: {
    readonly picture: string;
    readonly clip: string;
    readonly perMinute: number;
    readonly perDay: string;
    readonly month?: string | undefined;
  };
  readonly keepClips?: string | undefined;
  readonly fetch?: FetchConfig | undefined;
}

/** The `inbox` part with its defaults filled in; times and sizes as they are written. */
export interface InboxConfig {
  readonly bind: string;
  readonly host?: string | undefined;
  readonly burstGap: string;
  readonly burstWait: string;
  readonly cameras: Readonly<Record<string, InboxCameraConfig>>;
  readonly http?:
    | { readonly port?: number | undefined; readonly tlsPort?: number | undefined; readonly plain: Plain }
    | undefined;
  readonly ftp?:
    | {
        readonly port: number;
        readonly tlsPort?: number | undefined;
        readonly passivePorts: readonly [number, number];
        readonly publicAddress?: string | undefined;
        readonly active: boolean;
        readonly plain: Plain;
      }
    | undefined;
  readonly mail?: { readonly port: number; readonly tlsPort?: number | undefined; readonly plain: Plain } | undefined;
  readonly imap?:
    | {
        readonly host: string;
        readonly port: number;
        readonly tls: boolean;
        readonly user: string;
        readonly password: SecretPlace;
        readonly folder: string;
        readonly every: string;
        readonly authority?: string | undefined;
      }
    | undefined;
  readonly tls?: { readonly key: SecretPlace; readonly certificate: string } | undefined;
}

/** The `inbox` part of the document. Every door is off until it is written. */
export const inboxSchema: z.ZodType<InboxConfig> = z
  .strictObject(
    {
      bind: fitText(
        (value) => isIP(value) !== 0,
        'an address of this machine: 0.0.0.0, ::, 127.0.0.1',
        'en adresse på denne maskine: 0.0.0.0, ::, 127.0.0.1',
      )
        .default('0.0.0.0')
        .meta({
          description: about(
            'Address the doors listen on.',
            'to keep them on one network. Takes effect at the next start.',
          ),
        }),
      host: fitText(
        (value) => /^[a-z0-9.:-]{1,253}$/i.test(value),
        'a host name or address',
        'et værtsnavn eller en adresse',
      )
        .optional()
        .meta({
          description: about(
            'Name or address by which cameras reach this machine; for the set-up page and the certificate.',
            'when it changes.',
          ),
          examples: ['photos.example'],
        }),
      burstGap: duration('1s', '1h')
        .default('60s')
        .meta({
          description: about(
            'Pictures taken within this of each other are one happening.',
            'when separate visits are put together, or one is split.',
          ),
        }),
      burstWait: duration('1s', '10m')
        .default('20s')
        .meta({
          description: about(
            'A happening is over when its camera has sent nothing for so long.',
            'to more on a slow link.',
          ),
        }),
      cameras: z
        .record(cameraKey, camera, { error: MAP_WANTED })
        .superRefine(namesKnownSenders)
        .prefault({})
        .meta({ description: 'The cameras that deliver, each under its key: it is their user name too.' }),
      http: z
        .strictObject(
          {
            port: whole(1, 65_535)
              .optional()
              .meta({
                description: about(
                  'Port without TLS; none unless it is here.',
                  'for cameras that know no HTTPS, and behind a proxy.',
                ),
                examples: [10_080],
              }),
            tlsPort,
            plain,
          },
          { error: MAP_WANTED },
        )
        .optional()
        .meta({ description: 'Delivery by HTTP. Takes effect at the next start.' }),
      ftp: z
        .strictObject(
          {
            port: port(2121),
            tlsPort,
            passivePorts: z
              .tuple([whole(1024, 65_535), whole(1024, 65_535)], { error: PASSIVE_WANTED })
              .refine(([first, last]) => first <= last, { error: PASSIVE_WANTED })
              .default([50_000, 50_099])
              .meta({ description: about('Ports for data; open them in the firewall too.', 'when they are in use.') }),
            publicAddress: fitText((value) => isIP(value) === 4, 'an IPv4 address', 'en IPv4-adresse')
              .optional()
              .meta({
                description: about('Address that cameras from outside are told.', 'behind a router, to the router’s.'),
                examples: ['203.0.113.7'],
              }),
            active: yesNo()
              .default(false)
              .meta({
                description: about(
                  'Whether data connections go to where the camera says.',
                  'only for cameras that know no passive mode.',
                ),
              }),
            plain,
          },
          { error: MAP_WANTED },
        )
        .optional()
        .meta({ description: 'Delivery by FTP. Takes effect at the next start.' }),
      mail: z
        .strictObject({ port: port(2525), tlsPort, plain }, { error: MAP_WANTED })
        .optional()
        .meta({ description: 'Delivery by e-mail (SMTP). Takes effect at the next start.' }),
      imap: z
        .strictObject(
          {
            host: fitText(
              (value) => /^[a-z0-9.:-]{1,253}$/i.test(value),
              'a host name or address',
              'et værtsnavn eller en adresse',
            ).meta({
              description: about('Mail server of your provider.', 'with your provider.'),
              examples: ['imap.example'],
            }),
            port: port(993),
            tls: yesNo()
              .default(true)
              .meta({
                description: about(
                  'Whether the line is TLS from the first byte.',
                  'only for a server on this very machine.',
                ),
              }),
            user: text(200).meta({
              description: about('User of the mailbox.', 'with your provider.'),
              examples: ['photos@example'],
            }),
            password: secretPlace().meta({
              description: 'Where its password lies; many providers want an app password.',
            }),
            folder: text(200)
              .default('INBOX')
              .meta({ description: about('Folder that is read.', 'when a rule of your provider sorts the mail.') }),
            every: duration('30s', '24h')
              .default('2m')
              .meta({ description: about('How often it is looked at.', 'when your provider wants less.') }),
            authority: file('File with the authority (PEM) that signed the mail server’s certificate.'),
          },
          { error: MAP_WANTED },
        )
        .optional()
        .meta({ description: 'Pictures from a mailbox. Takes effect at the next start.' }),
      tls: z
        .strictObject(
          {
            key: secretPlace().meta({ description: 'Where the private key (PEM) lies.' }),
            certificate: text(1000).meta({
              description: about('File with the certificate chain (PEM).', 'when it is renewed.'),
              examples: ['certificates/photos.pem'],
            }),
          },
          { error: MAP_WANTED },
        )
        .optional()
        .meta({ description: 'Certificate of the doors. Default: one of our own making.' }),
    },
    { error: MAP_WANTED },
  )
  .meta({ description: 'Cameras that send their pictures by FTP, e-mail or HTTP, or have them fetched.' });
