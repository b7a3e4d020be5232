/** The endpoints for programs that read and publish the text of a form, such as `npm run forms`. */
import { z } from 'zod';
import { MAX_FORM_CHARACTERS } from '../../form/parse.ts';
import { versionOf } from '../../form/version.ts';
import type { PublishResult } from '../../publish/publisher.ts';
import { done, fail, type Result } from '../../respond/errors/api-error.ts';
import { describeRehearsal } from '../../respond/rehearsal/rehearse-form.ts';
import { bytesOf, type RequestContext } from '../body.ts';
import { ApiException } from '../errors.ts';
import { publishedFormAnswer } from '../answers/publishing.ts';
import { defineEndpoint } from './endpoint.ts';
import { etagsIn, IF_NONE_MATCH, taggedText } from './etags.ts';

/** UTF-8 takes up to four bytes a character. */
const MAX_SOURCE_BYTES = 4 * MAX_FORM_CHARACTERS;

export const sourceEndpoints = [
  defineEndpoint({
    name: 'getSource',
    method: 'GET',
    path: '/api/forms/:slug/source',
    summary: 'Returns the text of the file of a form, or the text that the dashboard has published, with an ETag.',
    access: 'api key',
    limits: [],
    headers: IF_NONE_MATCH,
    otherStatus: 304,
    answer: 'text/yaml',
    async handle({ publisher, param, c }) {
      const source = await publisher.source(param('slug'));
      if (!source) throw new ApiException({ code: 'unknown_form', message: 'There is no form with this slug.' });
      return taggedText(c, source, { 'content-type': 'text/yaml; charset=utf-8', 'x-form-owner': source.managedIn });
    },
  }),

  defineEndpoint({
    name: 'publishSource',
    method: 'PUT',
    path: '/api/forms/:slug/source',
    summary: 'Publishes a text of a form. With `dry_run=true`, or if it is live already, nothing is published.',
    access: 'api key',
    limits: [],
    // Strict: a misspelled dry_run would publish.
    query: z.strictObject({
      dry_run: z
        .enum(['true', 'false'], 'dry_run must be true or false.')
        .default('false')
        .describe('Whether to publish nothing and only check the text'),
      note: z
        .string()
        .max(500, 'note must have at most 500 characters.')
        .default('')
        .describe('A note for the history of the form'),
    }),
    bodyType: 'text/yaml',
    headers: {
      'If-Match': 'The ETag of the text that you change',
      'If-None-Match': '* for a new form. Send this or If-Match',
    },
    otherStatus: 201,
    answer: publishedFormAnswer,
    async handle({ services, publisher, param, query, c }) {
      const replaces = textItReplaces(c);
      const { dry_run, note } = query();
      const request = { slug: param('slug'), text: await textOf(c), replaces, note };
      const result = await (dry_run === 'true' ? publisher.tryPublish(request) : publisher.publish(request));
      if (result.status !== 'valid' && result.status !== 'published') return refusal(result, param('slug'), replaces);
      const changes = result.changes.map(({ sentence }) => sentence);
      const unchanged = result.unchanged && { unchanged: true };
      if (result.status === 'valid') return done({ version: versionOf(result.form), changes, ...unchanged, rehearsal: await describeRehearsal(services, result.before, result.form) }); // prettier-ignore
      const { publication } = result;
      const headers = { etag: `"${publication.textHash}"` };
      return { ...done({ version: publication.version, number: publication.number, changes, ...unchanged }), headers, created: replaces === null }; // prettier-ignore
    },
  }),
];

/** @returns the hash in `If-Match`, or null for `If-None-Match: *` @throws ApiException where neither is sent */
function textItReplaces(c: RequestContext): string | null {
  const [hash] = etagsIn(c.req.header('if-match'));
  if (hash) return hash;
  if (c.req.header('if-none-match')?.trim() === '*') return null;
  throw new ApiException({
    code: 'precondition_required',
    message: 'Send If-Match with the ETag of the text that you change, or If-None-Match: * for a new form.',
  });
}

/** The body as text. @throws ApiException */
async function textOf(c: RequestContext): Promise<string> {
  if (!/^(text|application)\/(x-)?yaml\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new ApiException({
      code: 'unsupported_type',
      message: 'The Content-Type is wrong. Send YAML as text/yaml.',
    });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await bytesOf(c, MAX_SOURCE_BYTES));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ApiException({ code: 'invalid_request', message: 'The body is not UTF-8 text.' });
  }
}

function refusal(
  result: Exclude<PublishResult, { status: 'published' }>,
  slug: string,
  replaces: string | null,
): Result<never> {
  if (result.status === 'managed in files')
    return fail(
      'owned_by_files',
      `The form ${slug} is managed in a file. Change the file, or choose Edit here instead in the dashboard.`,
    );
  if (result.status === 'moved') {
    if (replaces === null) return fail('precondition_failed', 'There is already a form with this slug. Read its source, and send its ETag as If-Match.'); // prettier-ignore
    if (!result.hash) return fail('precondition_failed', 'There is no such form yet. Send If-None-Match: *.');
    return fail('precondition_failed', 'The form was published in the meantime. Read its source again.');
  }
  const errors = result.faults.map(({ line, column, message, remedy }) => ({ line, column, message, ...(remedy && { fix: remedy }) })); // prettier-ignore
  return fail('invalid_form', 'The text has errors, so nothing was published. `errors` has each of them.', { errors });
}
