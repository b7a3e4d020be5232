/** Submitting: the whole journey once more, on the server, and one durable write. */
import type { Answers } from '../form/condition.ts';
import { fileLimits } from '../form/fields/files.ts';
import { typeOf } from '../form/fields/fields.ts';
import type { NotifyWhen } from '../form/notify.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { fill, say } from '../form/text.ts';
import type { Language } from '../form/wording/wording.ts';
import { listEvents } from '../record/events.ts';
import { formatReference, newReference } from '../record/ids.ts';
import type { Database } from '../record/database.ts';
import { removeBytes } from '../record/files/files.ts';
import { markSubmitted, type Held, type Submission } from '../record/submissions.ts';
import { suspect, type Reason } from '../record/suspicion.ts';
import { record, type Desk } from './desk.ts';
import { answersWithStates } from './smile/facts.ts';
import { dropOthers, foreignFiles } from './files.ts';
import { holdAnswer, limitsOf, refuseSending } from './limits.ts';
import { notify } from './notify.ts';
import { done, refuse, type Outcome } from './refusal.ts';
import { screenOf, stand } from './standing.ts';
import { isTooFast, PACE_EVENTS } from './suspicion.ts';
import { changeTheirs, type Caller, type Theirs } from './theirs.ts';

export interface Ended {
  reference: string;
  /** ISO 8601. */
  submittedAt: string;
  /** Texts are plain, with answers piped in: escape them where they are shown. */
  ending: { id: string; title: string; text?: string; redirect?: string };
}

/** Submits. A repeated call, also a concurrent one, gets the same reference. */
export async function submit(desk: Desk, caller: Caller): Promise<Outcome<Ended>> {
  const apart = ({ form }: Theirs) => isApart(desk, form.slug);
  const { said, dropped = [] } = await changeTheirs(desk, caller, { apart }, (trx, theirs) => send(desk, trx, theirs));
  await removeBytes(desk, dropped);
  return said;
}

/** Whether sending to `slug` is decided by other submissions too. */
export const isApart = (desk: Desk, slug: string): boolean => limitsOf(desk, slug) !== undefined;

/**
 * Submits in the transaction `trx`.
 * @returns also the files that go once this is committed
 */
export async function send(
  desk: Desk,
  trx: Database,
  { submission, form }: Theirs<Held>,
): Promise<{ said: Outcome<Ended>; dropped?: string[] }> {
  const already = endedAs(form, submission);
  if (already) return { said: done(already) };
  const now = desk.now();
  const answers = await answersWithStates(trx, submission, form);
  const { path, ending, known, errors } = stand(form, answers, submission.language as Language, now);
  if (!ending) {
    const screen = path.at(-1) ?? '';
    return { said: refuse('incomplete', NOT_YET, { screen, fields: errors }) };
  }
  const given = Object.fromEntries(Object.entries(known).filter(([id]) => !screenOf(form, id)?.wink));
  const foreign = await foreignOn(trx, submission, form, given);
  if (foreign) return { said: refuse('incomplete', NOT_YET, foreign) };
  const outcome = form.endings.find(({ id }) => id === ending)?.outcome ?? 'completed';
  const refused = await refuseSending(desk, trx, form, submission, given, outcome);
  if (refused) return { said: refused };
  const fast = desk.timed && isTooFast(form, await listEvents(trx, submission, PACE_EVENTS), now);
  const suspicion: Reason[] = fast ? ['fast'] : [];
  if (fast) await suspect(trx, submission.id, { reasons: suspicion });
  const sent = { answers: given, reference: newReference(), ending, outcome, now };
  const stored = await markSubmitted(trx, submission.id, sent, submission);
  const dropped = fieldsOf(form).some(fileLimits) ? await dropOthers(trx, submission, given, now) : [];
  if (outcome === 'completed' && submission.verdict !== 'spam')
    await holdAnswer(desk, trx, form.slug, submission.id, given);
  await record(trx, submission, 'submitted', { ending, ...(fast && { suspicion }) }, now);
  const when: NotifyWhen[] = outcome === 'completed' ? ['submitted', 'completed'] : ['submitted'];
  await notify(trx, desk.catalog.current(form.slug)?.form ?? form, submission, { when }, now);
  return {
    said: done(endedAs(form, { ...submission, ...stored, submittedAt: now.toISOString(), answers: given }) as Ended),
    dropped,
  };
}

const NOT_YET = 'This submission is not complete. Continue at screen.';

/** The first screen whose answer names a file that is not there, such as one taken back at the same moment. */
async function foreignOn(
  db: Database,
  submission: Submission,
  form: Form,
  answers: Answers,
): Promise<{ screen: string; fields: Record<string, string> } | undefined> {
  for (const { id, fields } of form.screens) {
    const foreign = await foreignFiles(db, submission, fields, answers);
    if (Object.keys(foreign).length) return { screen: id, fields: foreign };
  }
  return undefined;
}

/** How a submitted submission ended, in the words of its form and language; nothing for a draft. */
export function endedAs(
  form: Form,
  { reference, submittedAt, ending: id, language, answers, params }: Submission,
): Ended | undefined {
  const ending = form.endings.find((one) => one.id === id);
  if (!reference || !submittedAt || !ending) return undefined;
  const shownReference = formatReference(reference);
  const values = { ...params, ...shown(form, answers, language as Language), reference: shownReference };
  const inUrl = () =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeURIComponent(value)]));
  return {
    reference: shownReference,
    submittedAt,
    ending: {
      id: ending.id,
      title: fill(say(ending.title, language), values),
      ...(ending.text && { text: fill(say(ending.text, language), values) }),
      ...(ending.redirect && { redirect: fill(ending.redirect, inUrl()) }),
    },
  };
}

function shown(form: Form, answers: Submission['answers'], language: Language): Record<string, string> {
  return Object.fromEntries(
    fieldsOf(form).flatMap((field) => {
      const answer = answers[field.id];
      return answer === undefined ? [] : [[field.id, typeOf(field).show(field, answer, language)]];
    }),
  );
}
