/** The questions of SurveyJS → fields. */
import { Words, type DraftKeys } from '../draft.ts';
import { extraOptions, writeOptions, type SourceOption } from '../options.ts';
import { textOfHtml } from '../plain-text.ts';
import { quotedList, quoted, type ReportBuilder } from '../report.ts';
import { isObject, readKeys, type SourceKeys } from '../source-keys.ts';
import type { Comparable } from '../conditions.ts';
import { IN_WORDS, LOOK, LOST } from './left-out.ts';

/** A field without an id yet. `asked` is its name and options for conditions. */
export interface ReadField {
  idFrom: string;
  name: string;
  keys: DraftKeys;
  asked: Omit<Comparable, 'id'>;
}

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
      const start = defaultOf(keys, kind, options);
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
        const validators = validatorsOf(keys, name);
        const [own, kind] = INPUT_TYPES.get(input) ?? (validators.isNumber ? (['number', 'number'] as const) : validators.isEmail ? (['email', 'text'] as const) : (['text', 'text'] as const)); // prettier-ignore
        if (input !== 'text' && !INPUT_TYPES.has(input)) report.about(name, `it is a plain text now. Flipsite has no input of type ${input.slice(0, 40)}.`); // prettier-ignore
        return field(own, kind, { ...textKeys(own, keys), ...validators.keys(own) });
      }
      case 'comment':
        return field('textarea', 'text', {
          ...textKeys('textarea', keys),
          ...validatorsOf(keys, name).keys('textarea'),
        });
      case 'multipletext':
        return field('text', 'text');
      case 'boolean':
        return yesNo(keys, name, field);
      case 'rating':
        return rating(keys, name, field);
      case 'slider':
        return field('number', 'number', numberKeys(keys));
      case 'file': {
        const accept = acceptOf(keys.text('acceptedTypes') ?? '');
        const bytes = keys.number('maxSize') ?? 0;
        const several = keys.isTrue('allowMultiple');
        keys.skip('storeDataAsText', 'waitForUpload', 'needConfirmRemoveFile', 'sourceType', 'filePlaceholder');
        if (several) report.about(name, 'people can add up to 10 files.');
        return field('file', 'other', {
          ...(accept.length && { accept }),
          ...(bytes > 0 && { max_size: `${Math.min(25, Math.max(1, Math.round(bytes / 1_048_576)))} MB` }),
          ...(several && { max_files: 10 }),
        });
      }
      case 'signaturepad':
        keys.skip('storeDataAsText', 'waitForUpload', 'placeholder', 'showPlaceholder');
        return field('signature', 'other');
      case 'radiogroup':
      case 'buttongroup':
        return choice('radio', keys, name, field);
      case 'dropdown':
        return choice('select', keys, name, field);
      case 'checkbox':
      case 'tagbox':
        return choice('checkboxes', keys, name, field);
      case 'imagepicker':
        report.about(name, 'its pictures were left out. Its answers have their texts.');
        return choice(keys.isTrue('multiSelect') ? 'checkboxes' : 'radio', keys, name, field);
      default:
        report.lose(name, `Flipsite has no question of the type “${type.slice(0, 40)}”.`);
        return undefined;
    }
  }

  type MakeField = (
    type: string,
    kind: Comparable['kind'],
    more?: DraftKeys,
    options?: Map<string, string>,
  ) => ReadField;

  function textKeys(type: string, keys: SourceKeys): DraftKeys {
    if (type === 'number') return { ...numberKeys(keys), ...placeholderOf(keys) };
    if (type === 'date') {
      const [min, max] = [dayOf(keys.text('min')), dayOf(keys.text('max'))];
      keys.skip('placeholder', 'placeHolder', 'step');
      return { ...(min && { min }), ...(max && { max }) };
    }
    if (type !== 'text' && type !== 'textarea') {
      keys.skip('placeholder', 'placeHolder', 'maxLength', 'autocomplete', 'min', 'max', 'step');
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

  /** A yes/no question, or two options if the labels are others. */
  function yesNo(keys: SourceKeys, _name: string, field: MakeField): ReadField {
    const [yes, no] = [words(keys.get('labelTrue')), words(keys.get('labelFalse'))];
    if ((!yes && !no) || (isOnly(yes, 'yes') && isOnly(no, 'no') && !hasOwnValues(keys)))
      return field('yes_no', 'boolean');
    const options = [
      { value: 'true', label: yes ?? new Words('Yes') },
      { value: 'false', label: no ?? new Words('No') },
    ];
    const [onTrue, onFalse] = [keys.text('valueTrue'), keys.text('valueFalse')];
    const values = new Map([['true', 'true'], ['false', 'false'], [onTrue ?? 'true', 'true'], [onFalse ?? 'false', 'false']]); // prettier-ignore
    return field('radio', 'option', { options }, values);
  }

  function rating(keys: SourceKeys, name: string, field: MakeField): ReadField {
    const min = keys.number('rateMin') ?? 1;
    const max = keys.number('rateMax') ?? (keys.number('rateCount') ?? 5) + min - 1;
    const step = keys.number('rateStep') ?? 1;
    const isStars = ['stars', 'smileys'].includes(keys.text('rateType', 'rateDisplayMode') ?? '');
    const low = words(keys.get('minRateDescription', 'minimumRateDescription', 'mininumRateDescription'));
    const high = words(keys.get('maxRateDescription', 'maximumRateDescription'));
    const values = keys.list('rateValues');
    keys.skip('rateCount', 'autoGenerate');
    if (values.length) {
      const written = writeOptions(
        name,
        values.map(optionOf).filter((one) => one !== undefined),
        report,
      );
      if (written) return field('radio', 'option', { options: written.options }, written.values);
    }
    const isWhole = [min, max, step].every(Number.isInteger) && step === 1 && min < max;
    if (isStars && isWhole && min === 1 && max >= 3 && max <= 10) return field('rating', 'number', { max });
    if (!isWhole || max - min > 10) return field('number', 'number', { min, max, ...(step !== 1 && { step }) });
    return field('scale', 'number', { min, max, ...(low && { min_label: low }), ...(high && { max_label: high }) });
  }

  function optionOf(value: unknown): SourceOption | undefined {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      // Old definitions write the value and the text together.
      const [first = '', ...rest] = String(value).split('|');
      const text = rest.join('|').trim();
      return { names: [first], value: first, label: words(text || first) ?? new Words(first) };
    }
    const keys = readKeys(value);
    const own = keys.get('value');
    if (!['string', 'number', 'boolean'].includes(typeof own)) return undefined;
    const name = String(own);
    return { names: [name], value: name, label: words(keys.get('text')) ?? new Words(name) };
  }

  function choice(
    type: 'radio' | 'select' | 'checkboxes',
    keys: SourceKeys,
    name: string,
    field: MakeField,
  ): ReadField | undefined {
    const source = [...keys.list('choices'), ...numbersOf(keys)];
    if (source.some((one) => isObject(one) && (one.visibleIf || one.enableIf))) report.about(name, 'the conditions of its answers were left out. All answers are shown.'); // prettier-ignore
    const written = writeOptions(
      name,
      source.map(optionOf).filter((one) => one !== undefined),
      report,
    );
    if (!written) {
      const from = isObject(keys.get('choicesByUrl')) ? ' They come from a web address.' : keys.text('choicesFromQuestion') ? ' They come from another question.' : ''; // prettier-ignore
      report.lose(name, `It has no answers to choose from.${from}`);
      return undefined;
    }
    const flag = (names: string[], text: string[]) => {
      const isOn = keys.isTrue(...names);
      const label = words(keys.get(...text));
      return isOn ? (label ?? (true as const)) : undefined;
    };
    const other = flag(['hasOther', 'showOtherItem'], ['otherText']);
    keys.skip('otherPlaceholder', 'otherPlaceHolder', 'otherErrorText', 'selectAllText', 'placeholder', 'placeHolder', 'optionsCaption', 'showOptionsCaption', 'storeOthersAsComment', 'choiceValuesFromQuestion', 'hideIfChoicesEmpty'); // prettier-ignore
    const extra = extraOptions(written, { other, none: flag(['hasNone', 'showNoneItem'], ['noneText']) }, type);
    if (type !== 'checkboxes') return field(type, 'option', { ...extra, options: written.options }, written.values);
    const counts = validatorsOf(keys, name).counts;
    const least = keys.number('minSelectedChoices') ?? counts.min ?? 0;
    const most = keys.number('maxSelectedChoices') ?? counts.max ?? 0;
    const limits = { ...(least > 0 && { min: least }), ...(most > 0 && { max: most }) };
    return field(type, 'options', { ...limits, ...extra, options: written.options }, written.values);
  }

  /** The numbers that are the options of a dropdown. */
  function numbersOf(keys: SourceKeys): number[] {
    const [min, max, step] = [keys.number('choicesMin'), keys.number('choicesMax'), keys.number('choicesStep') ?? 1];
    if (min === undefined || max === undefined || !(step > 0) || (max - min) / step > 500) return [];
    return Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, index) => min + index * step);
  }

  interface Validators {
    isNumber: boolean;
    isEmail: boolean;
    counts: { min?: number | undefined; max?: number | undefined };
    keys(type: string): DraftKeys;
  }

  function validatorsOf(keys: SourceKeys, name: string): Validators {
    const found: Validators = { isNumber: false, isEmail: false, counts: {}, keys: () => ({}) };
    const number: DraftKeys = {};
    const text: DraftKeys = {};
    for (const one of keys.list('validators').slice(0, 50)) {
      const validator = readKeys(one);
      const type = validator.text('type')?.replace(/validator$/, '');
      const range = (low: string, high: string) => [validator.number(low), validator.number(high)] as const;
      if (type === 'numeric') {
        found.isNumber = true;
        const [min, max] = range('minValue', 'maxValue');
        if (min !== undefined) number.min = min;
        if (max !== undefined) number.max = max;
      } else if (type === 'text') {
        const [min, max] = range('minLength', 'maxLength');
        if (min) text.min_length = min;
        if (max) text.max_length = max;
        if (validator.get('allowDigits') === false) report.about(name, 'digits are allowed in it now.');
      } else if (type === 'email') found.isEmail = true;
      else if (type === 'answercount') {
        const [min, max] = range('minCount', 'maxCount');
        found.counts = { min, max };
      } else if (type === 'regex') {
        const pattern = validator.text('regex')?.replace(/^\^|\$$/g, '');
        if (pattern) Object.assign(text, { pattern, pattern_hint: words(validator.get('text')) ?? new Words('Check this answer') }); // prettier-ignore
      } else report.about(name, `a rule for its answers was left out: ${JSON.stringify(one).slice(0, 200)}.`);
    }
    found.keys = (type) => {
      if (type === 'number') return number;
      if (type === 'text') return text;
      const { pattern, pattern_hint: _hint, ...lengths } = text;
      if (pattern) report.about(name, 'its pattern was left out. Only short texts have one.');
      return type === 'textarea' ? lengths : {};
    };
    return found;
  }

  /** The inputs of a question with several, as fields of their own. */
  function itemsOf(keys: SourceKeys, { name, idFrom, keys: own }: ReadField): ReadField[] {
    const intro = own.label instanceof Words && own.label.main !== idFrom ? own.label : undefined;
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
    return intro && fields.length ? [{ idFrom: `${idFrom}_intro`, name, keys: { type: 'statement', text: intro }, asked: { kind: 'other' } }, ...fields] : fields; // prettier-ignore
  }

  return { read, words };
}

/** Whether a label says no more than Flipsite's own. */
const isOnly = (label: Words | undefined, own: string): boolean =>
  !label || (label.byLanguage.size === 1 && label.main.toLowerCase() === own);

const hasOwnValues = (keys: SourceKeys): boolean =>
  keys.get('valueTrue') !== undefined || keys.get('valueFalse') !== undefined;

function numberKeys(keys: SourceKeys): DraftKeys {
  const [min, max, step] = [keys.number('min'), keys.number('max'), keys.number('step') ?? 0];
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }), ...(step > 0 && { step }) };
}

const dayOf = (text: string | undefined): string | undefined => /^\d{4}-\d{2}-\d{2}/.exec(text ?? '')?.[0];

const GROUPS: [RegExp, string][] = [
  [/image|\.(?:jpe?g|png|webp|heic|gif)/i, 'image'],
  [/pdf/i, 'pdf'],
  [/word|opendocument\.text|\.(?:docx?|odt)/i, 'document'],
  [/sheet|excel|\.(?:xlsx?|ods|csv)/i, 'spreadsheet'],
];

/** The kinds of file for a list of media types and endings. */
const acceptOf = (types: string): string[] =>
  GROUPS.filter(([pattern]) => pattern.test(types)).map(([, group]) => group);

function defaultOf(keys: SourceKeys, kind: Comparable['kind'], options: Map<string, string> | undefined) {
  const value = keys.get('defaultValue');
  if (value === undefined || kind === 'other') return undefined;
  const one = (name: unknown) => options?.get(String(name));
  if (kind === 'options')
    return (Array.isArray(value) ? value : [value]).map(one).filter((found) => found !== undefined);
  if (kind === 'option') return one(value);
  if (kind === 'number') return Number(value);
  if (kind === 'boolean') return ['true', true].includes(value as string | boolean);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
