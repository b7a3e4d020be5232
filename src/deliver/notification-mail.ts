/** The mail that tells a form's people of a submission. What is sensitive stays in the dashboard. */
import { brandColors } from '../form/brand.ts';
import { typeOf, type Field } from '../form/fields/fields.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { sensitiveFields } from '../form/sensitive.ts';
import { fillPipes, localize } from '../form/runtime/text.ts';
import { directionOf, tagOf, type Language } from '../form/wording/wording.ts';
import type { Account } from '../record/accounts/accounts.ts';
import type { Cause } from '../record/deliveries.ts';
import { formatReference } from '../record/ids.ts';
import type { Submission } from '../record/submissions/submissions.ts';
import { isQuarantined } from '../record/submissions/suspicion.ts';
import type { Mail } from './mail.ts';

export interface NotificationContent {
  form: Form;
  submission: Submission;
  accounts: (Account & { provider: string })[];
  cause: Cause;
  /** Where the site is reached, such as https://forms.acme.example. */
  origin: string;
}

/** What the mail says, in the words of the dashboard and the form's first language. */
export function notificationMail({ form, submission, accounts, cause, origin }: NotificationContent): Mail {
  const language: Language = form.languages[0];
  const title = localize(form.title, language);
  const reference = submission.reference && formatReference(submission.reference);
  const what = cause === 'linked' ? 'A work account was connected' : cause === 'test' ? 'A test' : 'A new submission';
  const sensitive = sensitiveFields(form);
  const values = Object.fromEntries(
    fieldsOf(form).flatMap((field) => {
      const text = sensitive.has(field.id) ? undefined : shown(field, submission, language);
      return text === undefined ? [] : [[field.id, text] as const];
    }),
  );
  const groups = form.screens.map((screen) => ({
    title: fillPipes(localize(screen.title, language), values),
    rows: screen.fields.flatMap(({ id, label }): [string, string][] => {
      const text = values[id];
      return text === undefined ? [] : [[fillPipes(localize(label, language), values), text]];
    }),
  }));
  const withheld = [...sensitive].filter((id) => submission.answers[id] !== undefined || submission.unreadable[id]);
  return {
    subject: `${cause === 'test' ? 'Test: ' : ''}${what === 'A test' ? 'a submission' : what} – ${title}${reference ? ` (${reference})` : ''}`,
    heading: `${what}: ${title}`,
    text: [
      ...(cause === 'test' ? ['A member of the dashboard has sent this to see what it looks like.'] : []),
      ...(reference ? [`Reference ${reference}`] : ['It has not been sent yet.']),
      ...accounts.filter(({ status }) => status === 'CONNECTED').map(({ provider, confirmed }) => `Work account: ${provider}${confirmed ? ', confirmed by Smile' : ', not confirmed by Smile yet'}`), // prettier-ignore
      ...(isQuarantined(submission) ? ['It may be spam: see why in the dashboard.'] : []),
    ],
    groups: groups.filter(({ rows }) => rows.length > 0),
    button: { label: 'See it in the dashboard', href: `${origin}/admin/forms/${form.slug}/${submission.id}` },
    foot: [
      ...(withheld.length ? [`${withheld.length === 1 ? 'One answer is' : `${withheld.length} answers are`} sensitive and shown in the dashboard only.`] : []), // prettier-ignore
      `You get this because the form /${form.slug} names this address under \`notify\`.`,
    ],
    language: { tag: tagOf(language), direction: directionOf(language) },
    color: form.brand?.color && brandColors(form.brand.color).light.accent,
  };
}

/** An answer as people read it; of files only how many: a name may say as much as what is in the file. */
function shown(field: Field, { answers }: Submission, language: Language): string | undefined {
  const answer = answers[field.id];
  if (answer === undefined) return undefined;
  if (typeOf(field).kind !== 'files') return typeOf(field).show(field, answer, language);
  const number = Array.isArray(answer) ? answer.length : 1;
  return number === 1 ? '1 file' : `${number} files`;
}
