/** The OpenAPI document of the API. `docs.test.ts` and `send` of the client compare the answers of sites with it. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../src/api/endpoints/endpoints.ts';
import { ERROR_CODES } from '../../src/respond/errors/error-codes.ts';
import type { TestSite } from '../helpers/site.ts';
import { openSmallSite, send, type ApiResponse } from '../helpers/api/client.ts';

type Json = Record<string, unknown>;

interface Operation {
  operationId: string;
  summary: string;
  security: Json[];
  parameters: { name: string; in: string; required?: boolean; description?: string; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema: Json }> }>;
}

let site: TestSite;
let answer: ApiResponse;
let operations: [name: string, Operation][];
beforeAll(async () => {
  site = await openSmallSite({ env: { PUBLIC_ORIGIN: 'https://acme.example/forms' } });
  answer = await send(site, 'GET', '/api/openapi.json');
  operations = Object.entries(answer.body.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
  );
});
afterAll(() => site.close());

const operationOf = (name: string): Operation => operations.find(([own]) => own === name)![1];

describe('the document of the API', () => {
  it('is for everyone, and names neither the site nor a form', () => {
    expect(answer).toMatchObject({ status: 200, body: { openapi: '3.1.1', info: { title: 'Flipsite' } } });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.text).not.toMatch(/acme|driver/i);
  });

  it('is not sent again to a client that has it', async () => {
    const tag = answer.headers.get('etag') ?? '';
    const again = await send(site, 'GET', '/api/openapi.json', undefined, { 'if-none-match': tag });
    expect(again).toMatchObject({ status: 304, text: '' });
    const other = await send(site, 'GET', '/api/openapi.json', undefined, { 'if-none-match': '"other"' });
    expect(other.text).toBe(answer.text);
  });

  it.each(['https://acme.example/', 'https://acme.example/forms/'])('leads to the site at %s', (address) => {
    const [{ url }] = answer.body.servers;
    expect(new URL(url, `${address}api/openapi.json`).href).toBe(address);
  });

  it('has each endpoint with its summary', () => {
    const wanted = ENDPOINTS.map(({ method, path, summary }) => [
      `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
      summary,
    ]);
    expect(operations.map(([name, { summary }]) => [name, summary]).toSorted()).toEqual(wanted.toSorted());
  });

  it('has a name of its own for each operation', () => {
    const names = operations.map(([, { operationId }]) => operationId);
    expect(names).toEqual([...new Set(names)]);
    expect(names.filter((name) => !/^[a-z][A-Za-z]+$/.test(name))).toEqual([]);
  });

  it('requires the parameters of a query without which Flipsite refuses the request', () => {
    const required = operations.flatMap(([name, { parameters }]) =>
      parameters.filter((one) => one.in === 'query' && one.required).map((one) => [name, one.name]),
    );
    expect(required).toEqual([['POST /api/submissions/{id}/files', 'field']]);
  });

  it('describes each parameter, and requires those of the path', () => {
    for (const [name, { parameters }] of operations) {
      const inPath = parameters.filter((one) => one.in === 'path' && one.required).map((one) => `{${one.name}}`);
      expect(inPath, name).toEqual(name.match(/\{\w+\}/g) ?? []);
      expect(
        parameters.filter(({ description, schema }) => !description || !schema),
        name,
      ).toEqual([]);
    }
  });

  it('has a schema that every reference and every credential names', () => {
    const at = (reference: string) => reference.split('/').slice(1).reduce<Json>((inner, part) => inner?.[part] as Json, answer.body); // prettier-ignore
    const references = [...answer.text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
    expect(references.filter((reference) => !reference.startsWith('#/components/') || !at(reference))).toEqual([]);
    const schemes = operations.flatMap(([, { security }]) => security.flatMap((one) => Object.keys(one)));
    expect([...new Set(schemes)].toSorted()).toEqual(Object.keys(answer.body.components.securitySchemes).toSorted());
  });

  it('has schemas of JSON Schema 2020-12', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, allowUnionTypes: true });
    addFormats.default(ajv);
    ajv.addVocabulary(['components']);
    const { components } = answer.body;
    const all = operations.flatMap(([, { parameters, requestBody, responses }]) => [
      ...parameters.map(({ schema }) => schema),
      ...[requestBody, ...Object.values(responses)].flatMap((one) => Object.values(one?.content ?? {}).map(({ schema }) => schema)), // prettier-ignore
    ]);
    for (const schema of all)
      expect(() => ajv.compile({ ...schema, components }), JSON.stringify(schema)).not.toThrow();
  });

  it('says which credential opens an endpoint', () => {
    expect(operationOf('GET /api/forms').security).toEqual([{ apiKey: [] }]);
    expect(operationOf('GET /api/submissions/{id}/files/{file}').security).toEqual([
      { submission: [] },
      { apiKey: [] },
    ]);
    expect(operationOf('POST /api/forms/{slug}/submissions').security).toEqual([]);
  });

  it('has the schemas that check requests', () => {
    const body = ({ requestBody }: Operation) => requestBody?.content['application/json']?.schema as { properties: Record<string, Json> }; // prettier-ignore
    const limit = operationOf('GET /api/forms/{slug}/submissions').parameters.find(({ name }) => name === 'limit');
    expect(limit?.schema).toEqual({ type: 'integer', minimum: 1, maximum: 200, default: 50 });
    expect(body(operationOf('POST /api/forms/{slug}/submissions'))).toMatchObject({ additionalProperties: false, properties: { proof: { maxLength: 2000 } } }); // prettier-ignore
    expect(body(operationOf('POST /api/forms/{slug}/links')).properties['utm']).toMatchObject({ type: 'object' });
  });

  it('says that the key of a start is long', () => {
    const { parameters } = operationOf('POST /api/forms/{slug}/submissions');
    expect(parameters.find(({ name }) => name === 'Idempotency-Key')?.description).toContain('at least 16 characters');
  });

  it('describes the keys of a start and of a submit', () => {
    const undescribed = ['POST /api/forms/{slug}/submissions', 'POST /api/submissions/{id}/submit'].flatMap((name) => {
      const schema = operationOf(name).requestBody?.content['application/json']?.schema as { properties: Record<string, Json> }; // prettier-ignore
      return Object.entries(schema.properties).flatMap(([key, { description }]) => (description ? [] : [key]));
    });
    expect(undescribed).toEqual([]);
  });

  it('has each status of success, and every error with its status', () => {
    expect(Object.keys(operationOf('PUT /api/forms/{slug}/source').responses)).toEqual(['200', '201', 'default']);
    expect(operationOf('DELETE /api/submissions/{id}').responses['204']).not.toHaveProperty('content');
    const rows = [...answer.body.components.responses.Error.description.matchAll(/^\| (\d{3}) \| `(\w+)` \|/gm)];
    expect(rows.map(([, status, code]) => [code, Number(status)])).toEqual(Object.entries(ERROR_CODES).map(([code, { status }]) => [code, status])); // prettier-ignore
  });

  it('allows keys of later versions in answers', () => {
    expect(JSON.stringify(answer.body.components.schemas)).not.toContain('"additionalProperties":false');
  });
});
