/** The mail that notifies a form's owners of a submission. Sensitive answers appear only in the dashboard. */
import { brandColors } from '../form/settings/brand.ts';
import { typeOf, type Field } from '../form/fields/fields.ts';
import { fieldsOf, type Form } from '../form/schema.ts';
import { sensitiveFields } from '../form/inspect/sensitive.ts';
import { fillPipes, localize } from '../form/runtime/text.ts';
import type { Language } from '../form/wording/wording.ts';
import { wasConnected, type Account } from '../record/accounts/accounts.ts';
import type { Cause } from '../record/deliveries.ts';
import { formatReference } from '../record/ids.ts';
import type { Submission } from '../record/submissions/submissions.ts';
import { isQuarantined } from '../record/submissions/suspicion.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import type { Mail } from './mail.ts';

export interface NotificationContent {
  form: Form;
  submission: Submission;
  accounts: (Account & { provider: string })[];
  cause: Cause;
  /** Whether a rule of the form sends the mail, and not a member. */
  ofRule: boolean;
  /** The address of the site, such as https://forms.acme.example. */
  origin: string;
}

const ENGLISH = { tag: 'en', direction: 'ltr' } as const;

const reasonFor = (title: string, ofRule: boolean): string =>
  ofRule
    ? `You get this email because the form “${title}” sends its submissions to this address.`
    : 'You get this email because a member of the dashboard sent it to this address.';

/** In English, with labels in the form's first language. */
export function notificationMail({ form, submission, accounts, cause, ofRule, origin }: NotificationContent): Mail {
  const language: Language = form.languages[0];
  const title = localize(form.title, language);
  const reference = submission.reference && formatReference(submission.reference);
  const summary =
    cause === 'linked' ? 'A work account was connected' : cause === 'test' ? 'A test' : 'A new submission';
  const sensitive = sensitiveFields(form);
  const values = Object.fromEntries(
    fieldsOf(form).flatMap((field) => {
      const text = sensitive.has(field.id) ? undefined : formatAnswer(field, submission, language);
      return text === undefined ? [] : [[field.id, text] as const];
    }),
  );
  const fill = (text: Parameters<typeof localize>[0]) => fillPipes(localize(text, language), { ...submission.params, ...values }); // prettier-ignore
  const groups = form.screens.map((screen) => ({
    title: fill(screen.title),
    rows: screen.fields.flatMap(({ id, label }): [string, string][] => {
      const text = values[id];
      return text === undefined ? [] : [[fill(label), text]];
    }),
  }));
  const hiddenIds = [...sensitive].filter((id) => submission.answers[id] !== undefined || submission.unreadable[id]);
  return {
    subject: `${cause === 'test' ? 'Test: ' : ''}${summary === 'A test' ? 'a submission' : summary} – ${title}${reference ? ` (${reference})` : ''}`,
    heading: `${summary}: ${title}`,
    text: [
      ...(cause === 'test' ? ['A member of the dashboard sent this as a test.'] : []),
      ...(reference ? [`Reference ${reference}`] : ['It has not been submitted yet.']),
      ...accounts.filter(wasConnected).map(({ provider, confirmed }) => `Work account: ${provider}${confirmed ? ', confirmed by Smile' : ', not confirmed by Smile yet'}`), // prettier-ignore
      ...(isQuarantined(submission) ? ['It may be spam. The dashboard shows why.'] : []),
    ],
    groups: groups.filter(({ rows }) => rows.length > 0),
    button: { label: 'Open it in the dashboard', href: `${origin}/admin/forms/${form.slug}/people/${submission.id}` },
    foot: [
      ...(hiddenIds.length ? [`${hiddenIds.length === 1 ? 'One answer is' : `${hiddenIds.length} answers are`} private and not in this email. The dashboard has all answers.`] : []), // prettier-ignore
      reasonFor(title, ofRule),
    ],
    language: ENGLISH,
    color: form.brand?.color && brandColors(form.brand.color).light.accent,
  };
}

/** The mail about the further submissions of an hour, after as many emails as the hour or the day may have. */
export function moreMail(form: Form, { ofRule, origin }: Pick<NotificationContent, 'ofRule' | 'origin'>): Mail {
  const language: Language = form.languages[0];
  const title = localize(form.title, language);
  const { notificationEmailsPerHour, notificationEmailsPerDay } = SITE_LIMITS;
  return {
    subject: `More submissions – ${title}`,
    heading: `More submissions: ${title}`,
    text: [`There are more submissions than Flipsite sends emails about. To one address it sends ${notificationEmailsPerHour.value} an hour about one form, and ${notificationEmailsPerDay.value} a day in all. The dashboard has all submissions.`], // prettier-ignore
    groups: [],
    button: { label: 'Open them in the dashboard', href: `${origin}/admin/forms/${form.slug}/people` },
    foot: [reasonFor(title, ofRule)],
    language: ENGLISH,
    color: form.brand?.color && brandColors(form.brand.color).light.accent,
  };
}

/** An answer as text. For files only their number: a name can reveal the content. */
function formatAnswer(field: Field, { answers }: Submission, language: Language): string | undefined {
  const answer = answers[field.id];
  if (answer === undefined) return undefined;
  if (typeOf(field).kind !== 'files') return typeOf(field).show(field, answer, language);
  const count = Array.isArray(answer) ? answer.length : 1;
  return count === 1 ? '1 file' : `${count} files`;
}
