// The OpenAPI document as types for the browser's client: which calls there are, what each takes and what it answers. A shape
// with a name of its own is looked up in `Shapes` (one for what is asked and what is answered); the others are written out.

import type { OpenApiDocument } from './open-api-check.ts';

type Schema = { readonly [word: string]: unknown };

const REFERENCE = '#/components/schemas/';

/** @param gap what a field that may be left out may hold instead: what is sent as undefined is not sent */
const typeOf = (schema: Schema | undefined, gap = ''): string => {
  if (!schema) return 'unknown';
  const { $ref, anyOf, oneOf, allOf, type, items, prefixItems, properties, additionalProperties } = schema;
  if (typeof $ref === 'string') return `Shapes['${$ref.slice(REFERENCE.length).replace(/Input$/, '')}']`;
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map((one) => JSON.stringify(one)).join(' | ');
  const choices = (anyOf ?? oneOf) as readonly Schema[] | undefined;
  if (choices) return choices.map((one) => typeOf(one, gap)).join(' | ');
  if (Array.isArray(allOf)) return (allOf as readonly Schema[]).map((one) => typeOf(one, gap)).join(' & ');
  if (Array.isArray(type)) return type.map((one: unknown) => typeOf({ ...schema, type: one }, gap)).join(' | ');
  switch (type) {
    case 'string':
      return 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'null':
      return 'null';
    case 'array':
      return prefixItems
        ? `readonly [${(prefixItems as readonly Schema[]).map((one) => typeOf(one, gap)).join(', ')}]`
        : `readonly (${typeOf(items as Schema | undefined, gap)})[]`;
    case 'object':
      break;
    default:
      return 'unknown';
  }
  if (!properties) {
    return `Readonly<Record<string, ${typeof additionalProperties === 'object' ? typeOf(additionalProperties as Schema, gap) : 'unknown'}>>`;
  }
  const required = new Set((schema['required'] as readonly string[] | undefined) ?? []);
  const fields = Object.entries(properties as Readonly<Record<string, Schema>>).map(
    ([key, one]) =>
      `readonly ${/^\w+$/.test(key) ? key : JSON.stringify(key)}${required.has(key) ? '' : '?'}: ${typeOf(one, gap)}${required.has(key) ? '' : gap}`,
  );
  return `{ ${fields.join('; ')} }`;
};

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
}

const jsonOf = (described: Described | undefined): Schema | undefined =>
  described?.content?.['application/json']?.schema as Schema | undefined;

/** @param origin in front of every path, and left out here */
export const apiCalls = (document: OpenApiDocument, origin: string): string => {
  const calls = Object.entries(document.paths)
    .filter(([path]) => path.startsWith(origin))
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, { requestBody, responses }]) => {
        const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
        const answers = new Set(good.map(([status, one]) => (status === '204' ? 'undefined' : typeOf(jsonOf(one)))));
        const body = requestBody === undefined ? 'undefined' : typeOf(jsonOf(requestBody as Described), ' | undefined');
        return `  '${method.toUpperCase()} ${path.slice(origin.length)}': {\n    body: ${body};\n    answer: ${[...answers].join(' | ') || 'unknown'};\n  };`;
      }),
    );
  return `// Written from the OpenAPI document by \`npx vitest run --project unit src/web/api-calls.test.ts --update\`, which also checks it.\n\nimport type { Shapes } from './api-shapes.ts';\n\nexport interface Calls {\n${calls.toSorted().join('\n')}\n}\n`;
};
