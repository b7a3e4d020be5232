/** The questions of SurveyJS → fields. */
import { MEDIA_TYPES } from '../../fields/files/media-types.ts';
import { Words, type DraftKeys, type DraftValue } from '../draft.ts';
import { textOfHtml } from '../plain-text.ts';
import { quotedList, quoted, type ReportBuilder } from '../report.ts';
import { isObject, readKeys, type SourceKeys } from '../source-keys.ts';
import type { Comparable } from '../conditions.ts';
import { readChoice, readRating, readYesNo } from './choices.ts';
import { IN_WORDS, LOOK, LOST } from './left-out.ts';
import type { ReadField, ImportContext } from './import-context.ts';
import { validatorsOf } from './validators.ts';

const MEGABYTE = 1024 * 1024;
const MAX_FILE_BYTES = 25 * MEGABYTE;

const INPUT_TYPES = new Map<string, [type: string, kind: Comparable['kind']]>([
  ['email', ['email', 'text']],
  ['tel', ['phone', 'text']],
  ['url', ['url', 'text']],
  ['number', ['number', 'number']],
  ['range', ['number', 'number']],
  ['date', ['date', 'date']],
  ['time', ['time', 'other']],
]);

export interface QuestionReader {
  read(value: unknown): ReadField[];
  words(value: unknown): Words | undefined;
}

/** @param onLanguage called with the name of each language in the texts */
export function questionReader(report: ReportBuilder, onLanguage: (name: string) => void): QuestionReader {
  const context: ImportContext = { report, words };

  function words(value: unknown): Words | undefined {
    const texts = new Map<string, string>();
    const add = (language: string, text: unknown) => {
      if (typeof text !== 'string' && typeof text !== 'number' && typeof text !== 'boolean') return;
      const plain = textOfHtml(String(text));
      if (plain.hadPicture) report.add(`A picture in ${quoted(plain.text)} was left out.`);
      if (plain.text.trim()) texts.set(language === 'default' ? '' : language, plain.text);
      onLanguage(language);
    };
    if (isObject(value)) for (const [language, text] of Object.entries(value).slice(0, 100)) add(language, text);
    else add('', value);
    return texts.size ? new Words(texts) : undefined;
  }

  function read(value: unknown): ReadField[] {
    const keys = readKeys(value);
    const type = String(keys.get('type', 'cellType') ?? 'text');
    const idFrom = keys.text('name') ?? 'question';
    const title = words(keys.get('title')) ?? new Words(idFrom);
    const name = title.main;
    keys.skip('visibleIf', 'valueName');
    const lost = LOST.get(type);
    if (lost) {
      const rows = keys.list('rows').map((row) => words(isObject(row) ? (row.text ?? row.value) : row)?.main ?? '');
      report.lose(name, `${lost}${quotedList(' Its rows: ', rows.filter(Boolean))}`);
      return [];
    }
    if (type === 'html') return statement(keys, idFrom);
    const field = fieldOf(type, keys, { idFrom, name, title });
    if (!field) return [];
    const comment = keys.isTrue('hasComment', 'showCommentArea');
    const fields = type === 'multipletext' ? itemsOf(keys, field) : [field];
    if (comment) {
      const label = words(keys.get('commentText')) ?? new Words('Comment');
      fields.push({ idFrom: `${idFrom}_comment`, name: `${name} (${label.main})`, keys: { type: 'textarea', label }, asked: { kind: 'text' } }); // prettier-ignore
    }
    reportUnread(keys, name);
    return fields;
  }

  function statement(keys: SourceKeys, idFrom: string): ReadField[] {
    const text = words(keys.get('html'));
    if (!text) {
      report.lose(idFrom, 'It has no text.');
      return [];
    }
    keys.skip('title', 'name');
    reportUnread(keys, text.main);
    return [{ idFrom, name: text.main, keys: { type: 'statement', text }, asked: { kind: 'other' } }];
  }

  function reportUnread(keys: SourceKeys, name: string): void {
    const unread = keys.unread();
    if (unread.some((key) => LOOK.includes(key))) report.addLook();
    for (const key of unread) {
      if (LOOK.includes(key)) continue;
      report.about(name, `its ${IN_WORDS.get(key) ?? `setting “${key.slice(0, 40)}”`} was left out.`);
    }
  }

  function fieldOf(
    type: string,
    keys: SourceKeys,
    { idFrom, name, title }: { idFrom: string; name: string; title: Words },
  ): ReadField | undefined {
    const common: DraftKeys = { label: title };
    const help = words(keys.get('description'));
    if (help) common.help = help;
    const isRequired = keys.isTrue('isRequired', 'required');
    if (isRequired) common.required = true;
    const field = (
      own: string,
      kind: Comparable['kind'],
      more: DraftKeys = {},
      options?: Map<string, string>,
    ): ReadField => {
      // A condition can't compare times, and a text has the same values.
      const start = defaultOf(keys, own === 'time' ? 'text' : kind, options, (value) => {
        const written = typeof value === 'object' ? JSON.stringify(value) : String(value);
        report.about(name, `its first answer ${quoted(written.slice(0, 60))} was left out.`);
      });
      const { label = title, help: hint, required, ...rest } = { ...common, ...more };
      return {
        idFrom,
        name,
        keys: {
          type: own,
          label,
          ...(hint && { help: hint }),
          ...(required && { required }),
          ...rest,
          ...(start !== undefined && { default: start }),
        },
        asked: { kind, ...(options && { options }) },
      };
    };
    switch (type) {
      case 'text': {
        const input = keys.text('inputType') ?? 'text';
        const validators = validatorsOf(keys, name, context);
        const [own, kind] = INPUT_TYPES.get(input) ?? (validators.isNumber ? (['number', 'number'] as const) : validators.isEmail ? (['email', 'text'] as const) : (['text', 'text'] as const)); // prettier-ignore
        if (input !== 'text' && !INPUT_TYPES.has(input)) report.about(name, `it is a plain text now. Flipsite has no input of type ${input.slice(0, 40)}.`); // prettier-ignore
        return field(own, kind, { ...textKeys(own, keys), ...validators.keys(own) });
      }
      case 'comment':
        return field('textarea', 'text', {
          ...textKeys('textarea', keys),
          ...validatorsOf(keys, name, context).keys('textarea'),
        });
      case 'multipletext':
        return field('text', 'text');
      case 'boolean':
        return readYesNo(keys, field, context);
      case 'rating':
        return readRating(keys, name, field, context);
      case 'slider':
        return field('number', 'number', numberKeys(keys));
      case 'file': {
        const types = keys.text('acceptedTypes') ?? '';
        const accept = acceptOf(types);
        const refused = refusedOf(types);
        if (refused.length) report.about(name, `Flipsite can’t take all its types of file. It does not take${quotedList(' ', refused)}${accept.length ? '' : ' It takes images and PDF files instead.'}`); // prettier-ignore
        const bytes = keys.number('maxSize') ?? 0;
        if (bytes > MAX_FILE_BYTES) report.about(name, 'its files can have up to 25 MB now. Flipsite takes no larger ones.'); // prettier-ignore
        const several = keys.isTrue('allowMultiple');
        keys.skip('storeDataAsText', 'waitForUpload', 'needConfirmRemoveFile', 'sourceType', 'filePlaceholder');
        if (several) report.about(name, 'people can add up to 10 files.');
        return field('file', 'other', {
          ...(accept.length && { accept }),
          ...(bytes > 0 && { max_size: sizeOf(Math.min(bytes, MAX_FILE_BYTES)) }),
          ...(several && { max_files: 10 }),
        });
      }
      case 'signaturepad':
        keys.skip('storeDataAsText', 'waitForUpload', 'placeholder', 'showPlaceholder');
        return field('signature', 'other');
      case 'radiogroup':
      case 'buttongroup':
        return readChoice('radio', keys, name, field, context);
      case 'dropdown':
        return readChoice('select', keys, name, field, context);
      case 'checkbox':
      case 'tagbox':
        return readChoice('checkboxes', keys, name, field, context);
      case 'imagepicker':
        report.about(name, 'its pictures were left out. Its answers have their texts.');
        return readChoice(keys.isTrue('multiSelect') ? 'checkboxes' : 'radio', keys, name, field, context);
      default:
        report.lose(name, `Flipsite has no question of the type “${type.slice(0, 40)}”.`);
        return undefined;
    }
  }

  function textKeys(type: string, keys: SourceKeys): DraftKeys {
    if (type === 'number') {
      const limits = numberKeys(keys);
      if (!limits.step && keys.text('inputType') !== 'range') report.add(NO_STEP);
      return { ...limits, ...placeholderOf(keys) };
    }
    if (type === 'date') {
      keys.skip('placeholder', 'placeHolder');
      return limitKeysOf(keys, dayOf);
    }
    if (type === 'time') {
      keys.skip('placeholder', 'placeHolder');
      return limitKeysOf(keys, timeOf);
    }
    if (type !== 'text' && type !== 'textarea') {
      // An input of these types has no limits of value.
      keys.skip('autocomplete', 'min', 'max', 'step');
      return {};
    }
    const [min, max] = [keys.number('minLength') ?? 0, keys.number('maxLength') ?? 0];
    const autocomplete = keys.text('autocomplete');
    return {
      ...(min > 0 && { min_length: min }),
      ...(max > 0 && { max_length: max }),
      ...placeholderOf(keys),
      ...(type === 'text' && autocomplete && /^[a-z][a-z-]*$/.test(autocomplete) && { autocomplete }),
    };
  }

  function placeholderOf(keys: SourceKeys): DraftKeys {
    const placeholder = words(keys.get('placeholder', 'placeHolder'));
    return placeholder ? { placeholder } : {};
  }

  /** The inputs of a question with several, as fields of their own. */
  function itemsOf(keys: SourceKeys, { name, idFrom, keys: own }: ReadField): ReadField[] {
    const intro = own.label instanceof Words && own.label.main !== idFrom ? own.label : undefined;
    const texts = [intro, own.help].filter((one) => one instanceof Words);
    if (own.required)
      report.about(name, 'at least one of its inputs was required. Choose which ones are required now.');
    const fields = keys.list('items').flatMap((item): ReadField[] => {
      const inner = readKeys(item);
      const from = inner.text('name') ?? 'item';
      const title = words(inner.get('title')) ?? new Words(from);
      const read = fieldOf('text', inner, { idFrom: `${idFrom}_${from}`, name: title.main, title });
      inner.skip('type');
      reportUnread(inner, title.main);
      return read ? [{ ...read, idFrom: `${idFrom}.${from}` }] : [];
    });
    if (!fields.length) report.lose(name, 'It has no inputs.');
    if (!fields.length) return fields;
    return [...texts.map((text): ReadField => ({ idFrom: `${idFrom}_intro`, name: text.main, keys: { type: 'statement', text }, asked: { kind: 'other' } })), ...fields]; // prettier-ignore
  }

  return { read, words };
}

const NO_STEP =
  'Numbers without a step took decimals. Flipsite takes whole numbers only. For decimals, give the question a step, such as 0.01.';

function numberKeys(keys: SourceKeys): DraftKeys {
  const [min, max, step] = [keys.number('min'), keys.number('max'), keys.number('step') ?? 0];
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }), ...(step > 0 && { step }) };
}

function limitKeysOf(keys: SourceKeys, parse: (text: string) => string | undefined): DraftKeys {
  const [min, max] = [keys.parsed('min', parse), keys.parsed('max', parse)];
  return { ...(min && { min }), ...(max && { max }) };
}

const dayOf = (text: string): string | undefined => /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0];
const timeOf = (text: string): string | undefined => /^(?:[01]\d|2[0-3]):[0-5]\d/.exec(text)?.[0];

const GROUPS: [RegExp, string][] = [
  [/image|\.(?:jpe?g|png|webp|heic|gif)/i, 'image'],
  [/pdf/i, 'pdf'],
  [/word|opendocument\.text|\.(?:docx?|odt)/i, 'document'],
  [/sheet|excel|\.(?:xlsx?|ods|csv)/i, 'spreadsheet'],
];

/** The kinds of file for a list of media types and endings. */
const acceptOf = (types: string): string[] =>
  GROUPS.filter(([pattern]) => pattern.test(types)).map(([, group]) => group);

/** The types in such a list that a field for files can't take. */
const refusedOf = (types: string): string[] =>
  types.toLowerCase().split(/[\s,;]+/).filter((type) => type && type !== 'image/*' && !isTaken(type)); // prettier-ignore

const isTaken = (type: string): boolean =>
  Object.entries(MEDIA_TYPES).some(([name, { endings }]) => type === name || endings.some((one) => type === `.${one}`));

const sizeOf = (bytes: number): string =>
  bytes % MEGABYTE === 0 ? `${bytes / MEGABYTE} MB` : `${Math.ceil(bytes / 1024)} kB`;

/** The answer at the start. Undefined where there is none, and where the field can't have it, which `lose` reports. */
function defaultOf(keys: SourceKeys, kind: Comparable['kind'], options: Map<string, string> | undefined, lose: (value: unknown) => void) {
  const value = keys.get('defaultValue');
  // The word for a question of yes or no that is not answered yet.
  const isOpen = value === 'indeterminate' && (kind === 'boolean' || (kind === 'option' && !options?.has(value)));
  if (value === undefined || isOpen) return undefined;
  const known = (found: DraftValue | undefined, one: unknown = value) => {
    if (found === undefined) lose(one);
    return found;
  };
  const option = (name: unknown) => known(options?.get(String(name)), name);
  if (kind === 'options') {
    const found = (Array.isArray(value) ? value : [value]).map(option).filter((one) => one !== undefined);
    return found.length ? found : undefined;
  }
  if (kind === 'option') return option(value);
  if (kind === 'number') return Number(value);
  if (kind === 'boolean') {
    const own = [keys.peek('valueTrue'), keys.peek('valueFalse')].findIndex((one) => one !== undefined && String(one) === String(value));
    // `true` and `false` are answers also beside values of their own.
    const at = own < 0 ? ['true', 'false'].indexOf(String(value)) : own;
    return known(at < 0 ? undefined : at === 0);
  }
  return known(kind !== 'other' && (typeof value === 'string' || typeof value === 'number') ? String(value) : undefined);
} // prettier-ignore
