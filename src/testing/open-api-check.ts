// Holds an answer against the OpenAPI document as a client would that knows nothing else: the status, the type, and the value
// by its JSON Schema, which Ajv checks (draft 2020-12, the dialect of OpenAPI 3.1): nobody's code here judges our answers.

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

type Schema = { readonly [word: string]: unknown };

interface Content {
  readonly schema: Schema;
}

export interface OpenApiOperation {
  readonly operationId?: string;
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** RFC 3339, as our instants are written. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Words of OpenAPI that say nothing about a value are not JSON Schema's. */
const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { 'date-time': INSTANT, binary: true } });
const compiled = new WeakMap<Schema, ValidateFunction>();

const validatorOf = (document: OpenApiDocument, schema: Schema): ValidateFunction => {
  const known = compiled.get(schema);
  if (known) return known;
  // `#/components/schemas/…` is looked for in the same document.
  const made = ajv.compile({ ...schema, components: document.components });
  compiled.set(schema, made);
  return made;
};

/** @returns what is not as described; empty when all is well */
export const checkAgainst = (
  document: OpenApiDocument,
  operation: OpenApiOperation,
  answer: { readonly status: number; readonly type: string; readonly body: string },
): readonly string[] => {
  const { responses } = operation;
  const described = responses[String(answer.status)] ?? responses[`${Math.floor(answer.status / 100)}XX`];
  if (!described) return [`status ${answer.status} is not described`];
  const type = answer.type.replace(/;.*$/, '').trim();
  const content = described.content?.[type];
  if (!content) return [`the type ${type} is not described for ${answer.status}`];
  const validate = validatorOf(document, content.schema);
  if (validate(type.endsWith('json') ? JSON.parse(answer.body) : answer.body)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath}: ${message}`);
};
