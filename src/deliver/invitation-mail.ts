/** The mail that invites a person to a form, in their language, with their personal link. */
import { brandColors } from '../form/settings/brand.ts';
import { companyOf, fillVariables, firstNameOf, senderOf } from '../form/settings/invite.ts';
import { momentInWords, momentOf } from '../form/settings/limits.ts';
import type { Form } from '../form/schema.ts';
import { fillPipes, localize } from '../form/runtime/text.ts';
import { directionOf, joinSentences, localeOf, tagOf, wordings, type Language } from '../form/wording/wording.ts';
import { lastDayOf } from '../invite/invite.ts';
import type { Invitation } from '../record/invitations.ts';
import type { Mail } from './mail.ts';

/** @param link the personal link */
export function invitationMail(form: Form, invitation: Invitation, link: string): Mail {
  const language = invitation.language as Language;
  const { invite: words } = wordings[language];
  const company = companyOf(form);
  const values = {
    company: company ?? '',
    form: localize(form.title, language),
    name: firstNameOf(invitation.name),
    date: lastMoment(form, invitation, language),
  };
  const ownText = (text: Parameters<typeof localize>[0]) =>
    fillVariables(localize(text, language), invitation.name, senderOf(form, language));
  const { subject, text } = form.invite ?? {};
  return {
    subject: subject ? ownText(subject) : fillPipes(company ? words.subject : words.subjectAlone, values),
    heading: values.form,
    text: text
      ? ownText(text)
          .trim()
          .split(/\n{2,}/)
      : [fillPipes(words.hello, values), joinSentences(language, fillPipes(company ? words.body : words.bodyAlone, values), words.minutes)], // prettier-ignore
    groups: [],
    button: { label: words.open, href: link },
    foot: [fillPipes(words.until, values), words.unexpected],
    language: { tag: tagOf(language), direction: directionOf(language) },
    color: form.brand?.color && brandColors(form.brand.color).light.accent,
  };
}

/** Until when the person can start: the last day of the invitation, or the end of the form if that comes first. */
function lastMoment({ limits = {} }: Form, { expiresAt }: Invitation, language: Language): string {
  const closes = momentOf(limits, 'closes');
  if (closes && closes.getTime() < Date.parse(expiresAt)) return momentInWords(limits, 'closes', language);
  return lastDayOf(expiresAt).toLocaleDateString(localeOf(language), { dateStyle: 'long', timeZone: 'UTC' });
}
