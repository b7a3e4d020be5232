/** The endpoint that describes the API to programs. */
import { textHash } from '../../record/forms/form-text.ts';
import { openApiDocument } from '../openapi.ts';
import { defineEndpoint, type Endpoint } from './endpoint.ts';
import { IF_NONE_MATCH, taggedText } from './etags.ts';

/**
 * The endpoint of the document, which is made at the first request and stays the same.
 * @param endpoints returns those that it describes
 */
export function openApiEndpoint(endpoints: () => readonly Endpoint[]): Endpoint {
  let made: { text: string; hash: string } | undefined;
  const make = (version: string) => {
    const text = JSON.stringify(openApiDocument(endpoints(), version));
    return { text, hash: textHash(text) };
  };
  return defineEndpoint({
    name: 'getOpenApi',
    method: 'GET',
    path: '/api/openapi.json',
    summary: 'Describes the API as an OpenAPI 3.1 document, with an ETag.',
    access: 'anyone',
    limits: ['address'],
    headers: IF_NONE_MATCH,
    otherStatus: 304,
    answer: 'application/json',
    async handle({ c, version }) {
      made ??= make(version);
      return taggedText(c, made, { 'content-type': 'application/json' });
    },
  });
}
