/** Whose submission a request is about. */
import type { Form } from '../form/schema.ts';
import { findSubmission, setLanguage, type Submission } from '../record/submissions.ts';
import type { Desk } from '../respond/desk.ts';
import { expiryOf, opens } from '../respond/token.ts';
import { NOT_THEIRS, Refused } from './errors.ts';
import { bearerOf, type Asked } from './requests.ts';

/** The submission that the request's token opens. */
export async function theirs(desk: Desk, c: Asked): Promise<{ submission: Submission; form: Form }> {
  const id = c.req.param('id') ?? '';
  const token = bearerOf(c);
  if (!token)
    throw new Refused({ code: 'unauthorized', message: 'Send the token of the submission: Authorization: Bearer …' });
  const found = opens(desk.keys, id, token) ? await findSubmission(desk.db, id) : undefined;
  const submission =
    found && !found.erasedAt && expiryOf(found.createdAt) > desk.now().toISOString() ? found : undefined;
  const form = submission && (await desk.catalog.version(submission.form, submission.version));
  if (!submission || !form) throw new Refused(NOT_THEIRS);
  return { submission: await spokenTo(desk, c, submission, form), form };
}

/** A person may change the language of the page on the way; from then on they are answered in it (RFC 9110 §8.5). */
async function spokenTo(desk: Desk, c: Asked, submission: Submission, form: Form): Promise<Submission> {
  const language = form.languages.find((one) => one === c.req.header('content-language'));
  const same = !language || language === submission.language;
  if (same || submission.submittedAt || c.req.method === 'GET') return submission;
  await setLanguage(desk.db, submission.id, language);
  return { ...submission, language };
}
