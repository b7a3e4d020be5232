/** The fields of Typeform → fields. */
import type { Comparable } from '../conditions.ts';
import { Words, type DraftKeys } from '../draft.ts';
import { extraOptions, lostExtra, writeOptions, type SourceOption } from '../options.ts';
import { textOfMarkdown } from '../plain-text.ts';
import { quotedList, quoted, type ReportBuilder } from '../report.ts';
import { readKeys, type SourceKeys } from '../source-keys.ts';

export interface ReadTypeformField {
  name: string;
  keys: DraftKeys;
  asked: Omit<Comparable, 'id'>;
}

const LOST = new Map([
  ['matrix', 'Flipsite has no table of questions. Ask each row as a question of its own.'],
  ['ranking', 'Flipsite has no question in which people sort answers.'],
  ['payment', 'Flipsite takes no payments.'],
  ['calendly', 'Flipsite books no appointments.'],
  ['multi_format', 'Flipsite records no sound and no video.'],
  ['video', 'Flipsite records no sound and no video.'],
  ['nps_matrix', 'Flipsite has no table of questions.'],
  ['google_drive', 'Flipsite does not read Google Drive.'],
]);

const PLAIN = new Map<string, [type: string, kind: Comparable['kind']]>([
  ['short_text', ['text', 'text']],
  ['long_text', ['textarea', 'text']],
  ['email', ['email', 'text']],
  ['phone_number', ['phone', 'text']],
  ['website', ['url', 'text']],
  ['number', ['number', 'number']],
  ['date', ['date', 'date']],
  ['yes_no', ['yes_no', 'boolean']],
  ['legal', ['consent', 'boolean']],
  ['file_upload', ['file', 'other']],
  ['signature', ['signature', 'other']],
  ['address', ['address', 'other']],
  ['statement', ['statement', 'other']],
]);

/** Settings that Flipsite does not need, or does in its own way. */
const LOOK = ['button_text', 'show_button', 'hide_marks', 'vertical_alignment', 'structure', 'separator', 'shape', 'show_labels', 'supersized', 'alignment', 'attachment', 'layout', 'icon']; // prettier-ignore

const IN_WORDS = new Map([
  ['randomize', 'random order of answers'],
  ['alphabetical_order', 'sorted order of answers'],
  ['currency', 'currency'],
]);

/** A text of Typeform: Markdown, in one language. */
export function typeformWords(value: unknown, report: ReportBuilder): Words | undefined {
  if (typeof value !== 'string') return undefined;
  const { text, hadPicture } = textOfMarkdown(value);
  if (hadPicture) report.add(`A picture in ${quoted(text)} was left out.`);
  return text ? new Words(text) : undefined;
}

export interface Heading {
  title: Words;
  /** The lines after the first. */
  rest: Words | undefined;
}

/** A title of one line, and the text after it. */
export function splitTitle(words: Words): Heading {
  const [first = '', ...others] = words.main.split('\n');
  const rest = others.join('\n').trim();
  return { title: new Words(first.trim()), rest: rest ? new Words(rest) : undefined };
}

/** Two texts under each other. */
export const joinWords = (one: Words | undefined, other: Words | undefined): Words | undefined =>
  one && other ? new Words(`${one.main}\n\n${other.main}`) : (one ?? other);

/** @returns the field; undefined if it was left out, with a sentence in `report` */
export function readTypeformField(value: unknown, report: ReportBuilder): ReadTypeformField | undefined {
  const keys = readKeys(value);
  const properties = readKeys(keys.get('properties'));
  const validations = readKeys(keys.get('validations'));
  const type = keys.text('type') ?? '';
  const { title, rest } = splitTitle(typeformWords(keys.get('title'), report) ?? new Words('Question'));
  const name = title.main;
  const reason = LOST.get(type);
  if (reason) {
    report.lose(name, `${reason}${quotedList(' Its rows: ', titlesIn(properties))}`);
    return undefined;
  }
  if (hasPicture(keys)) report.about(name, 'its picture or video was left out.');
  const field = fieldOf(type, { title, rest }, properties, validations, report);
  if (!field) return undefined;
  keys.skip('id', 'ref', 'subfield_key', 'attachment', 'layout');
  for (const key of [...keys.unread(), ...properties.unread(), ...validations.unread()]) {
    if (LOOK.includes(key)) report.addLook();
    else report.about(name, `its ${IN_WORDS.get(key) ?? `setting “${key.slice(0, 40)}”`} was left out.`);
  }
  return { name, ...field };
}

const titlesIn = (properties: SourceKeys): string[] =>
  properties.list('fields').slice(0, 20).map((one) => readKeys(one).text('title') ?? '').filter(Boolean); // prettier-ignore

const hasPicture = (keys: SourceKeys): boolean => Boolean(keys.get('attachment') ?? readKeys(keys.get('layout')).get('attachment')); // prettier-ignore

function fieldOf(
  type: string,
  { title, rest }: Heading,
  properties: SourceKeys,
  validations: SourceKeys,
  report: ReportBuilder,
): Omit<ReadTypeformField, 'name'> | undefined {
  const help = joinWords(rest, typeformWords(properties.get('description'), report));
  const required = validations.isTrue('required');
  const common: DraftKeys = { label: title, ...(help && { help }), ...(required && { required }) };
  const [own, kind] = PLAIN.get(type) ?? [];
  if (own === 'statement') {
    return { keys: { type: own, text: joinWords(title, help) ?? title }, asked: { kind: 'other' } };
  }
  if (own === 'address') report.about(title.main, `its parts have Flipsite’s own names${quotedList(', and not ', titlesIn(properties))}`); // prettier-ignore
  if (own && kind) {
    const [min, max] = [validations.number('min_value'), validations.number('max_value')];
    // Numbers can have one too.
    const maxLength = own === 'text' || own === 'textarea' ? (validations.number('max_length') ?? 0) : 0;
    const country = own === 'phone' ? properties.text('default_country_code')?.toUpperCase() : undefined;
    properties.skip('fields');
    return {
      keys: { type: own, ...common, ...(min !== undefined && { min }), ...(max !== undefined && { max }), ...(maxLength > 0 && { max_length: maxLength }), ...(country && { country }) },
      asked: { kind },
    }; // prettier-ignore
  }
  if (type === 'opinion_scale' || type === 'nps' || type === 'rating') {
    const { type: scale = 'scale', ...range } = scaleOf(type, properties, report);
    return { keys: { type: scale, ...common, ...range }, asked: { kind: 'number' } };
  }
  if (type === 'multiple_choice' || type === 'picture_choice' || type === 'dropdown' || type === 'checkbox') return choiceOf(type, common, properties, validations, report); // prettier-ignore
  report.lose(title.main, type ? `Flipsite has no question of the type “${type.slice(0, 40)}”.` : 'It has no type.');
  return undefined;
}

function scaleOf(type: string, properties: SourceKeys, report: ReportBuilder): DraftKeys {
  const steps = Math.round(properties.number('steps') ?? (type === 'rating' ? 5 : 11));
  if (type === 'rating' && steps >= 3 && steps <= 10) return { type: 'rating', max: steps };
  const min = properties.isTrue('start_at_one') || type === 'rating' ? 1 : 0;
  const labels = readKeys(properties.get('labels'));
  const [left, right] = [typeformWords(labels.get('left'), report), typeformWords(labels.get('right'), report)];
  const center = labels.text('center');
  if (center) report.add(`The middle label “${center.slice(0, 60)}” of a scale was left out.`);
  return { type: 'scale', min, max: min + steps - 1, ...(left && { min_label: left }), ...(right && { max_label: right }) }; // prettier-ignore
}

function choiceOf(
  type: string,
  common: DraftKeys,
  properties: SourceKeys,
  validations: SourceKeys,
  report: ReportBuilder,
): Omit<ReadTypeformField, 'name'> | undefined {
  const name = common.label instanceof Words ? common.label.main : '';
  const several = properties.isTrue('allow_multiple_selection') || type === 'checkbox';
  const own = several ? 'checkboxes' : type === 'dropdown' ? 'select' : 'radio';
  const options = properties.list('choices').flatMap((choice): SourceOption[] => {
    const keys = readKeys(choice);
    const label = typeformWords(keys.get('label'), report);
    if (!label) return [];
    if (keys.get('attachment')) report.about(name, 'the pictures of its answers were left out.');
    const names = [keys.text('ref'), keys.text('id'), label.main].filter((one) => one !== undefined);
    return [{ names, value: label.main, label }];
  });
  const written = writeOptions(name, options, report);
  if (!written) {
    report.lose(name, 'It has no answers to choose from.');
    return undefined;
  }
  const extra = extraOptions(written, { other: properties.isTrue('allow_other_choice') || undefined, none: undefined }, own, (label) => report.about(name, lostExtra(label))); // prettier-ignore
  const [min, max] = several
    ? [validations.number('min_selection') ?? 0, validations.number('max_selection') ?? 0]
    : [0, 0];
  return {
    keys: { type: own, ...common, ...(min > 0 && { min }), ...(max > 0 && { max }), ...extra, options: written.options }, // prettier-ignore
    asked: { kind: several ? 'options' : 'option', options: written.values },
  };
}
