import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openContract } from './openapi.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-openapi-'));
const file = path.join(folder, 'zoo.yaml');
writeFileSync(
  file,
  `
openapi: 3.0.0
paths:
  /animals:
    get:
      parameters:
        - $ref: '#/components/parameters/size'
        - { name: tame, in: query, required: true, schema: { type: boolean } }
      responses: { 200: { content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Animal' } } } } } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Animal' } } } }
      responses: { 201: {}, 400: { $ref: '#/components/responses/Error' } }
  /animals/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string, maxLength: 5 } }]
    delete: { responses: { 200: { content: { application/json: { schema: { type: object } } } } } }
  /animals/count:
    delete: { responses: { 200: {} } }
components:
  parameters:
    size: { name: size, in: query, schema: { type: integer, maximum: 9 } }
  responses:
    Error: { content: { application/json: { schema: { type: object, required: [code] } } } }
  schemas:
    Kind: { type: string, nullable: true, enum: [cat, bird] }
    Cat: { type: object, required: [lives], properties: { lives: { type: integer } } }
    Bird: { type: object, required: [wings], properties: { born: { type: string, format: date-time } } }
    Animal:
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Bird' }]
      discriminator: { propertyName: kind, mapping: { cat: '#/components/schemas/Cat', bird: '#/components/schemas/Bird' } }
`,
);
afterAll(() => rmSync(folder, { recursive: true }));
const zoo = openContract(file);

describe('a contract', () => {
  it('knows its operations, and the one that a path is for', () => {
    expect(zoo.operations).toEqual(['GET /animals', 'POST /animals', 'DELETE /animals/{id}', 'DELETE /animals/count']);
    expect(zoo.operation('DELETE', '/animals/7')).toBe('DELETE /animals/{id}');
    expect(zoo.operation('DELETE', '/animals/count')).toBe('DELETE /animals/count');
    expect(zoo.operation('GET', '/animals/7')).toBeUndefined();
  });

  it('accepts the declared answers', () => {
    expect(zoo.request('GET', '/animals', { size: '9', tame: 'true' })).toEqual([]);
    expect(zoo.request('POST', '/animals', {}, { kind: 'cat', lives: 9 })).toEqual([]);
    expect(zoo.response('GET', '/animals', 200, [{ kind: 'bird', wings: 2, born: '2026-01-01T00:00:00Z' }])).toEqual(
      [],
    );
    expect(zoo.response('POST', '/animals', 201)).toEqual([]);
    expect(zoo.response('POST', '/animals', 400, { code: 'NO' })).toEqual([]);
    expect(zoo.value('Kind', null)).toEqual([]);
  });

  it.each([
    ['an operation', () => zoo.request('PUT', '/animals', {}), 'PUT /animals is not declared'],
    ['a status', () => zoo.response('GET', '/animals', 500), 'GET /animals 500 is not declared'],
    ['an answer', () => zoo.response('POST', '/animals', 201, {}), 'POST /animals 201: a body is not declared'],
    ['a body', () => zoo.request('DELETE', '/animals/7', {}, {}), 'DELETE /animals/{id} body: is not declared'],
    [
      'a query',
      () => zoo.request('GET', '/animals', { tame: 'no', size: '1', age: '3' }),
      'GET /animals query: must NOT have additional properties (age)',
    ],
  ])('names %s that is not declared', (_what, faults, line) => {
    expect(faults()).toContain(line);
  });

  it.each([
    [
      () => zoo.request('GET', '/animals', { size: '10' }),
      ["query: must have required property 'tame'", 'query size: must be <= 9'],
    ],
    [() => zoo.request('DELETE', '/animals/123456', {}), ['path id: must NOT have more than 5 characters']],
    [() => zoo.request('POST', '/animals', {}), ['body: is required']],
    [
      () => zoo.request('POST', '/animals', {}, { kind: 'bird', lives: 9 }),
      ["body: must have required property 'wings'"],
    ],
    [
      () => zoo.request('POST', '/animals', {}, { kind: 'dog' }),
      ['body kind: must be equal to one of the allowed values'],
    ],
    [() => zoo.response('GET', '/animals', 200), ['200: is not JSON']],
    [
      () => zoo.response('GET', '/animals', 200, [{ kind: 'bird', wings: 2, born: 'yesterday' }]),
      ['200 0.born: must match format "date-time"'],
    ],
    [() => zoo.response('POST', '/animals', 400, {}), ["400: must have required property 'code'"]],
    [() => zoo.value('Kind', 'dog'), ['Kind: must be equal to one of the allowed values']],
  ])('names the place of each error: %#', (faults, lines) => {
    for (const line of lines) expect(faults().join('\n')).toContain(line);
  });
});
