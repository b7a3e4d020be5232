/** Saving one screen's answers, and reading all of them back to go on elsewhere. */
import type { ResumedSubmission, SavedScreen, SaveRequest } from '../contract/api.ts';
import type { Answers } from '../form/runtime/condition.ts';
import { walk } from '../form/runtime/journey.ts';
import type { Form } from '../form/schema.ts';
import { mayLeave } from '../form/runtime/wink.ts';
import type { Language } from '../form/wording/wording.ts';
import type { Database } from '../record/db/database.ts';
import { listEvents } from '../record/events.ts';
import { storeIfFirst, replay, type IdempotentResult } from '../record/idempotency.ts';
import { mergeAnswers, type Submission } from '../record/submissions/submissions.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { recordServerEvent, type Services } from './services.ts';
import { answersWithStates } from './smile/facts.ts';
import { invalidFileRefs } from './files.ts';
import { findConflict } from './limits.ts';
import { alreadySubmitted, conflict, done, fail, submissionFull, type Result } from './api-error.ts';
import { nextAfter, readScreenAnswers, screenOf, evaluateForm } from './evaluate.ts';
import { endedAs } from './submit.ts';
import { updateRespondentSubmission, type Caller, type RespondentSubmission } from './submission-access.ts';

/**
 * Saves the answers to one screen, which is thereby left. Nothing is stored of a screen that has an error.
 * @param key the request's `Idempotency-Key`: a repetition comes to what the first one came to
 */
export async function saveAnswers(
  services: Services,
  caller: Caller,
  given: SaveRequest,
  key: string | undefined,
): Promise<Result<SavedScreen>> {
  const now = services.now();
  const attempt = { scope: caller.id, key, body: given, now };
  // At a Wink screen Smile may know more than the page; a repetition comes to what the first one came to, whatever it knows.
  const asks = async (trx: Database, { form }: RespondentSubmission) =>
    screenOf(form, given.screen)?.wink !== undefined && !(await replay(trx, attempt));
  return updateRespondentSubmission(services, caller, { refreshFromSmile: asks }, async (trx, theirs) => {
    const { submission } = theirs;
    const judged = await judge(services, trx, theirs, given, now);
    if (!judged.ok) {
      const earlier = await replay<SavedScreen>(trx, attempt);
      return earlier ? answerOf(earlier) : judged;
    }
    const { set, clear, saved } = judged.body;
    if (submission.writeCount >= SITE_LIMITS.submissionActs.value) {
      const earlier = await replay<SavedScreen>(trx, attempt);
      return earlier ? answerOf(earlier) : submissionFull('changes');
    }
    const stored = await storeIfFirst(trx, attempt, saved);
    if (stored.conflict || stored.replayed) return answerOf(stored);
    await mergeAnswers(trx, submission.id, { set, clear }, now, submission);
    const { state } = saved;
    if (state) await recordServerEvent(trx, submission, 'screenLeft', { screen: given.screen, state }, now);
    else
      await recordServerEvent(trx, submission, 'answersSaved', { screen: given.screen, fields: Object.keys(set) }, now);
    return done(saved);
  });
}

const answerOf = (stored: IdempotentResult<SavedScreen>): Result<SavedScreen> =>
  stored.conflict ? conflict() : done(stored.response);

interface Judged {
  set: Answers;
  clear: string[];
  saved: SavedScreen;
}

/** What a save comes to, and what is stored for it, or why it is refused. */
async function judge(
  services: Services,
  db: Database,
  { submission, form }: RespondentSubmission,
  given: SaveRequest,
  now: Date,
): Promise<Result<Judged>> {
  if (submission.submittedAt)
    return alreadySubmitted(submission, 'This submission was submitted before, so its answers can no longer change.');
  const screen = screenOf(form, given.screen);
  if (!screen) return fail('invalid_request', 'screen is not a screen of this form.');
  const language = submission.language as Language;
  const answers = await answersWithStates(db, submission, form);
  const here = evaluateForm(form, answers, language, now);
  if (!here.path.includes(screen.id)) {
    const next = here.ending ? { ending: here.ending } : { screen: here.path.at(-1) ?? '' };
    return fail('not_on_journey', 'The saved answers do not lead to this screen. Continue at next.', { next });
  }
  const clear = screen.fields.map(({ id }) => id);
  const strangers = Object.keys(given.answers).filter((id) => !clear.includes(id));
  if (strangers.length) {
    return fail('invalid_answers', 'The body has answers to fields that this screen does not have.', {
      fields: Object.fromEntries(
        strangers.slice(0, 20).map((id) => [id.slice(0, 60), 'This screen has no such field.']),
      ),
    });
  }
  const { known } = walk(form, answers, (id) => id !== screen.id);
  if (!mayLeave(screen, known)) {
    return fail('wink_required', 'This screen requires a work account or a document.', { screen: screen.id });
  }
  const read = readScreenAnswers(screen, without(known, clear), given.answers, language, now);
  Object.assign(read.errors, await invalidFileRefs(db, submission, screen.fields, read.answers));
  Object.assign(read.errors, (await findConflict(services, db, form, submission.id, read.answers, language))?.fields);
  if (Object.keys(read.errors).length) {
    return fail('invalid_answers', 'Some answers are not valid. fields has a sentence for each.', {
      fields: read.errors,
      screen: screen.id,
    });
  }
  const next = nextAfter(form, screen, { ...without(answers, clear), ...read.answers });
  const state = screen.wink && String(answers[screen.id]);
  return done({ set: read.answers, clear, saved: { next, ...(state && { state }) } });
}

const without = (answers: Answers, ids: string[]): Answers =>
  Object.fromEntries(Object.entries(answers).filter(([id]) => !ids.includes(id)));

/** All that a person has given so far, to go on with on another device. */
export async function readAnswers(services: Services, submission: Submission, form: Form): Promise<ResumedSubmission> {
  const { version, language, params } = submission;
  const ended = endedAs(form, submission);
  if (ended) return { form: form.slug, version, language, answers: {}, params, passed: [], ended };
  const answers = await answersWithStates(services.db, submission, form);
  const { path, ending } = evaluateForm(form, answers, language as Language, services.now());
  const reached = ending ? path : path.slice(0, -1);
  const saved = await savedScreens(services, submission);
  const passed = reached.filter((id) => (screenOf(form, id)?.wink ? answers[id] !== 'skipped' : saved(id)));
  return { form: form.slug, version, language, answers, params, passed };
}

/** A screen that could be left as it is, but was not yet, is not passed: the person should see it. */
async function savedScreens(services: Services, submission: Submission): Promise<(id: string) => boolean> {
  const saves = await listEvents(services.db, submission, { names: ['answersSaved'], sources: ['server'] });
  const screens = saves.map(({ data }) => (data as { screen?: string }).screen);
  // A form that was posted whole names no screen.
  return (id) => screens.includes(id) || screens.includes(undefined);
}
