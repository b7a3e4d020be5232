/**
 * Compares requests and answers with an OpenAPI document. That of Smile (3.0) is not ours to ship: its path is in
 * `SMILE_OPENAPI`. If that is unset, the tests say clearly that they compared nothing. Flipsite's own is 3.1.
 */
import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, it } from 'vitest';
import { parse } from 'yaml';

type Json = Record<string, unknown>;

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  schema: Json;
}

interface Operation {
  deprecated?: boolean;
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}

interface Document {
  paths: Record<string, Record<string, Operation> & { parameters?: Parameter[] }>;
  components: { schemas: Record<string, Json> };
}

/** One fault a line, as `GET /users/{id} 200 data.createdAt: must match format "date-time"`; none means that it holds. */
export interface Contract {
  /** `POST /users`, with the path as a template, for every operation that is declared. */
  operations: string[];
  /** The names of all declared schemas. */
  schemas: string[];
  /** Whether an operation, like `GET /users/{id}`, may answer with this status. */
  declares(operation: string, status: number): boolean;
  /** The operation that a request is for; undefined if there is none. `path` is below the version: `/users/acme-1`. */
  operation(method: string, path: string): string | undefined;
  /** `body` is undefined if none was sent, else its JSON. A list in the query is written with commas. */
  request(method: string, path: string, query: URLSearchParams | Record<string, string>, body?: unknown): string[];
  /** `body` is undefined if none was sent, else its JSON. */
  response(method: string, path: string, status: number, body?: unknown): string[];
  /** Whether a value, like the body of a webhook, is of a declared schema. */
  value(schema: string, value: unknown): string[];
}

/**
 * Runs `tests` with the contract that `SMILE_OPENAPI` names. Where it names none, one test says so in its place, and so
 * does a warning.
 */
export function describeContract(title: string, tests: (contract: Contract, path: string) => void): void {
  const path = process.env.SMILE_OPENAPI;
  describe(title, () => {
    if (path) tests(openContract(path), path);
    else notChecked(title, "SMILE_OPENAPI does not name Smile's OpenAPI document");
  });
}

/** A test that says, for all to see, that others were not run, and why. */
export function notChecked(title: string, why: string): void {
  it(`WAS NOT CHECKED: ${why}`, () => {
    console.warn(`\n*** NOT CHECKED: ${title}, as ${why} ***\n`);
  });
}

/** Reads the YAML document at `path`. */
export const openContract = (path: string): Contract => contractOf(parse(readFileSync(path, 'utf8')));

/** @param json an OpenAPI document */
export function contractOf(json: unknown): Contract {
  const document = forAjv(json) as Document;
  const values = new Ajv({ strict: false, logger: false, allErrors: true, schemas: { smile: document } });
  const texts = new Ajv({
    strict: false,
    logger: false,
    allErrors: true,
    coerceTypes: true,
    schemas: { smile: document },
  });
  addFormats.default(values);
  addFormats.default(texts);
  const routes = Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item)
      .filter(([method]) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
      .map(([method, operation]) => routeOf(document, method, template, operation as Operation)),
  );
  const compiled = new Map<string, ValidateFunction>();

  function holds(pointer: string[], value: unknown, where: string): string[] {
    const $ref = `smile#${pointer.map((part) => `/${encodeURIComponent(part.replace(/~/g, '~0').replace(/\//g, '~1'))}`).join('')}`;
    const validate = compiled.get($ref) ?? values.compile({ $ref });
    compiled.set($ref, validate);
    return validate(value) ? [] : faultsOf(where, validate.errors);
  }

  /** Where several templates fit, the one that names most of the path, as `/archives/classify` before `/archives/{id}`. */
  function find(method: string, path: string) {
    const fitting = routes.filter((route) => route.method === method.toLowerCase() && route.pattern.test(path));
    return fitting.sort((a, b) => a.variables - b.variables)[0];
  }

  return {
    operations: routes.map(({ name }) => name),
    schemas: Object.keys(document.components.schemas),
    declares: (operation, status) =>
      routes.some(({ name, operation: { responses } }) => name === operation && String(status) in responses),
    operation: (method, path) => find(method, path)?.name,

    request(method, path, query, body) {
      const route = find(method, path);
      if (!route) return [`${method} ${path} is not declared`];
      const segments = Object.entries(route.pattern.exec(path)?.groups ?? {});
      const given = {
        path: Object.fromEntries(segments.map(([name, text]) => [name, decodeURIComponent(text)])),
        query: Object.fromEntries(
          [...new URLSearchParams(query)].map(([name, text]) => [name, isList(route, name) ? text.split(',') : text]),
        ),
      };
      const faults = (['path', 'query'] as const).flatMap((place) => {
        const key = `${route.name} ${place}`;
        const validate =
          compiled.get(key) ?? texts.compile(parametersSchema(route.parameters.filter((one) => one.in === place)));
        compiled.set(key, validate);
        return validate(given[place]) ? [] : faultsOf(`${route.name} ${place}`, validate.errors);
      });
      const { requestBody } = route.operation;
      if (body === undefined) return requestBody?.required ? [...faults, `${route.name} body: is required`] : faults;
      if (!requestBody) return [...faults, `${route.name} body: is not declared`];
      const pointer = [...route.pointer, 'requestBody', 'content', 'application/json', 'schema'];
      return [...faults, ...holds(pointer, body, `${route.name} body`)];
    },

    response(method, path, status, body) {
      const route = find(method, path);
      if (!route) return [`${method} ${path} is not declared`];
      const { responses } = route.operation;
      const declared = String(status) in responses ? String(status) : 'default';
      const where = `${route.name} ${status}`;
      if (!(declared in responses)) return [`${where} is not declared`];
      const response = responses[declared] as Json;
      const place =
        typeof response.$ref === 'string'
          ? response.$ref.split('/').slice(1)
          : [...route.pointer, 'responses', declared];
      if (!content(document, place)) return body === undefined ? [] : [`${where}: a body is not declared`];
      if (body === undefined) return [`${where}: is not JSON`];
      return holds([...place, 'content', 'application/json', 'schema'], body, where);
    },

    value: (schema, value) => holds(['components', 'schemas', schema], value, schema),
  };
}

function routeOf(document: Document, method: string, template: string, operation: Operation) {
  const common = document.paths[template]?.parameters ?? [];
  const own = operation.parameters ?? [];
  const parameters = [...common, ...own].map((parameter) => resolve(document, parameter) as unknown as Parameter);
  const pattern = template.replace(/[.\-]/g, '\\$&').replace(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  return {
    name: `${method.toUpperCase()} ${template}`,
    method,
    operation,
    parameters,
    pointer: ['paths', template, method],
    pattern: new RegExp(`^${pattern}$`),
    variables: template.split('{').length,
  };
}

function isList(route: { parameters: Parameter[] }, name: string) {
  return route.parameters.some((parameter) => parameter.name === name && parameter.schema.type === 'array');
}

function parametersSchema(parameters: Parameter[]): Json {
  return {
    type: 'object',
    properties: Object.fromEntries(parameters.map(({ name, schema }) => [name, atHome(schema)])),
    required: parameters.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

/** A schema from the document still finds the schemas that it refers to. */
function atHome(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#', '"$ref":"smile#')) as Json;
}

function resolve(document: Document, value: unknown): Json {
  const { $ref } = value as { $ref?: string };
  return $ref ? resolve(document, at(document, $ref.split('/').slice(1))) : (value as Json);
}

function at(document: Document, pointer: string[]): unknown {
  return pointer.reduce<unknown>((value, part) => (value as Json | undefined)?.[part], document);
}

function content(document: Document, place: string[]): boolean {
  return at(document, [...place, 'content', 'application/json', 'schema']) !== undefined;
}

/** Not the value, which may belong to a person. */
function faultsOf(where: string, errors: ErrorObject[] | null | undefined): string[] {
  const lines = (errors ?? []).map(({ instancePath, message, keyword, params }) => {
    const place = instancePath.slice(1).replaceAll('/', '.');
    const extra = keyword === 'additionalProperties' ? ` (${String(params.additionalProperty)})` : '';
    return `${where}${place ? ` ${place}` : ''}: ${message ?? 'does not hold'}${extra}`;
  });
  return [...new Set(lines)];
}

/**
 * OpenAPI 3.0's own keywords as JSON Schema: `nullable` allows null, beside an enum or a reference too (as such documents
 * mean it, whatever the standard says), and a `discriminator` says which one of several schemas counts.
 */
function forAjv(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forAjv);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, discriminator, ...schema } = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, forAjv(inner)]),
  ) as Json;
  if (isMapping(discriminator) && schema.oneOf) {
    const { propertyName, mapping } = discriminator;
    delete schema.oneOf;
    schema.required = [propertyName];
    schema.properties = { [propertyName]: { enum: Object.keys(mapping) } };
    schema.allOf = Object.entries(mapping).map(([name, $ref]) => ({
      if: { properties: { [propertyName]: { const: name } } },
      then: { $ref },
    }));
  }
  if (nullable === true && typeof schema.type === 'string') {
    return {
      ...schema,
      type: [schema.type, 'null'],
      ...(Array.isArray(schema.enum) && { enum: [...(schema.enum as unknown[]), null] }),
    };
  }
  if (nullable === true) return { anyOf: [{ type: 'null' }, schema] };
  return nullable === undefined ? schema : { ...schema, nullable };
}

function isMapping(value: unknown): value is { propertyName: string; mapping: Record<string, string> } {
  return typeof value === 'object' && value !== null && 'mapping' in value && 'propertyName' in value;
}
