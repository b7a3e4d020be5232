/** Submitting: the whole journey once more, on the server, then one durable write. */
import type { Answers } from '../form/condition.ts';
import { fileLimits } from '../form/fields/files.ts';
import { typeOf } from '../form/fields/fields.ts';
import type { NotifyWhen } from '../form/notify.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { fill, say } from '../form/text.ts';
import type { Language } from '../form/wording/wording.ts';
import { listEvents } from '../record/events.ts';
import { formatReference, newReference } from '../record/ids.ts';
import { inTransaction, type Database } from '../record/database.ts';
import { lockSubmission, markSubmitted, type Submission } from '../record/submissions.ts';
import { suspect, type Reason } from '../record/suspicion.ts';
import { record, type Desk } from './desk.ts';
import { answersWithStates, askAboutClaims } from './smile/facts.ts';
import { dropOthers, foreignFiles } from './files.ts';
import { holdAnswer, limitsOf, refuseSending } from './limits.ts';
import { notify } from './notify.ts';
import { done, refuse, type Outcome } from './refusal.ts';
import { screenOf, stand } from './standing.ts';
import { isTooFast, PACE_EVENTS } from './suspicion.ts';

export interface Ended {
  reference: string;
  /** Texts are plain, with answers piped in: escape them where they are shown. */
  ending: { id: string; title: string; text?: string; redirect?: string };
}

/** Submits. A repeated call, also a concurrent one, gets the same reference. */
export async function submit(desk: Desk, submission: Submission, form: Form): Promise<Outcome<Ended>> {
  const ended = endedAs(form, submission);
  if (ended) return done(ended);
  await askAboutClaims(desk, submission, form);
  // Smile may have taken seconds to answer; what was saved meanwhile counts.
  let dropped: string[] = [];
  const send = async (db: Database): Promise<Outcome<Ended>> => {
    const now = desk.now();
    const current = await lockSubmission(db, submission.id);
    const already = endedAs(form, current);
    if (already) return done(already);
    const answers = await answersWithStates(db, current, form);
    const { path, ending, known, errors } = stand(form, answers, current.language as Language, now);
    if (!ending) {
      const screen = path.at(-1) ?? '';
      return refuse('incomplete', NOT_YET, { screen, fields: errors });
    }
    const given = Object.fromEntries(Object.entries(known).filter(([id]) => !screenOf(form, id)?.wink));
    const foreign = await foreignOn(db, current, form, given);
    if (foreign) return refuse('incomplete', NOT_YET, foreign);
    const outcome = form.endings.find(({ id }) => id === ending)?.outcome ?? 'completed';
    const refused = await refuseSending(desk, db, form, current, given, outcome);
    if (refused) return refused;
    const fast = desk.timed && isTooFast(form, await listEvents(db, current, PACE_EVENTS), now);
    const suspicion: Reason[] = fast ? ['fast'] : [];
    if (fast) await suspect(db, current.id, { reasons: suspicion });
    const reference = newReference();
    const stored = await markSubmitted(db, current.id, { answers: given, reference, ending, outcome, now }, current);
    if (fieldsOf(form).some(fileLimits)) dropped = await dropOthers(db, current, given, now);
    if (outcome === 'completed' && current.verdict !== 'spam') await holdAnswer(desk, db, form.slug, current.id, given);
    await record(db, current, 'submitted', { ending, ...(fast && { suspicion }) }, now);
    const when: NotifyWhen[] = outcome === 'completed' ? ['submitted', 'completed'] : ['submitted'];
    await notify(db, desk.catalog.current(form.slug)?.form ?? form, current, { when }, now);
    return done(endedAs(form, { ...current, ...stored, answers: given }) as Ended);
  };
  const said = await inTransaction(desk.db, send, { locks: !limitsOf(desk, form.slug) });
  for (const id of dropped) await desk.files.remove(id);
  return said;
}

const NOT_YET = 'This cannot be sent yet: a screen is not complete.';

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
  { reference, ending: id, language, answers, params }: Submission,
): Ended | undefined {
  const ending = form.endings.find((one) => one.id === id);
  if (!reference || !ending) return undefined;
  const values = { ...params, ...shown(form, answers, language as Language), reference: formatReference(reference) };
  const inUrl = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, encodeURIComponent(value)]));
  return {
    reference: formatReference(reference),
    ending: {
      id: ending.id,
      title: fill(say(ending.title, language), values),
      ...(ending.text && { text: fill(say(ending.text, language), values) }),
      ...(ending.redirect && { redirect: fill(ending.redirect, inUrl) }),
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
