/** Messages that people send with a link, each of a length that fits where it is sent. */
import { fillPipes, localize } from '../../form/runtime/text.ts';
import type { Form } from '../../form/schema.ts';
import { joinSentences, localeOf, wordings, type Language } from '../../form/wording/wording.ts';

export interface ShareText {
  /** Where it is sent. */
  place: string;
  /** Only for an email. */
  subject?: string;
  text: string;
  /** A note about its length. */
  note: string;
}

/** For a form with a password, beside its link. */
export const NEEDS_PASSWORD =
  'People need the password of the form. The link, its messages and its poster do not have it, so tell people the password.';

/** One SMS has so many characters, or fewer with letters that are not in the alphabet of SMS (3GPP TS 23.038). */
const SMS = { plain: 160, others: 70 };
const VIBER_CHARACTERS = 250;

/** A shorter part of a title tells people nothing. */
const MIN_TITLE_CHARACTERS = 12;

/** The letters of one SMS with 160 characters, without the few that take two. */
const PLAIN = /^[\w @£$¥èéùìòÇ\nØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà]*$/;

/** The messages for a form in a language of it. @param address of the link */
export function shareTexts(form: Form, language: Language, address: string): ShareText[] {
  const title = localize(form.title, language);
  const company = form.brand?.name;
  const about = form.description && localize(form.description, language);
  const { subject, body, minutes } = wordings[language].invite;
  /** Without a company there is no one who invites. */
  const inviting = (text: string, name = title) => (company === undefined ? name : fillPipes(text, { company, form: name })); // prettier-ignore
  const invitation = (name = title) => (company === undefined ? name : joinSentences(language, inviting(body, name), minutes)); // prettier-ignore
  const card = form.password === undefined ? 'the card of the form' : `“${wordings[language].server.passwordTitle}”`;
  // The description of a form often has its own minutes.
  const long = about ? (company === undefined ? `${title}\n${about}` : joinSentences(language, inviting(body), about)) : invitation(); // prettier-ignore
  const room = VIBER_CHARACTERS - invitation('').length - 1 - address.length;
  const short = shortened(title, room, language);
  const viber = [invitation(), short && invitation(short), about].find((text) => text && text.length + 1 + address.length <= VIBER_CHARACTERS); // prettier-ignore
  return [
    { place: 'WhatsApp', text: `${long}\n${address}`, note: `WhatsApp shows ${card} above it.` },
    { place: 'Viber', text: viber ? `${viber}\n${address}` : address, note: `At most ${VIBER_CHARACTERS} characters, so that it is read at once.` }, // prettier-ignore
    smsText(company, title, language, address),
    { place: 'Email', subject: inviting(subject), text: `${about ? `${inviting(body)}\n\n${about}\n\n` : `${invitation()}\n`}${address}`, note: 'The first line is the subject.' }, // prettier-ignore
  ];
}

/** As much of the title as one SMS has room for, with the company if it fits. */
function smsText(company: string | undefined, title: string, language: Language, address: string): ShareText {
  const maxCharacters = (text: string) => (PLAIN.test(text) ? SMS.plain : SMS.others);
  const fits = (text: string) => text.length <= maxCharacters(text);
  const from = company === undefined ? [''] : [`${company}: `, ''];
  const cut = (before: string, max: number, dots: string) => {
    const short = shortened(title, max - before.length - 1 - address.length, language, dots);
    return short ? [`${before}${short} ${address}`] : [];
  };
  const texts = [
    ...from.map((before) => `${before}${title} ${address}`),
    // One letter outside the alphabet of SMS, such as “…”, leaves room for 70 characters.
    ...from.flatMap((before) => [...cut(before, SMS.plain, '...'), ...cut(before, SMS.others, '…')]),
    ...(company === undefined ? [] : [`${company} ${address}`]),
  ];
  const text = texts.find(fits) ?? address;
  return { place: 'SMS', text, note: fits(text) ? `${text.length} of ${maxCharacters(text)} characters: 1 SMS.` : `${text.length} characters: more than 1 SMS.` }; // prettier-ignore
}

/** The sentences at the beginning of a text that have at most `max` characters, or a part of the first one. */
export function firstSentences(text: string, max: number, language: Language): string | undefined {
  const ends = [...new Intl.Segmenter(localeOf(language), { granularity: 'sentence' }).segment(text)].map(({ index, segment }) => index + segment.trimEnd().length); // prettier-ignore
  const end = ends.findLast((one) => one <= max);
  return end === undefined ? shortened(text, max, language) : text.slice(0, end);
}

/**
 * A text that is cut at the end of a word.
 * @param max the most characters, with the dots
 * @returns undefined where only a few letters fit
 */
function shortened(text: string, max: number, language: Language, dots = '…'): string | undefined {
  if (text.length <= max) return text;
  const words = [...new Intl.Segmenter(localeOf(language), { granularity: 'word' }).segment(text)];
  const ends = words.flatMap(({ index, segment, isWordLike }) => (isWordLike ? [index + segment.length] : []));
  const end = ends.findLast((one) => one + dots.length <= max) ?? 0;
  return end < MIN_TITLE_CHARACTERS ? undefined : text.slice(0, end) + dots;
}
