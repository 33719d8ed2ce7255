// The kinds of value a configuration is made of: durations, sizes, choices … each says what it wants in both languages.

import { z } from 'zod';

/** What a value should have been; zod carries it as the message. */
export const wanted = (en: string, da: string): string => `${en}\n${da}`;

/** What a key means, and when an owner changes it: the text an editor and the reference show. */
export const about = (what: string, change: string): string => `${what} Change it ${change}`;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION = /^(\d{1,9}(?:\.\d{1,6})?)(ms|s|m|h|d)$/;

/** Milliseconds of `10s`, `1.5h`, `30d`; undefined: it is no duration. */
export const durationMs = (text: string): number | undefined => {
  const [, amount, unit = ''] = DURATION.exec(text) ?? [];
  const factor = UNIT_MS[unit];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
};

const UNIT_BYTES: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const SIZE = /^(\d{1,9}(?:\.\d{1,6})?)(kB|MB|GB|TB)$/;

/** Bytes of `200GB`; undefined: it is no size. */
export const sizeBytes = (text: string): number | undefined => {
  const [, amount, unit = ''] = SIZE.exec(text) ?? [];
  const factor = UNIT_BYTES[unit];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
};

const isWithin = (value: number | undefined, least: string, most: string, of: typeof durationMs): boolean =>
  value !== undefined && value >= (of(least) ?? 0) && value <= (of(most) ?? Number.POSITIVE_INFINITY);

/** A duration with its unit, within limits that are written the same way. */
export const duration = (least: string, most: string): z.ZodString => {
  const error = wanted(
    `a time from ${least} to ${most}, with its unit (10s, 5m, 2h, 30d)`,
    `en tid fra ${least} til ${most} med enhed (10s, 5m, 2h, 30d)`,
  );
  return z
    .string({ error })
    .regex(DURATION, { error })
    .refine((text) => isWithin(durationMs(text), least, most, durationMs), { error });
};

export const size = (least: string, most: string): z.ZodString => {
  const error = wanted(
    `a size from ${least} to ${most}, with its unit (500MB, 200GB)`,
    `en størrelse fra ${least} til ${most} med enhed (500MB, 200GB)`,
  );
  return z
    .string({ error })
    .regex(SIZE, { error })
    .refine((text) => isWithin(sizeBytes(text), least, most, sizeBytes), { error });
};

export const whole = (least: number, most: number): z.ZodInt => {
  const error = wanted(`a whole number from ${least} to ${most}`, `et helt tal fra ${least} til ${most}`);
  return z.int({ error }).min(least, { error }).max(most, { error });
};

export const amount = (least: number, most: number): z.ZodNumber => {
  const error = wanted(`a number from ${least} to ${most}`, `et tal fra ${least} til ${most}`);
  return z.number({ error }).min(least, { error }).max(most, { error });
};

export const choice = <const T extends readonly string[]>(choices: T): z.ZodEnum<{ [K in T[number]]: K }> =>
  z.enum(choices, { error: wanted(choices.join(', '), choices.join(', ')) });

export const yesNo = (): z.ZodBoolean => z.boolean({ error: wanted('true or false', 'true eller false') });

export const text = (most: number): z.ZodString => {
  const error = wanted(`text of 1 to ${most} characters`, `tekst på 1 til ${most} tegn`);
  return z.string({ error }).min(1, { error }).max(most, { error });
};

/** Text for which `isFit` holds. */
export const fitText = (isFit: (value: string) => boolean, en: string, da: string): z.ZodString => {
  const error = wanted(en, da);
  return z.string({ error }).min(1, { error }).max(2000, { error }).refine(isFit, { error });
};

export const MAP_WANTED: string = wanted('keys with values under it', 'nøgler med værdier under sig');
export const LIST_WANTED: string = wanted('a list', 'en liste');

const SECRET_WANTED = wanted(
  'the place of the secret, not the secret itself: {file: secrets/garden}, {env: GARDEN_PASSWORD} or {credential: garden}',
  'stedet hvor hemmeligheden ligger, ikke selve hemmeligheden: {file: secrets/garden}, {env: GARDEN_PASSWORD} eller {credential: garden}',
);

const place = (pattern: RegExp): z.ZodString =>
  z.string({ error: SECRET_WANTED }).regex(pattern, { error: SECRET_WANTED });

export interface SecretPlace {
  readonly file?: string | undefined;
  readonly env?: string | undefined;
  readonly credential?: string | undefined;
}

/** Where a secret lies. Never the secret itself: the document is shown, copied and sent to others. */
export const secretPlace = (): z.ZodType<SecretPlace, SecretPlace> =>
  z
    .strictObject(
      {
        file: place(/^[^\0\n]{1,1000}$/)
          .optional()
          .meta({
            description: 'File that holds nothing else; readable by the program’s user only.',
            examples: ['secrets/garden'],
          }),
        env: place(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/)
          .optional()
          .meta({ description: 'Environment variable, or key of `.env`.', examples: ['GARDEN_PASSWORD'] }),
        credential: place(/^[A-Za-z0-9._@-]{1,100}$/)
          .optional()
          .meta({ description: 'Name of a systemd credential (`LoadCredential=`).', examples: ['garden'] }),
      },
      { error: SECRET_WANTED },
    )
    .refine((given) => Object.values(given).filter((one) => one !== undefined).length === 1, { error: SECRET_WANTED });
