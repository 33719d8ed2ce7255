// JSON Merge Patch (RFC 7396) as edits of single keys, so that what is not changed keeps its place and its comments.

import type { ConfigEdit, ConfigPath, ConfigValue } from '../../ports/config-document.ts';

type Keys = Readonly<Record<string, ConfigValue>>;

export const isMap = (value: unknown): value is Keys =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The edits that `patch` asks of `target`, which stands at `path`. What is as it should be is left alone. */
export const patchEdits = (path: ConfigPath, target: ConfigValue | undefined, patch: Keys): readonly ConfigEdit[] =>
  Object.entries(patch).flatMap(([key, wanted]): readonly ConfigEdit[] => {
    const here = [...path, key];
    const present = isMap(target) && Object.hasOwn(target, key) ? target[key] : undefined;
    if (wanted === null) return present === undefined ? [] : [{ path: here, value: undefined }];
    if (isMap(wanted)) {
      const edits = patchEdits(here, present, wanted);
      // "There, and empty" is a value of its own.
      return edits.length > 0 || isMap(present) ? edits : [{ path: here, value: {} }];
    }
    return JSON.stringify(present) === JSON.stringify(wanted) ? [] : [{ path: here, value: wanted }];
  });

interface Schema {
  readonly [word: string]: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
}

const orNull = (schema: Schema): Schema => ({ anyOf: [patchSchema(schema), { type: 'null' }] });

/** The JSON Schema of a patch of what `schema` describes: nothing is required, and everything may be taken away. */
export const patchSchema = (schema: Schema): Schema => {
  if (!schema.properties && typeof schema.additionalProperties !== 'object') return schema;
  const { required: _, default: __, properties = {}, additionalProperties, ...rest } = schema;
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).map(([key, one]) => [key, orNull(one)])),
    additionalProperties: typeof additionalProperties === 'object' ? orNull(additionalProperties) : false,
  };
};
