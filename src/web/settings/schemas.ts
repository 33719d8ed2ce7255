// The schemas of settings. The document's own schema checks them (config/schema); here it is told in the API's description.

import { z } from 'zod';
import type { ConfigDocument } from '../../ports/config-document.ts';
import { ERROR_CODE } from '../api/schemas.ts';
import type {
  CameraPatch,
  CameraSettingsView,
  CameraWords,
  ConfigCheckView,
  ConfigView,
  SiteSettingsView,
  SiteWords,
} from '../wire-settings.ts';
import { patchSchema } from './merge-patch.ts';

type Schema = { readonly [word: string]: unknown };
type Sections = Readonly<Record<string, Schema>>;

/** An object that is described by `schema`, and checked by whoever made that schema. */
const described = <T>(schema: Schema, id: string): z.ZodType<T> =>
  (z.record(z.string(), z.unknown()) as unknown as z.ZodType<T>).meta({ ...schema, id });

const text = z.string();
const places = z.object({ line: z.int().nullable(), column: z.int().nullable(), camera: text.nullable() });
const problem = places.extend({ code: ERROR_CODE, text, key: text });

export const CONFIG_VIEW: z.ZodType<ConfigView> = z
  .object({
    text,
    exists: z.boolean(),
    problems: z.array(problem),
    isInForce: z.boolean(),
    awaitsRestart: z.array(text),
  })
  .meta({ id: 'Config' });

export const CONFIG_CHECK: z.ZodType<ConfigCheckView> = z
  .object({
    problems: z.array(problem),
    touches: z
      .object({
        added: z.array(text),
        removed: z.array(text),
        changed: z.array(text),
        renamed: z.array(text),
        awaitsRestart: z.array(text),
      })
      .nullable(),
  })
  .meta({ id: 'ConfigCheck' });

/** As long as `stillwatch.yml` may be. */
export const CONFIG_TEXT: z.ZodType<{ readonly text: string }> = z.strictObject({ text: z.string().max(1_000_000) });

export interface SettingsSchemas {
  readonly camera: z.ZodType<CameraSettingsView>;
  readonly cameraPatch: z.ZodType<CameraPatch>;
  readonly cameraWords: z.ZodType<CameraWords>;
  readonly site: z.ZodType<SiteSettingsView>;
  readonly sitePatch: z.ZodType<SiteWords>;
}

/** `schema.cameras` says what a camera is, the other sections what the site is. */
export const settingsSchemas = (document: Pick<ConfigDocument, 'schema'>): SettingsSchemas => {
  const { properties } = document.schema('draft-2020-12') as { readonly properties: Sections };
  const { cameras, ...sections } = properties;
  const camera = cameras?.['additionalProperties'] as Schema & { readonly properties: Sections };
  const site: Schema = { type: 'object', properties: sections, additionalProperties: false };
  const { password: _, ...fields } = camera.properties;
  const password = { type: ['string', 'null'], description: 'The password itself; it is kept in a file of its own.' };
  const patch = patchSchema({ ...camera, properties: fields }) as { readonly properties: Sections };
  const words = described<CameraWords>(camera, 'CameraWords');
  const siteWords = described<SiteWords>(site, 'SiteWords');
  return {
    cameraWords: words,
    cameraPatch: described({ ...patch, properties: { ...patch.properties, password } }, 'CameraPatch'),
    camera: z
      .object({
        id: text,
        written: words,
        effective: words,
        fixed: z.array(text),
        hasPassword: z.boolean(),
        isInForce: z.boolean(),
        trouble: z.object({ code: ERROR_CODE, text }).nullable(),
      })
      .meta({ id: 'CameraSettings' }),
    sitePatch: described(patchSchema(site), 'SitePatch'),
    site: z
      .object({
        written: siteWords,
        effective: siteWords,
        fixed: z.array(text),
        awaitsRestart: z.array(text),
        isInForce: z.boolean(),
      })
      .meta({ id: 'SiteSettings' }),
  };
};
