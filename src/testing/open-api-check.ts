// Holds an answer against the OpenAPI document as a client would that knows nothing else: the status, the type, and every
// value by its JSON Schema, with nothing in it that the document does not name. Only the words our document uses.

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

/** Words that say nothing about a value. */
const SILENT = new Set([
  'description',
  'title',
  '$schema',
  'id',
  'format',
  'readOnly',
  'default',
  'propertyNames',
  'example',
]);

const kindOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (Number.isInteger(value)) return 'integer';
  return typeof value;
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

export const checkValue = (
  document: OpenApiDocument,
  schema: Schema,
  value: unknown,
  at: string,
): readonly string[] => {
  const mistakes: string[] = [];
  const wrong = (what: string): void => void mistakes.push(`${at}: ${what}`);
  const below = (part: Schema, child: unknown, where: string): void =>
    void mistakes.push(...checkValue(document, part, child, where));
  const kind = kindOf(value);
  const isNumber = typeof value === 'number';
  for (const [word, said] of Object.entries(schema)) {
    switch (word) {
      case '$ref': {
        const name = String(said).replace('#/components/schemas/', '');
        const named = document.components.schemas[name];
        if (named) below(named, value, at);
        else wrong(`no schema ${name}`);
        break;
      }
      case 'type': {
        const kinds = typeof said === 'string' ? [said] : list(said);
        if (!kinds.includes(kind) && !(kind === 'integer' && kinds.includes('number')))
          wrong(`${kind}, not ${String(said)}`);
        break;
      }
      case 'anyOf':
      case 'oneOf': {
        const fits = list(said).filter((one) => checkValue(document, one as Schema, value, at).length === 0);
        if (fits.length === 0) wrong(`none of ${list(said).length}`);
        break;
      }
      case 'allOf':
        for (const one of list(said)) below(one as Schema, value, at);
        break;
      case 'const':
        if (value !== said) wrong(`not ${String(said)}`);
        break;
      case 'enum':
        if (!list(said).includes(value)) wrong(`${String(value)} is not one of them`);
        break;
      case 'pattern':
        if (typeof value === 'string' && !new RegExp(String(said), 'u').test(value))
          wrong(`${value} is no ${String(said)}`);
        break;
      case 'minLength':
        if (typeof value === 'string' && value.length < Number(said)) wrong('too short');
        break;
      case 'maxLength':
        if (typeof value === 'string' && value.length > Number(said)) wrong('too long');
        break;
      case 'minimum':
        if (isNumber && value < Number(said)) wrong(`${value} < ${String(said)}`);
        break;
      case 'maximum':
        if (isNumber && value > Number(said)) wrong(`${value} > ${String(said)}`);
        break;
      case 'required':
        for (const key of list(said))
          if (kind === 'object' && !(String(key) in Object(value))) wrong(`no ${String(key)}`);
        break;
      case 'properties': {
        if (kind !== 'object') break;
        const parts = said as Readonly<Record<string, Schema>>;
        const rest = schema['additionalProperties'];
        for (const [key, child] of Object.entries(value as object)) {
          const part = parts[key];
          if (part) below(part, child, `${at}/${key}`);
          else if (typeof rest !== 'object') wrong(`${key} is not described`);
        }
        break;
      }
      case 'additionalProperties': {
        if (kind !== 'object' || typeof said !== 'object' || said === null) break;
        const known: object = schema['properties'] ?? {};
        for (const [key, child] of Object.entries(value as object))
          if (!(key in known)) below(said as Schema, child, `${at}/${key}`);
        break;
      }
      case 'items':
        if (kind === 'array' && said !== false)
          for (const [index, child] of (value as readonly unknown[]).entries()) {
            if (index >= list(schema['prefixItems']).length) below(said as Schema, child, `${at}/${index}`);
          }
        break;
      case 'prefixItems':
        for (const [index, part] of list(said).entries())
          below(part as Schema, (value as readonly unknown[])[index], `${at}/${index}`);
        break;
      case 'minItems':
        if (kind === 'array' && (value as readonly unknown[]).length < Number(said)) wrong('too few');
        break;
      case 'maxItems':
        if (kind === 'array' && (value as readonly unknown[]).length > Number(said)) wrong('too many');
        break;
      default:
        if (!SILENT.has(word)) wrong(`this check does not know the word ${word}`);
    }
  }
  return mistakes;
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
  return checkValue(document, content.schema, type.endsWith('json') ? JSON.parse(answer.body) : answer.body, '');
};
