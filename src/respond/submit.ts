/** Submits: the server evaluates the complete journey again and stores the result in one write. */
import type { SubmittedForm } from '../contract/api.ts';
import type { Answers } from '../form/runtime/condition.ts';
import { fileLimits, typeOf } from '../form/fields/fields.ts';
import type { NotifyWhen } from '../form/settings/notify.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { fillPipes, localize } from '../form/runtime/text.ts';
import type { Language } from '../form/wording/wording.ts';
import { listEvents } from '../record/event-queries.ts';
import { formatReference, newReference } from '../record/ids.ts';
import type { Database } from '../record/db/database.ts';
import { removeBytes } from '../record/files/files.ts';
import type { LockedSubmission, Submission } from '../record/submissions/submissions.ts';
import { markSubmitted } from '../record/submissions/save-answers.ts';
import { addSuspicion, type SuspicionReason } from '../record/submissions/suspicion.ts';
import { recordServerEvent, type Services } from './services.ts';
import { answersWithStates } from './smile/facts.ts';
import { removeUnnamedFiles, invalidFileRefs } from './files/files.ts';
import { reserveAnswer, limitsOf, sendingError } from './limits.ts';
import { notify } from './notify.ts';
import { done, fail, type Result } from './errors/api-error.ts';
import { screenOf, evaluateForm } from './evaluate.ts';
import { isTooFast, PACE_EVENTS } from './spam-signs.ts';
import { updateRespondentSubmission, type Caller, type RespondentSubmission } from './access/submission-access.ts';

/** Limits the rate of comparisons with the answers of other submissions. Throws when there are too many. */
export type BeforeComparing = () => void;

/**
 * Submits. A repeated or concurrent call gets the same reference. The code `invalid_answers` says that another submission has
 * the same unique answer.
 */
export async function submit(
  services: Services,
  caller: Caller,
  beforeComparing?: BeforeComparing,
): Promise<Result<SubmittedForm>> {
  const needsIsolation = ({ form }: RespondentSubmission) => readsOtherSubmissions(services, form.slug);
  const { outcome, removedFiles = [] } = await updateRespondentSubmission(
    services,
    caller,
    { needsIsolation },
    (trx, loaded) => completeSubmission(services, trx, loaded, beforeComparing),
  );
  await removeBytes(services, removedFiles);
  return outcome;
}

/** Whether other submissions decide if `slug` accepts one. */
export const readsOtherSubmissions = (services: Services, slug: string): boolean =>
  limitsOf(services, slug) !== undefined;

/**
 * Submits in the transaction `trx`.
 * @returns the result, and the ids of the files to remove after the commit
 */
export async function completeSubmission(
  services: Services,
  trx: Database,
  { submission, form }: RespondentSubmission<LockedSubmission>,
  beforeComparing?: BeforeComparing,
): Promise<{ outcome: Result<SubmittedForm>; removedFiles?: string[] }> {
  const already = submitBodyOf(form, submission);
  if (already) return { outcome: done(already) };
  const now = services.now();
  const answers = await answersWithStates(trx, submission, form);
  const { path, ending, known, errors } = evaluateForm(form, answers, submission.language as Language, now);
  if (!ending) {
    const screen = path.at(-1) ?? '';
    return { outcome: fail('incomplete', INCOMPLETE, { screen, fields: errors }) };
  }
  const answered = Object.fromEntries(Object.entries(known).filter(([id]) => !screenOf(form, id)?.wink));
  const invalidRefs = await findInvalidRefs(trx, submission, form, answered);
  if (invalidRefs) return { outcome: fail('incomplete', INCOMPLETE, invalidRefs) };
  const outcome = form.endings.find(({ id }) => id === ending)?.outcome ?? 'completed';
  if (limitsOf(services, form.slug)?.one_per !== undefined) beforeComparing?.();
  const limitError = await sendingError(services, trx, form, submission, answered, outcome);
  if (limitError) return { outcome: limitError };
  const isFast = services.flagFastSubmissions && isTooFast(form, await listEvents(trx, submission, PACE_EVENTS), now);
  const suspicion: SuspicionReason[] = isFast ? ['fast'] : [];
  if (isFast) await addSuspicion(trx, submission.id, { reasons: suspicion });
  const sent = { answers: answered, reference: newReference(), ending, outcome, now };
  const stored = await markSubmitted(trx, submission.id, sent, submission);
  const removedFiles = fieldsOf(form).some(fileLimits) ? await removeUnnamedFiles(trx, submission, answered, now) : [];
  if (outcome === 'completed' && submission.verdict !== 'spam')
    await reserveAnswer(services, trx, form.slug, submission.id, answered);
  await recordServerEvent(trx, submission, 'submitted', { ending, ...(isFast && { suspicion }) }, now);
  const when: NotifyWhen[] = outcome === 'completed' ? ['submitted', 'completed'] : ['submitted'];
  await notify(trx, services.catalog.current(form.slug)?.form ?? form, submission, { when }, now);
  return {
    outcome: done(
      submitBodyOf(form, {
        ...submission,
        ...stored,
        submittedAt: now.toISOString(),
        answers: answered,
      }) as SubmittedForm,
    ),
    removedFiles,
  };
}

const INCOMPLETE = 'This submission is not complete. Continue at the screen that `screen` names.';

/** The first screen with an answer that names a missing file, such as one removed at the same moment. */
async function findInvalidRefs(
  db: Database,
  submission: Submission,
  form: Form,
  answers: Answers,
): Promise<{ screen: string; fields: Record<string, string> } | undefined> {
  for (const { id, fields } of form.screens) {
    const invalidRefs = await invalidFileRefs(db, submission, fields, answers);
    if (Object.keys(invalidRefs).length) return { screen: id, fields: invalidRefs };
  }
  return undefined;
}

/** The ending of a submitted submission in the language of the person; undefined for a draft. */
export function submitBodyOf(
  form: Form,
  { reference, submittedAt, ending: id, language, answers, params }: Submission,
): SubmittedForm | undefined {
  const ending = form.endings.find((one) => one.id === id);
  if (!reference || !submittedAt || !ending) return undefined;
  const shownReference = formatReference(reference);
  const values = { ...params, ...formatAnswers(form, answers, language as Language), reference: shownReference };
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

function formatAnswers(form: Form, answers: Submission['answers'], language: Language): Record<string, string> {
  return Object.fromEntries(
    fieldsOf(form).flatMap((field) => {
      const answer = answers[field.id];
      return answer === undefined ? [] : [[field.id, typeOf(field).show(field, answer, language)]];
    }),
  );
}
