/** Generated submissions, to see how the dashboard and the store do with many. Nobody is in them. */
import type { Answer, Answers } from '../form/condition.ts';
import type { Field } from '../form/fields/fields.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { inTransaction, type Database } from '../record/database.ts';
import { appendEvents, type RecordedEvent } from '../record/events.ts';
import { newId, newReference } from '../record/ids.ts';
import { createSubmission, markSubmitted, mergeAnswers } from '../record/submissions.ts';

const AT_ONCE = 200;
const DAY_MS = 86_400_000;

/**
 * Stores `count` submissions of a published form, begun over the 90 days before `now`; three of four were sent.
 * @param tell told how many there are, now and then
 */
export async function seed(
  db: Database,
  { form, version }: { form: Form; version: string },
  count: number,
  now: Date,
  tell: (done: number) => void = () => undefined,
): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - done) }, (_, index) => done + index);
    await Promise.all(some.map((number) => one(db, form, version, number, momentOf(number, count, now))));
    tell(done + some.length);
  }
}

/** In order, so that ids grow as they would have. */
const momentOf = (number: number, count: number, now: Date): Date =>
  new Date(now.getTime() - 90 * DAY_MS * (1 - number / count));

async function one(db: Database, form: Form, version: string, number: number, at: Date): Promise<void> {
  const language = form.languages[number % form.languages.length] ?? 'en';
  const answers = answersTo(form, number);
  const [ending] = form.endings;
  await inTransaction(
    db,
    async (trx) => {
      const { id } = await createSubmission(trx, { form: form.slug, version, language, params: {}, now: at });
      await mergeAnswers(trx, id, { set: answers, clear: [] }, at);
      const told = (name: string, source: RecordedEvent['source'], data: object, seconds: number): RecordedEvent => {
        const moment = new Date(at.getTime() + seconds * 1_000).toISOString();
        return {
          id: newId(at),
          submissionId: id,
          smileUserId: null,
          name,
          source,
          at: moment,
          receivedAt: moment,
          data,
        };
      };
      const sent = number % 4 !== 0 && ending;
      await appendEvents(trx, [
        told('started', 'server', { language }, 0),
        ...form.screens.flatMap(({ id: screen, fields }, index) => [
          told('screenSeen', 'page', { screen }, index * 20),
          told('answersSaved', 'server', { screen, fields: fields.map((field) => field.id) }, index * 20 + 15),
        ]),
        ...(sent ? [told('submitted', 'server', { ending: sent.id }, 90)] : []),
      ]);
      if (!sent) return;
      const { id: name, outcome } = sent;
      await markSubmitted(trx, id, { answers, reference: newReference(), ending: name, outcome, now: at });
    },
    { locks: true },
  );
}

const NAMES = ['Ana Reyes', 'José Cruz', 'Maria Santos', 'Budi Hartono', 'Lucía Gómez', 'Li Wei', 'Omar Haddad'];

function answersTo(form: Form, number: number): Answers {
  const given = fieldsOf(form).map((field): [string, Answer | undefined] => [field.id, answerTo(field, number)]);
  return Object.fromEntries(given.filter((one): one is [string, Answer] => one[1] !== undefined));
}

/** A likely answer; none for what takes a file or is made from others. */
function answerTo(field: Field, number: number): Answer | undefined {
  switch (field.type) {
    case 'text':
    case 'textarea':
      return NAMES[number % NAMES.length];
    case 'email':
      return `person-${number}@example.com`;
    case 'phone':
      return `+63917${String(number % 10_000_000).padStart(7, '0')}`;
    case 'number':
    case 'money':
      return 1_000 + (number % 500) * 10;
    case 'date':
      return `19${60 + (number % 40)}-0${1 + (number % 9)}-15`;
    case 'radio':
    case 'select':
      return field.options[number % field.options.length]?.value;
    case 'checkboxes':
      return field.options.slice(0, 1 + (number % field.options.length)).map(({ value }) => value);
    case 'yes_no':
      return number % 2 === 0;
    case 'consent':
      return true;
    case 'country':
      return ['PH', 'MX', 'ID'][number % 3];
    default:
      return undefined;
  }
}
