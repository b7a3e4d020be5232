/** Saves the answers of one screen, and reads all answers of a draft so that it can continue on another device. */
import type { ResumedSubmission, SavedScreen, SaveRequest } from '../contract/api.ts';
import type { Answers } from '../form/runtime/condition.ts';
import { nextOf } from '../form/runtime/journey.ts';
import type { Form } from '../form/schema.ts';
import { mayLeave } from '../form/runtime/wink.ts';
import { wordings, type Language } from '../form/wording/wording.ts';
import type { Database } from '../record/db/database.ts';
import { revisionOf, savedScreens } from '../record/event-queries.ts';
import { storeIfFirst, replay, type IdempotentResult } from '../record/idempotency.ts';
import type { Submission } from '../record/submissions/submissions.ts';
import { mergeAnswers } from '../record/submissions/save-answers.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { recordServerEvent, type Services } from './services.ts';
import { answersWithStates } from './smile/wink-answers.ts';
import { takeShownAccounts } from './smile/shown-accounts.ts';
import { invalidFileRefs } from './files/files.ts';
import { alreadySubmitted, conflict, done, fail, submissionFull, type Result } from './errors/api-error.ts';
import { validateScreen, screenOf, evaluateForm } from './evaluate.ts';
import { submittedFormOf } from './submitted-form.ts';
import { updateRespondentSubmission, type Caller, type RespondentSubmission } from './access/submission-access.ts';

/**
 * Saves the answers of one screen. If one of them is not valid, nothing is stored.
 * @param key the request's `Idempotency-Key`; a repeated request gets the first response
 * @param beforeStoring gets the size of all answers of the submission, which are stored together. It may throw, and then
 * nothing is stored. A repeated request does not call it
 * @returns where the journey continues, or the error
 */
export async function saveAnswers(
  services: Services,
  caller: Caller,
  request: SaveRequest,
  key: string | undefined,
  beforeStoring?: (bytes: number) => void,
): Promise<Result<SavedScreen>> {
  const now = services.now();
  const attempt = { scope: caller.id, key, body: request, now };
  // At a Wink screen Smile may know more than the page. A repeated request gets the first response in any case.
  const leavesWink = async (trx: Database, { form }: RespondentSubmission) =>
    screenOf(form, request.screen)?.wink !== undefined && !(await replay(trx, attempt));
  return updateRespondentSubmission(services, caller, { refreshFromSmile: leavesWink }, async (trx, loaded) => {
    const { submission } = loaded;
    // Smile may have confirmed an account only after a window showed it.
    if (await leavesWink(trx, loaded)) await takeShownAccounts(trx, submission, loaded.form, request.screen, now);
    const validated = await validateSave(trx, loaded, request, now);
    if (!validated.ok) {
      const earlier = await replay<SavedScreen>(trx, attempt);
      return earlier ? toResult(earlier) : validated;
    }
    const { set, clear, saved } = validated.body;
    const all = JSON.stringify({ ...without(submission.answers, clear), ...set });
    if (all.length > SITE_LIMITS.answersCharacters.value) return fail('too_large', TOO_LARGE);
    if (submission.writeCount >= SITE_LIMITS.submissionWrites.value) {
      const earlier = await replay<SavedScreen>(trx, attempt);
      return earlier ? toResult(earlier) : submissionFull('changes');
    }
    const response: SavedScreen = { ...saved, revision: 1 + (await revisionOf(trx, submission)) };
    const stored = await storeIfFirst(trx, attempt, response);
    if (stored.conflict || stored.replayed) return toResult(stored);
    beforeStoring?.(Buffer.byteLength(all));
    await mergeAnswers(trx, submission.id, { set, clear }, now, submission);
    const { state, next } = saved;
    const { screen } = request;
    if (state) await recordServerEvent(trx, submission, 'screenLeft', { screen, state, next }, now);
    else await recordServerEvent(trx, submission, 'answersSaved', { screen, fields: Object.keys(set), next }, now);
    return done(response);
  });
}

const TOO_LARGE =
  'All answers of this submission together would be too large. Shorten some texts. Everything stored before is kept.';

const toResult = (stored: IdempotentResult<SavedScreen>): Result<SavedScreen> =>
  stored.conflict ? conflict() : done(stored.response);

interface ValidSave {
  set: Answers;
  clear: string[];
  saved: Omit<SavedScreen, 'revision'>;
}

/** Validates a save. @returns what to store and the response, or the error */
async function validateSave(
  db: Database,
  { submission, form }: RespondentSubmission,
  request: SaveRequest,
  now: Date,
): Promise<Result<ValidSave>> {
  if (submission.submittedAt)
    return alreadySubmitted(submission, 'This submission was submitted before, so its answers can no longer change.');
  const screen = screenOf(form, request.screen);
  if (!screen) return fail('invalid_request', 'screen is not a screen of this form.');
  const language = submission.language as Language;
  const answers = await answersWithStates(db, submission, form);
  const { before, path, ending } = evaluateForm(form, answers, language, now, screen);
  if (!before) {
    const next = ending ? { ending } : { screen: path.at(-1) ?? '' };
    return fail('not_on_journey', wordings[language].server.otherWay, { next });
  }
  const screenFields = screen.fields.map(({ id }) => id);
  const unknownFields = Object.keys(request.answers).filter((id) => !screenFields.includes(id));
  if (unknownFields.length) {
    return fail('invalid_answers', 'The body has answers to fields that this screen does not have.', {
      fields: Object.fromEntries(
        unknownFields.slice(0, 20).map((id) => [id.slice(0, 60), 'This screen has no such field.']),
      ),
    });
  }
  if (!mayLeave(screen, before)) {
    return fail('wink_required', 'This screen requires a work account or a document.', { screen: screen.id });
  }
  const read = validateScreen(screen, before, request.answers, language, now);
  Object.assign(read.errors, await invalidFileRefs(db, submission, screen.fields, read.answers));
  if (Object.keys(read.errors).length) {
    return fail('invalid_answers', 'Some answers are not valid. fields has a sentence for each.', {
      fields: read.errors,
      screen: screen.id,
    });
  }
  const next = nextOf(form, screen, { ...before, ...read.answers });
  const state = screen.wink && String(answers[screen.id]);
  return done({ set: read.answers, clear: screenFields, saved: { next, ...(state && { state }) } });
}

const without = (answers: Answers, ids: string[]): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([id]) => !ids.includes(id)));

/** Reads all answers of a draft. For a submitted one it reads only its ending. */
export async function readAnswers(services: Services, submission: Submission, form: Form): Promise<ResumedSubmission> {
  const { version, language, params } = submission;
  // Before the answers: a save in between is found when they are sent.
  const revision = await revisionOf(services.db, submission);
  const ended = submittedFormOf(form, submission);
  if (ended) return { form: form.slug, version, language, answers: {}, params, passed: [], revision, ended };
  const answers = await answersWithStates(services.db, submission, form);
  const { path, ending } = evaluateForm(form, answers, language as Language, services.now());
  const reached = ending ? path : path.slice(0, -1);
  // A screen that could be left but was never saved does not count as passed: the person should see it.
  const saved = await savedScreens(services.db, submission);
  const isSaved = (id: string) => saved.includes(id) || saved.includes(undefined);
  const passed = reached.filter((id) => (screenOf(form, id)?.wink ? answers[id] !== 'skipped' : isSaved(id)));
  return { form: form.slug, version, language, answers, params, passed, revision };
}
