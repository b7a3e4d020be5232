/** Saving one screen's answers, and reading all of them back to go on elsewhere. */
import type { Answers } from '../form/condition.ts';
import { walk, type Next } from '../form/journey.ts';
import type { Form } from '../form/schema.ts';
import { mayLeave } from '../form/wink.ts';
import type { Language } from '../form/wording/wording.ts';
import type { Database } from '../record/database.ts';
import { listEvents } from '../record/events.ts';
import { claim, replay, type Once } from '../record/idempotency.ts';
import { mergeAnswers, type Submission } from '../record/submissions.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { record, type Desk } from './desk.ts';
import { answersWithStates } from './smile/facts.ts';
import { foreignFiles } from './files.ts';
import { takenOn } from './limits.ts';
import { alreadySubmitted, conflict, done, refuse, submissionFull, type Outcome } from './refusal.ts';
import { nextAfter, readScreen, screenOf, stand } from './standing.ts';
import { endedAs, type Ended } from './submit.ts';
import { changeTheirs, type Caller, type Theirs } from './theirs.ts';

export interface Save {
  screen: string;
  answers: Record<string, unknown>;
}

export interface Saved {
  next: Next;
  /** What a Wink screen has come to. */
  state?: string;
}

/**
 * Saves the answers to one screen, which is thereby left. Nothing is stored of a screen that has an error.
 * @param key the request's `Idempotency-Key`: a repetition comes to what the first one came to
 */
export async function saveAnswers(
  desk: Desk,
  caller: Caller,
  given: Save,
  key: string | undefined,
): Promise<Outcome<Saved>> {
  const now = desk.now();
  const attempt = { scope: caller.id, key, body: given, now };
  // At a Wink screen Smile may know more than the page; a repetition comes to what the first one came to, whatever it knows.
  const asks = async (trx: Database, { form }: Theirs) =>
    screenOf(form, given.screen)?.wink !== undefined && !(await replay(trx, attempt));
  return changeTheirs(desk, caller, { asks }, async (trx, theirs) => {
    const { submission } = theirs;
    const judged = await judge(desk, trx, theirs, given, now);
    if (!judged.ok) {
      const earlier = await replay<Saved>(trx, attempt);
      return earlier ? answerOf(earlier) : judged;
    }
    const { set, clear, saved } = judged.body;
    if (submission.acts >= SITE_LIMITS.submissionActs.value) {
      const earlier = await replay<Saved>(trx, attempt);
      return earlier ? answerOf(earlier) : submissionFull('changes');
    }
    const stored = await claim(trx, attempt, saved);
    if (stored.conflict || stored.replayed) return answerOf(stored);
    await mergeAnswers(trx, submission.id, { set, clear }, now, submission);
    const { state } = saved;
    if (state) await record(trx, submission, 'screenLeft', { screen: given.screen, state }, now);
    else await record(trx, submission, 'answersSaved', { screen: given.screen, fields: Object.keys(set) }, now);
    return done(saved);
  });
}

const answerOf = (stored: Once<Saved>): Outcome<Saved> => (stored.conflict ? conflict() : done(stored.response));

interface Judged {
  set: Answers;
  clear: string[];
  saved: Saved;
}

/** What a save comes to, and what is stored for it, or why it is refused. */
async function judge(
  desk: Desk,
  db: Database,
  { submission, form }: Theirs,
  given: Save,
  now: Date,
): Promise<Outcome<Judged>> {
  if (submission.submittedAt)
    return alreadySubmitted(submission, 'This submission was submitted before, so its answers can no longer change.');
  const screen = screenOf(form, given.screen);
  if (!screen) return refuse('invalid_request', 'screen is not a screen of this form.');
  const language = submission.language as Language;
  const answers = await answersWithStates(db, submission, form);
  const here = stand(form, answers, language, now);
  if (!here.path.includes(screen.id)) {
    const next = here.ending ? { ending: here.ending } : { screen: here.path.at(-1) ?? '' };
    return refuse('not_on_journey', 'The saved answers do not lead to this screen. Continue at next.', { next });
  }
  const clear = screen.fields.map(({ id }) => id);
  const strangers = Object.keys(given.answers).filter((id) => !clear.includes(id));
  if (strangers.length) {
    return refuse('invalid_answers', 'The body has answers to fields that this screen does not have.', {
      fields: Object.fromEntries(
        strangers.slice(0, 20).map((id) => [id.slice(0, 60), 'This screen has no such field.']),
      ),
    });
  }
  const { known } = walk(form, answers, (id) => id !== screen.id);
  if (!mayLeave(screen, known)) {
    return refuse('wink_required', 'This screen requires a work account or a document.', { screen: screen.id });
  }
  const read = readScreen(screen, without(known, clear), given.answers, language, now);
  Object.assign(read.errors, await foreignFiles(db, submission, screen.fields, read.answers));
  Object.assign(read.errors, (await takenOn(desk, db, form, submission.id, read.answers, language))?.fields);
  if (Object.keys(read.errors).length) {
    return refuse('invalid_answers', 'Some answers are not valid. fields has a sentence for each.', {
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

export interface Resumed {
  form: string;
  version: string;
  language: string;
  answers: Submission['answers'];
  /** As the address said them where the form was begun. */
  params: Submission['params'];
  /** Screens that are complete, in order. */
  passed: string[];
  ended?: Ended;
}

/** All that a person has given so far, to go on with on another device. */
export async function readAnswers(desk: Desk, submission: Submission, form: Form): Promise<Resumed> {
  const { version, language, params } = submission;
  const ended = endedAs(form, submission);
  if (ended) return { form: form.slug, version, language, answers: {}, params, passed: [], ended };
  const answers = await answersWithStates(desk.db, submission, form);
  const { path, ending } = stand(form, answers, language as Language, desk.now());
  const reached = ending ? path : path.slice(0, -1);
  const saved = await savedScreens(desk, submission);
  const passed = reached.filter((id) => (screenOf(form, id)?.wink ? answers[id] !== 'skipped' : saved(id)));
  return { form: form.slug, version, language, answers, params, passed };
}

/** A screen that could be left as it is, but was not yet, is not passed: the person should see it. */
async function savedScreens(desk: Desk, submission: Submission): Promise<(id: string) => boolean> {
  const saves = await listEvents(desk.db, submission, { names: ['answersSaved'], sources: ['server'] });
  const screens = saves.map(({ data }) => (data as { screen?: string }).screen);
  // A form that was posted whole names no screen.
  return (id) => screens.includes(id) || screens.includes(undefined);
}
