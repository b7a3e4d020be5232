/** The whole form posted by a browser without JavaScript. */
import { createHash } from 'node:crypto';
import type { Answers } from '../form/condition.ts';
import { typeOf } from '../form/fields/fields.ts';
import { fromStrings } from '../form/from-strings.ts';
import { walk } from '../form/journey.ts';
import type { Form } from '../form/schema.ts';
import type { Language } from '../form/wording/wording.ts';
import { once } from '../record/idempotency.ts';
import { createSubmission, findSubmission, mergeAnswers, type Submission } from '../record/submissions.ts';
import { record, type Desk } from './desk.ts';
import { readScreen, screenOf } from './standing.ts';
import { submit, type Ended } from './submit.ts';

export type NativeOutcome =
  /** Refused: what was entered, and sentences by field in the order of the page. */
  | { kind: 'errors'; values: Answers; errors: Record<string, string> }
  /** Kept as a draft: a screen is left that needs a script. */
  | { kind: 'draft'; submission: Submission }
  | { kind: 'ended'; submission: Submission; ended: Ended };

/** How long the same post from the same place is the same submission: a double click, a reload, a retry. */
const SAME_WITHIN_MS = 10 * 60_000;

/** @param from who posts, as far as that can be told: address and user agent */
export async function postForm(
  desk: Desk,
  form: Form,
  version: string,
  language: Language,
  entries: [name: string, value: string][],
  from: string,
): Promise<NativeOutcome> {
  const now = desk.now();
  const values = valuesOf(form, entries);
  const errors: Record<string, string> = {};
  const answers: Answers = {};
  // Every screen on the way is looked at, so that all that is wrong is told at once; the way stops at a Wink screen.
  const { path } = walk(form, values, (id, known) => {
    const screen = screenOf(form, id);
    if (!screen || screen.wink) return false;
    const read = readScreen(screen, known, values, language, now);
    Object.assign(errors, read.errors);
    Object.assign(answers, read.answers);
    return true;
  });
  if (Object.keys(errors).length) return { kind: 'errors', values, errors };
  // Answers to later screens are kept where they are valid; the person meets those screens again.
  for (const screen of form.screens.filter(({ id }) => !path.includes(id))) {
    Object.assign(answers, readScreen(screen, answers, values, language, now).answers);
  }

  const key = createHash('sha256')
    .update(JSON.stringify([from, version, language, entries]))
    .digest('hex');
  const attempt = { scope: `native:${form.slug}`, key, body: null, now, withinMs: SAME_WITHIN_MS };
  const stored = await once(desk.db, attempt, async (trx) => {
    const { id } = await createSubmission(trx, { form: form.slug, version, language, params: {}, now });
    await record(trx, { id }, 'started', { language, native: true }, now);
    await mergeAnswers(trx, id, { set: answers, clear: [] }, now);
    await record(trx, { id }, 'answersSaved', { fields: Object.keys(answers) }, now);
    return id;
  });
  const submission = (await findSubmission(desk.db, stored.conflict ? '' : stored.response)) as Submission;
  const outcome = await submit(desk, submission, form);
  return outcome.ok ? { kind: 'ended', submission, ended: outcome.body } : { kind: 'draft', submission };
}

function valuesOf(form: Form, entries: [string, string][]): Answers {
  const values: Answers = {};
  for (const field of form.screens.flatMap((screen) => screen.fields)) {
    const strings = entries.filter(([name]) => name === field.id).map(([, value]) => value);
    const value = fromStrings(typeOf(field).kind, strings);
    if (value !== undefined) values[field.id] = value;
  }
  return values;
}
