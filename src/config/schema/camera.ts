// What may be said of one camera in `stillwatch.yml`. Every key: what it means, its unit, its default, when to change it.

import { z } from 'zod';
import {
  EVENT_CHANNELS,
  type EventChannel,
  LEAST_THRESHOLD,
  MOST_THRESHOLD,
  MOTION_MODES,
  MOTION_WITNESSES,
  type MotionMode,
  type MotionWitness,
} from '../../domain/camera.ts';
import { isPlainHttpUrl } from '../../domain/http-address.ts';
import { hostAndPort, isPlainStream } from '../stream-address.ts';
import {
  about,
  amount,
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

const SENSITIVITIES = ['low', 'normal', 'high'] as const;

const CORNER_WANTED = wanted(
  'a corner [x, y], both from 0 to 1 from the upper left of the picture',
  'et hjørne [x, y], begge fra 0 til 1 fra billedets øverste venstre hjørne',
);
const coordinate = z.number({ error: CORNER_WANTED }).min(0, { error: CORNER_WANTED }).max(1, { error: CORNER_WANTED });
const POLYGON_WANTED = wanted('a list of 3 to 64 corners', 'en liste med 3 til 64 hjørner');

const polygon = z
  .array(z.tuple([coordinate, coordinate], { error: CORNER_WANTED }), { error: POLYGON_WANTED })
  .min(3, { error: POLYGON_WANTED })
  .max(64, { error: POLYGON_WANTED })
  .meta({
    description: about(
      'Corners as fractions of the picture’s width and height, from the upper left; closed from the last to the first.',
      'when the camera was turned.',
    ),
    examples: [
      [
        [0, 0],
        [0.3, 0],
        [0.2, 0.4],
      ],
    ],
  });

const isEnabled = yesNo()
  .default(true)
  .meta({ description: about('Whether it counts now.', 'to switch it off for a while without drawing it anew.') });

const areaName = z.string().regex(/^[^\s.](?:[^.\n]{0,58}[^\s.])?$/, {
  error: wanted('a name of 1 to 60 characters without a full stop', 'et navn på 1 til 60 tegn uden punktum'),
});

const masks = z
  .record(areaName, z.strictObject({ polygon, enabled: isEnabled }, { error: MAP_WANTED }), { error: MAP_WANTED })
  .meta({
    description: about(
      'Areas by name where motion never counts; they lie over every zone.',
      'to leave out a tree, a flag, a road.',
    ),
  });

const zones = z
  .record(
    areaName,
    z.strictObject(
      {
        polygon,
        enabled: isEnabled,
        sensitivity: choice(SENSITIVITIES)
          .default('normal')
          .meta({
            description: about(
              'How little change counts inside the zone.',
              'to `high` where things are small and far away, to `low` where something always stirs.',
            ),
          }),
      },
      { error: MAP_WANTED },
    ),
    { error: MAP_WANTED },
  )
  .meta({
    description: about(
      'Areas by name with a sensitivity of their own; a later one lies over an earlier one.',
      'when one part of the picture needs another sensitivity than the rest.',
    ),
  });

const wait = duration('0s', '12h')
  .default('15m')
  .meta({
    description: about(
      'How long a photo by plan waits for a calm scene; then it is taken anyway.',
      'to `0s` when the moment matters more than an empty scene.',
    ),
  });
const TIME_WANTED = wanted('a time of day such as "07:30" (in quotes)', 'et klokkeslæt som "07:30" (i anførselstegn)');
const PLAN_WANTED = wanted('either every: 1h or at: "12:00"', 'enten every: 1h eller at: "12:00"');

const schedule = z
  .array(
    z
      .strictObject(
        {
          every: duration('1m', '24h')
            .optional()
            .meta({
              description: about('A photo at each multiple of it since midnight.', 'to how often you want one.'),
              examples: ['1h'],
            }),
          at: z
            .string({ error: TIME_WANTED })
            .regex(/^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/, { error: TIME_WANTED })
            .optional()
            .meta({
              description: about(
                'A photo once a day at this time by the clock at the site.',
                'to the hour with the best light.',
              ),
              examples: ['12:00'],
            }),
          wait,
        },
        { error: PLAN_WANTED },
      )
      .refine((plan) => (plan.every === undefined) !== (plan.at === undefined), { error: PLAN_WANTED }),
    { error: LIST_WANTED },
  )
  .max(50, { error: LIST_WANTED })
  .meta({
    description: about('Photos by plan, besides those of motion.', 'to follow a building site or a season.'),
    examples: [[{ at: '12:00' }]],
  });

const keep = z
  .strictObject(
    {
      days: amount(1, 36_500)
        .optional()
        .meta({
          description: about('Older photos of this camera go, in days.', 'when it should differ from `keep.days`.'),
          examples: [30],
        }),
      photos: whole(1, 100_000_000)
        .optional()
        .meta({
          description: about('So many photos of this camera stay.', 'when it should differ from `keep.photos`.'),
          examples: [20_000],
        }),
      size: size('10MB', '1000TB')
        .optional()
        .meta({
          description: about(
            'So much of the disk this camera’s photos may take.',
            'when one camera crowds out the others.',
          ),
          examples: ['50GB'],
        }),
    },
    { error: MAP_WANTED },
  )
  .meta({
    description: about(
      'Keep rules of this camera; what is not said here is as in `keep`.',
      'when its photos matter more or less.',
    ),
  });

const keepMain = z
  .strictObject(
    {
      reach: duration('2s', '60s')
        .default('10s')
        .meta({ description: about('How far back it reaches.', 'when “before” should be earlier.') }),
      memory: size('1MB', '512MB')
        .default('24MB')
        .meta({
          description: about(
            'Memory it may take.',
            'to a larger size when the main stream has a high bit rate (reach × bits ÷ 8).',
          ),
        }),
    },
    { error: MAP_WANTED },
  )
  .meta({
    description: about(
      'Keeps the main stream open and its last seconds in memory, so that “before” and “peak” are at full resolution too; off unless it is here. It costs a session at the camera and the main stream’s bits on the link.',
      'when the camera gives enough streams and the link is free: write `keepMain: {}`.',
    ),
  });

const onvif = z
  .strictObject(
    {
      enabled: yesNo()
        .default(true)
        .meta({
          description: about(
            'Whether ONVIF is spoken with the camera at all.',
            'to `false` when it confuses the camera.',
          ),
        }),
      device: fitText(
        isPlainHttpUrl,
        'an http:// or https:// address without user or password',
        'en adresse med http:// eller https:// uden bruger og adgangskode',
      )
        .optional()
        .meta({
          description: about(
            'Address of the ONVIF device service.',
            'when it is not found by itself on the usual ports.',
          ),
          examples: ['http://192.168.1.50:2020/onvif/device_service'],
        }),
      channels: z
        .array(choice(EVENT_CHANNELS), { error: LIST_WANTED })
        .min(1, { error: LIST_WANTED })
        .max(EVENT_CHANNELS.length, { error: LIST_WANTED })
        .optional()
        .meta({
          description: about(
            'How the camera’s events reach us, in the order they are tried: `pull-point` (we ask), `push` (it posts to us), `metadata` (beside the pictures). Default: `pull-point`.',
            'when the camera’s events do not arrive.',
          ),
          examples: [['pull-point', 'metadata']],
        }),
      certificate: fitText(
        (value) => /^(?:any|system|(?:[0-9a-f]{2}:?){32})$/i.test(value),
        '`any`, `system`, or the SHA-256 fingerprint of the camera’s certificate (64 hex digits)',
        '`any`, `system` eller SHA-256-fingeraftrykket af kameraets certifikat (64 hexcifre)',
      )
        .optional()
        .meta({
          description: about(
            'Whose certificate is believed where the camera speaks HTTPS: anybody’s, that of an authority this machine trusts, or exactly one. Default: `any`, which encrypts and does not prove who answers.',
            'to pin the camera’s own certificate.',
          ),
          examples: ['system'],
        }),
      plainBasic: yesNo()
        .default(false)
        .meta({
          description: about(
            'Whether the password may be sent as it is, unencrypted, to a camera that asks for nothing better.',
            'only for an old camera on a network of its own.',
          ),
        }),
    },
    { error: MAP_WANTED },
  )
  .meta({ description: about('The camera’s ONVIF services.', 'when they are somewhere unusual.') });

type Corner = [number, number];

interface AreaConfig {
  readonly polygon: readonly Corner[];
  readonly enabled: boolean;
}

type SensitivityConfig = (typeof SENSITIVITIES)[number];

/** One camera as the document says it, with defaults; `schema` below says what each key means. */
export interface CameraConfig {
  readonly name?: string | undefined;
  readonly enabled: boolean;
  readonly address?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: SecretPlace | undefined;
  readonly main: string;
  readonly sub: string;
  readonly snapshot?: string | undefined;
  readonly calmPeriod?: string | undefined;
  readonly longestEpisode?: string | undefined;
  readonly sensitivity?: SensitivityConfig | undefined;
  readonly threshold?: number | undefined;
  readonly mode?: MotionMode | undefined;
  readonly triggers?: MotionWitness | undefined;
  readonly onvif?:
    | {
        readonly enabled: boolean;
        readonly device?: string | undefined;
        readonly channels?: readonly EventChannel[] | undefined;
        readonly certificate?: string | undefined;
        readonly plainBasic: boolean;
      }
    | undefined;
  readonly masks?: Readonly<Record<string, AreaConfig>> | undefined;
  readonly zones?: Readonly<Record<string, AreaConfig & { readonly sensitivity: SensitivityConfig }>> | undefined;
  readonly schedule?:
    | readonly { readonly every?: string | undefined; readonly at?: string | undefined; readonly wait: string }[]
    | undefined;
  readonly keep?:
    | { readonly days?: number | undefined; readonly photos?: number | undefined; readonly size?: string | undefined }
    | undefined;
  readonly keepMain?: { readonly reach: string; readonly memory: string } | undefined;
  readonly costlyLink: boolean;
  readonly streamLimit?: number | undefined;
}

/** Shape of one camera; the document checks what holds between keys. */
export const cameraSchema: z.ZodType<CameraConfig> = z
  .strictObject(
    {
      name: text(60)
        .optional()
        .meta({
          description: about('Name as shown. Default: the key, with a capital.', 'whenever you like.'),
          examples: ['Garden'],
        }),
      enabled: yesNo()
        .default(true)
        .meta({
          description: about('Whether it is watched.', 'to `false` to rest a camera without losing its settings.'),
        }),
      address: fitText(
        (value) => hostAndPort(value) !== undefined,
        'an address, with the RTSP port if it is not 554: without rtsp://, user or path (192.168.1.50)',
        'en adresse, med RTSP-port hvis den ikke er 554: uden rtsp://, bruger eller sti (192.168.1.50)',
      )
        .optional()
        .meta({
          description: about(
            'Address of the camera; may be left out when `main` and `sub` are full URLs.',
            'when the camera got another one; give it a fixed one in the router.',
          ),
          examples: ['192.168.1.50'],
        }),
      user: text(200)
        .optional()
        .meta({
          description: about('User of the camera account.', 'together with the password.'),
          examples: ['admin'],
        }),
      password: secretPlace()
        .optional()
        .meta({
          description: about(
            'Where the password of the camera account lies; never the password itself.',
            'when you move it; `stillwatch config migrate` writes it to a file only you can read.',
          ),
          examples: [{ file: 'secrets/garden' }],
        }),
      main: fitText(
        isPlainStream,
        'the path of a stream or a full URL that starts with rtsp:// or rtsps://, without user and password',
        'stien til en videostrøm eller en hel URL, der begynder med rtsp:// eller rtsps://, uden bruger og adgangskode',
      )
        .default('stream1')
        .meta({
          description: about(
            'Path or full URL of the full-resolution stream that photos are taken from.',
            'for every make but Tapo; `stillwatch add` finds it.',
          ),
        }),
      sub: fitText(
        isPlainStream,
        'the path of a stream or a full URL that starts with rtsp:// or rtsps://, without user and password',
        'stien til en videostrøm eller en hel URL, der begynder med rtsp:// eller rtsps://, uden bruger og adgangskode',
      )
        .default('stream2')
        .meta({
          description: about(
            'Path or full URL of the low-resolution stream that is watched.',
            'for every make but Tapo; `stillwatch add` finds it.',
          ),
        }),
      snapshot: fitText(
        isPlainHttpUrl,
        'an http:// or https:// address without user or password',
        'en adresse med http:// eller https:// uden bruger og adgangskode',
      )
        .optional()
        .meta({
          description: about(
            'HTTP address that gives a JPEG; user and password are sent only when it is on the camera’s own host.',
            'when the camera has one at full resolution.',
          ),
          examples: ['http://192.168.1.50/cgi-bin/snapshot.cgi'],
        }),
      calmPeriod: duration('0.5s', '1h')
        .optional()
        .meta({
          description: about(
            'Time without motion before the photo is taken. Default: `defaults.calmPeriod`.',
            'to more when people stop and go on, to less when cars leave at once.',
          ),
          examples: ['10s'],
        }),
      longestEpisode: duration('10s', '24h')
        .optional()
        .meta({
          description: about(
            'A happening that never calms is photographed after this long. Default: `defaults.longestEpisode`.',
            'to less on a busy street.',
          ),
          examples: ['5m'],
        }),
      sensitivity: choice(SENSITIVITIES)
        .optional()
        .meta({
          description: about(
            'How little change counts as motion. Default: `defaults.sensitivity`.',
            'to `low` when leaves and rain open happenings, to `high` when people far away are missed.',
          ),
        }),
      threshold: amount(LEAST_THRESHOLD, MOST_THRESHOLD)
        .optional()
        .meta({
          description: about(
            'Change that is needed, as a factor on what is needed by itself: 2 asks for twice as much, 0.75 for a little less. Default: 1.',
            'to what the page “Tune” showed to be right for this camera’s own past.',
          ),
          examples: [1.5],
        }),
      mode: choice(MOTION_MODES)
        .optional()
        .meta({
          description: about(
            'How hard is looked: `economy` decodes pictures on suspicion only, `careful` decodes every picture, `auto` chooses. Default: `defaults.mode`.',
            'to `careful` when something was missed and the machine has time to spare.',
          ),
        }),
      triggers: choice(MOTION_WITNESSES)
        .optional()
        .meta({
          description: about(
            'Whose word opens a happening: the camera’s own ONVIF `events`, the `pixels`, or `both`; a camera without ONVIF is watched by its pixels. Default: `both`.',
            'to `pixels` when the camera claims too much, to `events` on a weak machine (nothing is decoded then).',
          ),
        }),
      onvif: onvif.optional(),
      masks: masks.optional(),
      zones: zones.optional(),
      schedule: schedule.optional(),
      keep: keep.optional(),
      keepMain: keepMain.optional(),
      costlyLink: yesNo()
        .default(false)
        .meta({
          description: about(
            'True when every stream that is opened costs money or battery (SIM, solar).',
            'to `true` on a metered link.',
          ),
        }),
      streamLimit: whole(1, 16)
        .optional()
        .meta({
          description: about(
            'Streams the camera gives at once; unknown by default.',
            'when the camera refuses a second stream.',
          ),
          examples: [2],
        }),
    },
    { error: MAP_WANTED },
  )
  .meta({
    description:
      'One camera. Its key is its name in folders and addresses: a–z, 0–9 and hyphens; it cannot be renamed later.',
  });
