// What may be said in `stillwatch.yml` of who is told of what happens.

import { z } from 'zod';
import { parseBlock } from '../../domain/address-policy.ts';
import { isPlainHttpUrl } from '../../domain/http-address.ts';
import { isCameraId } from '../../domain/ids.ts';
import { NOTICE_TYPES, type NoticeType, PHOTO_CAUSES, type PhotoCause } from '../../domain/notice.ts';
import { parseDayHours, USUAL_CAUSES, USUAL_TYPES } from '../../domain/notification-rule.ts';
import {
  about,
  choice,
  duration,
  fitText,
  LIST_WANTED,
  MAP_WANTED,
  type SecretPlace,
  secretPlace,
  wanted,
  yesNo,
} from './words.ts';

const URL_WANTED = wanted(
  'an address with http:// or https:// and without user and password, or where one lies: {file: secrets/hook}',
  'en adresse med http:// eller https:// og uden bruger og adgangskode, eller hvor den ligger: {file: secrets/hook}',
);
const webhookUrl: z.ZodType<string | SecretPlace, string | SecretPlace> = z.union(
  [z.string().max(2000, { error: URL_WANTED }).refine(isPlainHttpUrl, { error: URL_WANTED }), secretPlace()],
  { error: URL_WANTED },
);

const dayHours = (): z.ZodString =>
  fitText(
    (value) => parseDayHours(value) !== undefined,
    'hours of the day such as "22:00-07:00" (in quotes)',
    'timer på dagen som "22:00-07:00" (i anførselstegn)',
  );

const list = <T extends z.ZodType>(of: T): z.ZodArray<T> =>
  z.array(of, { error: LIST_WANTED }).min(1, { error: LIST_WANTED });

const webhook = z
  .strictObject(
    {
      url: webhookUrl.meta({
        description: about(
          'Address that is posted to: itself, or `{file: …}`, `{env: …}` or `{credential: …}` where whoever knows it may post to it.',
          'when the receiver moves.',
        ),
        examples: ['https://receiver.example/stillwatch'],
      }),
      secret: secretPlace().meta({
        description: about(
          'Where the secret lies that notifications are signed with: `whsec_` and base64 of 24 to 64 bytes, as Standard Webhooks has it.',
          'when somebody else may know it, here and at the receiver.',
        ),
      }),
      events: list(choice(NOTICE_TYPES))
        .default([...USUAL_TYPES])
        .meta({
          description: about('What it is told of.', 'to less for a receiver that wakes somebody.'),
          examples: [['camera.blind', 'camera.seeing', 'store.low']],
        }),
      cameras: list(fitText(isCameraId, 'the key of a camera', 'et kameras nøgle'))
        .optional()
        .meta({
          description: about('Only of these cameras. Default: of all.', 'to those the receiver is there for.'),
          examples: [['garden']],
        }),
      causes: list(choice(PHOTO_CAUSES as readonly [PhotoCause, ...PhotoCause[]]))
        .default([...USUAL_CAUSES])
        .meta({
          description: about(
            'Only of photos taken for one of these: `motion` is any happening, `person`, `vehicle` … what the camera itself said it was. Default: all but photos by plan (`scheduled`).',
            'to `person` when the camera tells people from cats.',
          ),
          examples: [['person', 'vehicle']],
        }),
      hours: list(dayHours())
        .optional()
        .meta({
          description: about(
            'Only of what happens in these hours of the site’s clock. Default: at any time.',
            'to the hours somebody listens.',
          ),
          examples: [['22:00-07:00']],
        }),
      onlyLasting: yesNo()
        .default(false)
        .meta({
          description: about(
            'True: only of photos on which something has arrived and stayed, or is gone.',
            'where many pass by and few leave anything.',
          ),
        }),
      allow: list(
        fitText(
          (value) => parseBlock(value) !== undefined || /^[a-z0-9.-]{1,253}$/i.test(value),
          'an address, a block or a host name: 127.0.0.1, 169.254.0.0/16, localhost',
          'en adresse, et adresseområde eller et værtsnavn: 127.0.0.1, 169.254.0.0/16, localhost',
        ),
      )
        .optional()
        .meta({
          description: about(
            'Addresses it may lead to although requests are not sent there: this machine itself, link-local ones, a cloud’s metadata.',
            'when the receiver runs on this very machine.',
          ),
          examples: [['127.0.0.1']],
        }),
      enabled: yesNo()
        .default(true)
        .meta({ description: about('Whether it is told.', 'to leave it out for a while.') }),
    },
    { error: MAP_WANTED },
  )
  .meta({ description: 'A receiver over HTTP.' });

export interface WebhookConfig {
  readonly url: string | SecretPlace;
  readonly secret: SecretPlace;
  readonly events: readonly NoticeType[];
  readonly cameras?: readonly string[] | undefined;
  readonly causes: readonly PhotoCause[];
  readonly hours?: readonly string[] | undefined;
  readonly onlyLasting: boolean;
  readonly allow?: readonly string[] | undefined;
  readonly enabled: boolean;
}

export interface NotificationsConfig {
  readonly link?: string | undefined;
  readonly quietHours?: string | undefined;
  readonly blindAfter: string;
  readonly webhooks: Readonly<Record<string, WebhookConfig>>;
}

const receiverName = z.string().refine((key) => isCameraId(key), {
  error: wanted(
    'a name of 1 to 40 characters: a–z, 0–9 and inner hyphens',
    'et navn på 1 til 40 tegn: a–z, 0–9 og bindestreger imellem',
  ),
});

export const notificationsSchema: z.ZodType<NotificationsConfig> = z
  .strictObject(
    {
      link: fitText(
        (value) => isPlainHttpUrl(value) && new URL(value).search === '' && new URL(value).hash === '',
        'the address of the site, such as https://cam.example.org',
        'stedets adresse som https://cam.example.org',
      )
        .optional()
        .meta({
          description: about(
            'Address at which receivers reach this site: links to photos begin with it. Default: links begin with `/`.',
            'to what stands in your browser’s address field.',
          ),
          examples: ['https://cam.example.org'],
        }),
      quietHours: dayHours()
        .optional()
        .meta({
          description: about(
            'Hours of the site’s clock in which nobody is told of photos and happenings. Cameras that cannot see and a full disk are told of at any hour.',
            'to your night.',
          ),
          examples: ['22:00-07:00'],
        }),
      blindAfter: duration('0s', '24h')
        .default('1m')
        .meta({
          description: about(
            'How long a camera may be blind before somebody is told.',
            'to more for cameras on a weak line.',
          ),
        }),
      webhooks: z
        .record(receiverName, webhook, { error: MAP_WANTED })
        .default({})
        .meta({ description: 'Receivers over HTTP, each under a name; signed by Standard Webhooks.' }),
    },
    { error: MAP_WANTED },
  )
  .meta({ description: 'Who is told of what happens. Changes take effect at once.' });
