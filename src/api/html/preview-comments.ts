/** Comments and approvals from people with the link to a preview. */
import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { CommentList, CommentToSend } from '../../contract/comments.ts';
import { typeable } from '../../form/typeable.ts';
import type { PreviewDrafts } from '../../publish/previews/preview-drafts.ts';
import type { Database } from '../../record/db/database.ts';
import { addFormComment, listFormComments } from '../../record/forms/form-comments.ts';
import { formState } from '../../record/forms/form-states.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { jsonOf, MAX_BYTES } from '../body.ts';
import type { Rates } from '../bounds/rates.ts';
import { failIfWaiting, mayRenderFor } from '../bounds/limit-requests.ts';
import { API_HEADERS, ApiException, errorResponse, explainError, type LogError } from '../errors.ts';

const { commentCharacters, commentNameCharacters, formComments } = SITE_LIMITS;

const id = z.string().min(1).max(100);

/** Whether people see a character of `text`. */
const isVisible = (text: string): boolean => /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}]/u.test(text);
const NOT_VISIBLE = 'must have a visible character';

const commentSchema: z.ZodType<CommentToSend> = z
  .strictObject({
    kind: z.enum(['comment', 'approval']),
    screen: id.optional(),
    field: id.optional(),
    name: z
      .string()
      .transform((name) => typeable(name).replace(/\s+/g, ' ').trim())
      .pipe(z.string().max(commentNameCharacters.value).refine(isVisible, NOT_VISIBLE)),
    version: id,
    text: z.string().trim().max(commentCharacters.value),
  })
  .refine(({ kind, text }) => kind === 'approval' || isVisible(text), { path: ['text'], error: NOT_VISIBLE });

/** @param form the form of the preview */
export function commentRoutes(
  form: string,
  options: {
    db: Database;
    drafts: PreviewDrafts;
    rates: Rates | undefined;
    now: () => Date;
    remoteAddress(c: Context): string;
    logError: LogError;
  },
): Hono {
  const { db, drafts, rates, now } = options;
  const app = new Hono();
  /** The size of the last list of comments, in bytes. */
  let listBytes: number | undefined;

  app.get('/-/comments', async (c) => {
    // The list has up to 1.2 MB, and takes longer than a page.
    await mayRenderFor(rates, options.remoteAddress(c))(listBytes);
    const found = await listFormComments(db, form, formComments.value);
    const comments = found.map(({ kind, screen, field, name, text, createdAt, isDone }) => ({ kind, screen, field, name, text, at: createdAt, isDone })); // prettier-ignore
    const list = JSON.stringify({ comments } satisfies CommentList);
    listBytes = Buffer.byteLength(list);
    return c.body(list, 200, { ...API_HEADERS, 'content-type': 'application/json' });
  });

  app.post('/-/comments', async (c) => {
    if (rates) failIfWaiting(rates.start(options.remoteAddress(c)), 'address');
    const { version, ...comment } = await jsonOf(c, commentSchema, MAX_BYTES.json);
    const newest = await drafts.readNewest(form);
    // A member may have changed the form while the person looked at it.
    const seen = newest?.shown?.version === version ? newest : undefined;
    if (comment.kind === 'approval' && newest?.shown && !seen)
      throw new ApiException({ code: 'form_changed', message: 'The form has changed since this page was loaded. Look at it again before you approve it.' }); // prettier-ignore
    if (comment.kind === 'approval' && (!seen || seen.faults.length)) {
      const why = seen?.isNewest ? 'Some texts have no translation yet, so the form' : 'The newest change has an error, so it'; // prettier-ignore
      throw new ApiException({ code: 'invalid_request', message: `${why} cannot be approved. Ask the person who sent you the link.` }); // prettier-ignore
    }
    const isStored = await db.transaction(async (trx) => {
      // A member may have deleted it since. Another form with its link does not get the comment.
      if (!(await formState(trx, form)))
        throw new ApiException({ code: 'not_found', message: 'This form was deleted.' });
      return addFormComment(trx, { ...comment, form, textHash: seen?.textHash ?? '' }, formComments.value, now());
    });
    if (!isStored)
      throw new ApiException({ code: 'rate_limited', message: 'This form has too many open comments. Ask the person who sent you the link to mark some as done.' }); // prettier-ignore
    return c.json({}, 201, API_HEADERS);
  });

  app.onError((error, c) => {
    const { method, path } = c.req;
    return errorResponse(c, explainError(error, { method, path, sentId: c.req.header('x-request-id') }, options.logError)); // prettier-ignore
  });
  return app;
}
