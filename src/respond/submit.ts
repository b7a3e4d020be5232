/** Submitting: the whole journey once more, on the server, and one durable write. */
import type { SubmittedForm } from '../contract/api.ts';
import type { Answers } from '../form/runtime/condition.ts';
import { fileLimits } from '../form/fields/files.ts';
import { typeOf } from '../form/fields/fields.ts';
import type { NotifyWhen } from '../form/notify.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { fillPipes, localize } from '../form/runtime/text.ts';
import type { Language } from '../form/wording/wording.ts';
import { listEvents } from '../record/events.ts';
import { formatReference, newReference } from '../record/ids.ts';
import type { Database } from '../record/db/database.ts';
import { removeBytes } from '../record/files/files.ts';
import { markSubmitted, type LockedSubmission, type Submission } from '../record/submissions/submissions.ts';
import { suspect, type SuspicionReason } from '../record/submissions/suspicion.ts';
import { recordServerEvent, type Services } from './services.ts';
import { answersWithStates } from './smile/facts.ts';
import { dropOthers, invalidFileRefs } from './files.ts';
import { reserveAnswer, limitsOf, sendingError } from './limits.ts';
import { notify } from './notify.ts';
import { done, fail, type Result } from './api-error.ts';
import { screenOf, evaluateForm } from './evaluate.ts';
import { isTooFast, PACE_EVENTS } from './suspicion.ts';
import { updateRespondentSubmission, type Caller, type RespondentSubmission } from './submission-access.ts';

/** Submits. A repeated call, also a concurrent one, gets the same reference. */
export async function submit(services: Services, caller: Caller): Promise<Result<SubmittedForm>> {
  const apart = ({ form }: RespondentSubmission) => readsOtherSubmissions(services, form.slug);
  const { said, dropped = [] } = await updateRespondentSubmission(
    services,
    caller,
    { needsIsolation: apart },
    (trx, theirs) => completeSubmission(services, trx, theirs),
  );
  await removeBytes(services, dropped);
  return said;
}

/** Whether sending to `slug` is decided by other submissions too. */
export const readsOtherSubmissions = (services: Services, slug: string): boolean =>
  limitsOf(services, slug) !== undefined;

/**
 * Submits in the transaction `trx`.
 * @returns also the files that go once this is committed
 */
export async function completeSubmission(
  services: Services,
  trx: Database,
  { submission, form }: RespondentSubmission<LockedSubmission>,
): Promise<{ said: Result<SubmittedForm>; dropped?: string[] }> {
  const already = endedAs(form, submission);
  if (already) return { said: done(already) };
  const now = services.now();
  const answers = await answersWithStates(trx, submission, form);
  const { path, ending, known, errors } = evaluateForm(form, answers, submission.language as Language, now);
  if (!ending) {
    const screen = path.at(-1) ?? '';
    return { said: fail('incomplete', NOT_YET, { screen, fields: errors }) };
  }
  const given = Object.fromEntries(Object.entries(known).filter(([id]) => !screenOf(form, id)?.wink));
  const foreign = await foreignOn(trx, submission, form, given);
  if (foreign) return { said: fail('incomplete', NOT_YET, foreign) };
  const outcome = form.endings.find(({ id }) => id === ending)?.outcome ?? 'completed';
  const refused = await sendingError(services, trx, form, submission, given, outcome);
  if (refused) return { said: refused };
  const fast = services.flagFastSubmissions && isTooFast(form, await listEvents(trx, submission, PACE_EVENTS), now);
  const suspicion: SuspicionReason[] = fast ? ['fast'] : [];
  if (fast) await suspect(trx, submission.id, { reasons: suspicion });
  const sent = { answers: given, reference: newReference(), ending, outcome, now };
  const stored = await markSubmitted(trx, submission.id, sent, submission);
  const dropped = fieldsOf(form).some(fileLimits) ? await dropOthers(trx, submission, given, now) : [];
  if (outcome === 'completed' && submission.verdict !== 'spam')
    await reserveAnswer(services, trx, form.slug, submission.id, given);
  await recordServerEvent(trx, submission, 'submitted', { ending, ...(fast && { suspicion }) }, now);
  const when: NotifyWhen[] = outcome === 'completed' ? ['submitted', 'completed'] : ['submitted'];
  await notify(trx, services.catalog.current(form.slug)?.form ?? form, submission, { when }, now);
  return {
    said: done(
      endedAs(form, { ...submission, ...stored, submittedAt: now.toISOString(), answers: given }) as SubmittedForm,
    ),
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
    const foreign = await invalidFileRefs(db, submission, fields, answers);
    if (Object.keys(foreign).length) return { screen: id, fields: foreign };
  }
  return undefined;
}

/** How a submitted submission ended, in the words of its form and language; nothing for a draft. */
export function endedAs(
  form: Form,
  { reference, submittedAt, ending: id, language, answers, params }: Submission,
): SubmittedForm | undefined {
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
      title: fillPipes(localize(ending.title, language), values),
      ...(ending.text && { text: fillPipes(localize(ending.text, language), values) }),
      ...(ending.redirect && { redirect: fillPipes(ending.redirect, inUrl()) }),
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
