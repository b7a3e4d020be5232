/** Answers that an OpenAPI document allows: its own examples, and the fullest and the barest that its schemas describe. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Schema = Record<string, unknown>;

interface Media {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}

export interface Samples {
  /** The document's examples of what `operation`, like `GET /users/{id}`, answers with this status. */
  examples(operation: string, status: number): unknown[];
  /**
   * `full`: every field there is. `bare`: the required ones alone, and null where that is allowed; if a
   * schema requires no field, all of its fields. The outermost object, the envelope, is complete.
   */
  answer(operation: string, status: number, how: 'full' | 'bare'): unknown;
}

export function openSamples(path: string): Samples {
  const document = parse(readFileSync(path, 'utf8')) as Schema;

  function follow(value: unknown): Schema {
    const { $ref } = value as { $ref?: string };
    if (!$ref) return value as Schema;
    const found = $ref
      .split('/')
      .slice(1)
      .reduce<unknown>((inner, part) => (inner as Schema)[part], document);
    return follow(found);
  }

  function media(operation: string, status: number): Media {
    const [method = '', template = ''] = operation.split(' ');
    const paths = document.paths as Record<string, Record<string, { responses: Schema }>>;
    const response = follow(paths[template]?.[method.toLowerCase()]?.responses[status]);
    return (response.content as Record<string, Media>)['application/json']!;
  }

  function value(given: unknown, how: 'full' | 'bare'): unknown {
    const schema = follow(given);
    if (how === 'bare' && schema.nullable === true) return null;
    if (Array.isArray(schema.enum)) return schema.enum[0];
    if (Array.isArray(schema.oneOf)) return oneOf(schema, how);
    if (schema.type === 'array') return [value(schema.items, how)];
    if (schema.type === 'object' || schema.properties || schema.allOf) return object(schema, how);
    if (schema.type === 'string') return text(schema);
    if (schema.type === 'boolean') return true;
    return schema.type === 'integer' ? 7 : 7.5;
  }

  function oneOf(schema: Schema, how: 'full' | 'bare') {
    const { propertyName, mapping } = schema.discriminator as { propertyName: string; mapping: Record<string, string> };
    const [name, $ref] = Object.entries(mapping)[0]!;
    return { ...(value({ $ref }, how) as Schema), [propertyName]: name };
  }

  function object(schema: Schema, how: 'full' | 'bare'): Schema {
    const { properties, required } = flat(schema);
    const names = Object.keys(properties).filter(
      (name) => how === 'full' || required.length === 0 || required.includes(name),
    );
    return Object.fromEntries(names.map((name) => [name, value(properties[name], how)]));
  }

  function flat(given: unknown): { properties: Schema; required: string[] } {
    const { properties = {}, required = [], allOf = [] } = follow(given) as Partial<Record<string, unknown>>;
    const parts = (allOf as unknown[]).map(flat);
    return {
      properties: Object.assign({}, ...parts.map((part) => part.properties), properties) as Schema,
      required: [...parts.flatMap((part) => part.required), ...(required as string[])],
    };
  }

  return {
    examples(operation, status) {
      const { example, examples = {} } = media(operation, status);
      return [...(example === undefined ? [] : [example]), ...Object.values(examples).map((one) => one.value)];
    },
    answer(operation, status, how) {
      const { properties } = flat(media(operation, status).schema);
      return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, value(schema, how)]));
    },
  };
}

function text({ format, pattern, example }: Schema) {
  if (format === 'date-time') return '2026-01-02T03:04:05Z';
  if (format === 'date') return '2026-01-02';
  if (format === 'email') return 'ana@example.com';
  if (typeof pattern === 'string') return example ?? '1.5';
  return 'word';
}

/** What to ask for to be answered with this example: its own id, or the user whose items it lists. */
export function idIn(example: unknown): string {
  const { data } = example as { data?: { id?: string; items?: { userId?: string }[] } };
  return data?.id ?? data?.items?.[0]?.userId ?? 'word';
}

/** The answer without a page after it. */
export function lastPage(answer: unknown): unknown {
  const { data } = answer as { data?: { items?: unknown[] } };
  return data?.items ? { ...(answer as object), data: { ...data, nextCursor: null } } : answer;
}
