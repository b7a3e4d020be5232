/** Saving one screen's answers, and reading all of them back to go on elsewhere. */
import { walk, type Next } from '../form/journey.ts';
import type { Form } from '../form/schema.ts';
import { mayLeave } from '../form/wink.ts';
import type { Language } from '../form/wording/wording.ts';
import type { Database } from '../record/database.ts';
import { listEvents } from '../record/events.ts';
import { once, replay, type Once } from '../record/idempotency.ts';
import { mergeAnswers, type Submission } from '../record/submissions.ts';
import { record, type Desk } from './desk.ts';
import { answersWithStates, askAboutClaims } from './smile/facts.ts';
import { foreignFiles } from './files.ts';
import { takenOn } from './limits.ts';
import { conflict, done, refuse, type Outcome } from './refusal.ts';
import { nextAfter, readScreen, screenOf, stand } from './standing.ts';
import { endedAs, type Ended } from './submit.ts';

export interface Save {
  screen: string;
  answers: Record<string, unknown>;
}

export interface Saved {
  next: Next;
  /** What a Wink screen has come to. */
  state?: string;
}

/** Saves the answers to one screen, which is thereby left. Nothing is stored of a screen that has an error. */
export async function saveAnswers(
  desk: Desk,
  submission: Submission,
  form: Form,
  given: Save,
  key: string | undefined,
): Promise<Outcome<Saved>> {
  const attempt = { scope: submission.id, key, body: given, now: desk.now() };
  const earlier = await replay<Saved | 'late'>(desk.db, attempt);
  if (earlier) return answerOf(earlier);
  if (submission.submittedAt) return late();
  const screen = screenOf(form, given.screen);
  if (!screen) return refuse('invalid_request', 'screen names no screen of this form.');
  const { now } = attempt;
  const language = submission.language as Language;
  if (screen.wink) await askAboutClaims(desk, submission, form);
  const answers = await answersWithStates(desk.db, submission, form);
  const here = stand(form, answers, language, now);
  if (!here.path.includes(screen.id)) {
    const next = here.ending ? { ending: here.ending } : { screen: here.path.at(-1) ?? '' };
    return refuse('not_on_journey', 'The answers so far do not lead to this screen.', { next });
  }
  const strangers = Object.keys(given.answers).filter((id) => !screen.fields.some((field) => field.id === id));
  if (strangers.length) {
    return refuse('invalid_answers', 'There are answers to fields that this screen does not have.', {
      fields: Object.fromEntries(
        strangers.slice(0, 20).map((id) => [id.slice(0, 60), 'This screen has no such field.']),
      ),
    });
  }
  const { known } = walk(form, answers, (id) => id !== screen.id);
  const state = screen.wink && String(answers[screen.id]);
  if (!mayLeave(screen, known)) {
    return refuse('wink_required', 'A work account has to be connected first.', { screen: screen.id });
  }
  const before = Object.fromEntries(
    Object.entries(known).filter(([id]) => !screen.fields.some((field) => field.id === id)),
  );
  const read = readScreen(screen, before, given.answers, language, now);
  Object.assign(read.errors, await foreignFiles(desk.db, submission, screen.fields, read.answers));
  Object.assign(read.errors, (await takenOn(desk, desk.db, form, submission.id, read.answers, language))?.fields);
  if (Object.keys(read.errors).length) {
    return refuse('invalid_answers', 'Some answers need a look.', { fields: read.errors, screen: screen.id });
  }
  const save = async (trx: Database): Promise<Saved | 'late'> => {
    const clear = screen.fields.map(({ id }) => id);
    const merged = await mergeAnswers(trx, submission.id, { set: read.answers, clear }, now);
    if (merged === 'already_submitted') return 'late';
    if (state) await record(trx, submission, 'screenLeft', { screen: screen.id, state }, now);
    else await record(trx, submission, 'answersSaved', { screen: screen.id, fields: Object.keys(read.answers) }, now);
    const states = Object.fromEntries(Object.entries(answers).filter(([id]) => screenOf(form, id)?.wink));
    return { next: nextAfter(form, screen, { ...merged.answers, ...states }), ...(state && { state }) };
  };
  const stored = await once(desk.db, attempt, save, { locks: true, looked: true });
  return answerOf(stored);
}

const late = () => refuse('already_submitted', 'This was sent already; its answers can no longer change.');

function answerOf(stored: Once<Saved | 'late'>): Outcome<Saved> {
  if (stored.conflict) return conflict();
  return stored.response === 'late' ? late() : done(stored.response);
}

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
  const saves = await listEvents(desk.db, submission, ['answersSaved']);
  const screens = saves.map(({ data }) => (data as { screen?: string }).screen);
  // A form that was posted whole names no screen.
  return (id) => screens.includes(id) || screens.includes(undefined);
}
