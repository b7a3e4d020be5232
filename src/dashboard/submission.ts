/** One submission with all that is known of it. */
import type { Answer, Answers } from '../form/condition.ts';
import { typeOf } from '../form/fields/fields.ts';
import type { Form } from '../form/schema.ts';
import { say } from '../form/text.ts';
import { listAccounts, type Account } from '../record/accounts.ts';
import type { Database } from '../record/database.ts';
import { listEvents } from '../record/events.ts';
import { findSubmission, type Submission } from '../record/submissions.ts';
import { findVersion } from '../record/versions.ts';
import { personOf, type Person } from './person.ts';
import { titlesOf, type Titles } from './titles.ts';
import { timeline, type Line } from './timeline.ts';

export type AnswerGroup = { title: string; answers: { label: string; text: string }[] };

export type SubmissionView = {
  submission: Submission;
  person: Person;
  accounts: (Account & { screenTitle: string })[];
  groups: AnswerGroup[];
  lines: Line[];
};

/** The submission `id` of the form `slug`; undefined when there is none, or it belongs to another form. */
export async function submissionView(db: Database, slug: string, id: string): Promise<SubmissionView | undefined> {
  const submission = await findSubmission(db, id);
  if (submission?.form !== slug) return undefined;
  const [form, accounts, events] = await Promise.all([
    findVersion(db, slug, submission.version),
    listAccounts(db, id),
    listEvents(db, submission),
  ]);
  const titles = titlesOf(form, submission);
  return {
    submission,
    person: personOf(form, submission),
    accounts: accounts.map((account) => ({ ...account, screenTitle: titles.screen(account.screen) })),
    groups: answerGroups(form, submission.answers, titles),
    lines: timeline(events, titles),
  };
}

/**
 * All answers by screen, in the form's first language, whether or not the journey leads there now. What the form has no
 * field for comes last, by its id.
 */
export function answerGroups(form: Form | undefined, answers: Answers, titles: Titles): AnswerGroup[] {
  const language = form?.languages[0] ?? 'en';
  const screens = (form?.screens ?? []).map((screen) => ({
    title: titles.screen(screen.id),
    answers: screen.fields.flatMap((field) => {
      const answer = answers[field.id];
      const label = say(field.label, language);
      return answer === undefined ? [] : [{ label, text: typeOf(field).show(field, answer, language) }];
    }),
  }));
  const known = new Set((form?.screens ?? []).flatMap((screen) => screen.fields.map(({ id }) => id)));
  const others = Object.entries(answers).filter(([id]) => !known.has(id));
  const rest = { title: 'Other answers', answers: others.map(([id, answer]) => ({ label: id, text: asText(answer) })) };
  return [...screens, rest].filter((group) => group.answers.length > 0);
}

const asText = (answer: Answer): string => (Array.isArray(answer) ? answer.join(', ') : String(answer));
