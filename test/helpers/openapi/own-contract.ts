/** Flipsite's own OpenAPI document. */
import { expect } from 'vitest';
import { ENDPOINTS } from '../../../src/api/endpoints/endpoints.ts';
import { openApiDocument } from '../../../src/api/openapi.ts';
import { contractOf, type Contract } from './openapi.ts';

let contract: Contract | undefined;

/** The contract of the API, in which an answer has no key beside those of the document. */
export const ownContract = (): Contract => (contract ??= contractOf(strict(openApiDocument(ENDPOINTS, '0.0.0'))));

/** Expects that an answer with the body `text` is as the document says, if `path` is of the API. */
export function expectOfContract(method: string, path: string, { status, headers }: Response, text: string): void {
  const [address = ''] = path.split('?');
  if (!ownContract().operation(method, address)) return;
  const isJson = text !== '' && headers.get('content-type')?.startsWith('application/json');
  const differences = ownContract().response(method, address, status, isJson ? JSON.parse(text) : undefined);
  expect(differences, 'differences from openapi.json').toEqual([]);
}

/** The document allows further keys, which later versions can have. */
function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict);
  if (typeof value !== 'object' || value === null) return value;
  const schema = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, strict(inner)]));
  return 'properties' in schema ? { additionalProperties: false, ...schema } : schema;
}
