/** Messages that people send with a link, each of a length that fits where it is sent. */
import { fillPipes, localize } from '../../form/runtime/text.ts';
import type { Form } from '../../form/schema.ts';
import { wordings, type Language } from '../../form/wording/wording.ts';

export interface ShareText {
  /** Where it is sent. */
  place: string;
  /** Only for an email. */
  subject?: string;
  text: string;
  /** A note about its length. */
  note: string;
}

/** One SMS has so many characters, or fewer with letters that are not in the alphabet of SMS (3GPP TS 23.038). */
const SMS = { plain: 160, others: 70 };
const VIBER_CHARACTERS = 250;

/** The letters of one SMS with 160 characters, without the few that take two. */
const PLAIN = /^[\w @£$¥èéùìòÇ\nØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà]*$/;

/** The messages for a form in a language of it. @param address of the link */
export function shareTexts(form: Form, language: Language, address: string): ShareText[] {
  const title = localize(form.title, language);
  const company = form.brand?.name ?? title;
  const { subject, body } = wordings[language].invite;
  const fill = (text: string) => fillPipes(text, { company, form: title });
  const long = `${fill(body)}\n${address}`;
  const about = form.description && localize(form.description, language);
  const short = [about, address].filter(Boolean).join('\n');
  return [
    { place: 'WhatsApp', text: about ? `${fill(body)}${language === 'zh' ? '' : ' '}${about}\n${address}` : long, note: 'WhatsApp shows the card of the form above it.' }, // prettier-ignore
    { place: 'Viber', text: [long, short, address].find((text) => text.length <= VIBER_CHARACTERS) ?? address, note: `At most ${VIBER_CHARACTERS} characters, so that it is read at once.` }, // prettier-ignore
    smsText(company, title, address),
    { place: 'Email', subject: fill(subject), text: about ? `${fill(body)}\n\n${about}\n\n${address}` : long, note: 'The first line is the subject.' }, // prettier-ignore
  ];
}

function smsText(company: string, title: string, address: string): ShareText {
  const texts = [`${company}: ${title} ${address}`, `${title} ${address}`, `${company} ${address}`, address];
  const most = (text: string) => (PLAIN.test(text) ? SMS.plain : SMS.others);
  const text = texts.find((one) => one.length <= most(one)) ?? address;
  const fits = text.length <= most(text);
  return { place: 'SMS', text, note: fits ? `${text.length} of ${most(text)} characters: 1 SMS.` : `${text.length} characters: more than 1 SMS.` }; // prettier-ignore
}
