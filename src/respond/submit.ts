/** Submits: the server evaluates the complete journey again and stores the result in one write. */
import type { SubmittedForm } from '../contract/api.ts';
import type { Answers } from '../form/runtime/condition.ts';
import { fileLimits } from '../form/fields/fields.ts';
import { availabilityOf } from '../form/settings/limits.ts';
import type { NotifyWhen } from '../form/settings/notify.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import { listEvents, revisionOf } from '../record/event-queries.ts';
import { newReference } from '../record/ids.ts';
import type { Database } from '../record/db/database.ts';
import { removeBytes } from '../record/files/files.ts';
import { lockForm } from '../record/forms/form-states.ts';
import type { LockedSubmission, Submission } from '../record/submissions/submissions.ts';
import { markSubmitted } from '../record/submissions/save-answers.ts';
import { addSuspicion, isQuarantined, type SuspicionReason } from '../record/submissions/suspicion.ts';
import { countCompleted } from '../record/submissions/tallies.ts';
import { recordServerEvent, type Services } from './services.ts';
import { disconnectOffPath } from './smile/off-path.ts';
import { answersWithStates } from './smile/wink-answers.ts';
import { removeUnnamedFiles, invalidFileRefs } from './files/files.ts';
import { formLimitsOf, unavailableError } from './availability.ts';
import { findConflict, reserveAnswer, triedTooOften } from './unique-answer.ts';
import { submittedFormOf } from './submitted-form.ts';
import { notify } from './notify.ts';
import { alreadySubmitted, done, fail, type Result } from './errors/api-error.ts';
import { screenOf, evaluateForm } from './evaluate.ts';
import { isTooFast, PACE_EVENTS } from './spam-signs.ts';
import { updateRespondentSubmission, type Caller, type RespondentSubmission } from './access/submission-access.ts';

/**
 * Limits the rate of comparisons with the answers of other submissions. Throws when there are too many, or returns the time
 * in ms that the person has to wait.
 */
export type BeforeComparing = () => number;

/**
 * @property openMs how long ago the page says that it was first opened
 * @property revision of the answers that the person has seen
 */
export type SubmitOptions = {
  openMs?: number | undefined;
  revision?: number | undefined;
  beforeComparing?: BeforeComparing | undefined;
};

/**
 * Submits. A repeated or concurrent call gets the same reference. The code `invalid_answers` says that another submission has
 * the same unique answer, and `already_submitted` that another device had changed the answers and submitted them.
 */
export async function submit(
  services: Services,
  caller: Caller,
  options: SubmitOptions = {},
): Promise<Result<SubmittedForm>> {
  const locksForm = ({ form }: RespondentSubmission) => readsOtherSubmissions(services, form.slug);
  const locksSmileEvents = ({ submission, form }: RespondentSubmission) =>
    submission.smileUserId !== null && form.screens.some((screen) => screen.wink);
  const { outcome, removedFiles = [] } = await updateRespondentSubmission(
    services,
    caller,
    { locksForm, locksSmileEvents },
    (trx, loaded) => completeSubmission(services, trx, loaded, options),
  );
  await removeBytes(services, removedFiles);
  return outcome;
}

/** Whether other submissions decide if `slug` accepts one. */
export const readsOtherSubmissions = (services: Services, slug: string): boolean =>
  formLimitsOf(services, slug) !== undefined;

/**
 * Submits in the transaction `trx`.
 * @returns the result, and the ids of the files to remove after the commit
 */
export async function completeSubmission(
  services: Services,
  trx: Database,
  { submission, form }: RespondentSubmission<LockedSubmission>,
  { openMs, revision, beforeComparing }: SubmitOptions = {},
): Promise<{ outcome: Result<SubmittedForm>; removedFiles?: string[] }> {
  const already = submittedFormOf(form, submission);
  const isOld = revision !== undefined && revision !== (await revisionOf(trx, submission));
  if (already) return { outcome: isOld ? alreadySubmitted(submission, SENT_ELSEWHERE) : done(already) };
  if (isOld)
    return { outcome: fail('answers_changed', wordings[submission.language as Language].server.changedElsewhere) };
  const now = services.now();
  const answers = await answersWithStates(trx, submission, form);
  const {
    path,
    ending,
    answers: pathAnswers,
    errors,
  } = evaluateForm(form, answers, submission.language as Language, now);
  if (!ending) {
    const screen = path.at(-1) ?? '';
    return { outcome: fail('incomplete', INCOMPLETE, { screen, fields: errors }) };
  }
  const answered = Object.fromEntries(Object.entries(pathAnswers).filter(([id]) => !screenOf(form, id)?.wink));
  const invalidRefs = await findInvalidRefs(trx, submission, form, answered);
  if (invalidRefs) return { outcome: fail('incomplete', INCOMPLETE, invalidRefs) };
  const outcome = form.endings.find(({ id }) => id === ending)?.outcome ?? 'completed';
  const waitMs = formLimitsOf(services, form.slug)?.one_per === undefined ? 0 : (beforeComparing?.() ?? 0);
  if (waitMs > 0) return { outcome: triedTooOften(services, form, submission.language as Language, waitMs) };
  if (readsOtherSubmissions(services, form.slug)) await lockForm(trx, form.slug);
  const refusal = await limitError(services, trx, form, submission, answered, outcome);
  if (refusal) return { outcome: refusal };
  const isFast =
    services.flagFastSubmissions && isTooFast(form, await listEvents(trx, submission, PACE_EVENTS), now, openMs);
  const suspicion: SuspicionReason[] = isFast ? ['fast'] : [];
  // The counts of the form change from the state that the row has then.
  const marked = isFast ? { ...submission, ...(await addSuspicion(trx, submission.id, { reasons: suspicion })) } : submission; // prettier-ignore
  const sent = { answers: answered, reference: newReference(), ending, outcome, now };
  await disconnectOffPath(trx, submission, form, path, now);
  const stored = await markSubmitted(trx, submission.id, sent, marked);
  const removedFiles = fieldsOf(form).some(fileLimits) ? await removeUnnamedFiles(trx, submission, answered, now) : [];
  // "Not spam" reserves it for one in quarantine.
  if (outcome === 'completed' && !isQuarantined(marked))
    await reserveAnswer(services, trx, form.slug, submission.id, answered);
  await recordServerEvent(trx, submission, 'submitted', { ending, ...(isFast && { suspicion }) }, now);
  const when: NotifyWhen[] = outcome === 'completed' ? ['submitted', 'completed'] : ['submitted'];
  await notify(trx, services.catalog.current(form.slug)?.form ?? form, submission, { when }, now);
  return {
    outcome: done(
      submittedFormOf(form, {
        ...submission,
        ...stored,
        submittedAt: now.toISOString(),
        answers: answered,
      }) as SubmittedForm,
    ),
    removedFiles,
  };
}

const SENT_ELSEWHERE = 'This submission was submitted before with other answers, which another device has saved.';

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

/**
 * The error if the limits of a form refuse a submission. It is exact in the transaction that submits. One that is
 * disqualified counts to no limit, so only the close refuses it.
 */
async function limitError(
  services: Services,
  db: Database,
  form: Form,
  submission: Submission,
  answers: Answers,
  outcome: string,
): Promise<Result<never> | undefined> {
  const limits = formLimitsOf(services, form.slug);
  if (!limits) return undefined;
  const language = submission.language as Language;
  const counts = outcome === 'completed';
  const sent = counts && limits.max !== undefined ? await countCompleted(db, form.slug) : 0;
  const availability = availabilityOf(limits, services.now(), sent);
  if (availability === 'closed' || availability === 'full')
    return unavailableError(services, form.slug, availability, language);
  const conflict = counts ? await findConflict(services, db, form, submission.id, answers, language) : undefined;
  return (
    conflict &&
    fail(
      'invalid_answers',
      'Another submission already has one of these answers. Each of them can be sent once.',
      conflict,
    )
  );
}
