/** The questions of SurveyJS that people answer by choosing → fields. */
import { Words } from '../draft.ts';
import { extraOptions, lostExtra, writeOptions, type SourceOption } from '../options.ts';
import { quoted } from '../report.ts';
import { isObject, readKeys, type SourceKeys } from '../source-keys.ts';
import type { MakeField, ReadField, ImportContext } from './import-context.ts';
import { validatorsOf } from './validators.ts';

/** A yes/no question, or two options if the labels are others. */
export function readYesNo(keys: SourceKeys, field: MakeField, { words }: ImportContext): ReadField {
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

/** A question with stars or numbers. */
export function readRating(keys: SourceKeys, name: string, field: MakeField, context: ImportContext): ReadField {
  const { report, words } = context;
  const min = keys.number('rateMin') ?? 1;
  const max = keys.number('rateMax') ?? (keys.number('rateCount') ?? 5) + min - 1;
  const step = keys.number('rateStep') ?? 1;
  const isStars = ['stars', 'smileys'].includes(keys.text('rateType', 'rateDisplayMode') ?? '');
  const low = words(keys.get('minRateDescription', 'minimumRateDescription', 'mininumRateDescription'));
  const high = words(keys.get('maxRateDescription', 'maximumRateDescription'));
  const values = keys.list('rateValues');
  keys.skip('rateCount', 'autoGenerate');
  const withoutLabels = <T>(made: T): T => {
    for (const label of [low, high]) if (label) report.about(name, `its label ${quoted(label.main)} was left out.`);
    return made;
  };
  if (values.length) {
    const written = writeOptions(
      name,
      values.map((one) => optionOf(one, context)).filter((one) => one !== undefined),
      report,
    );
    if (written) return withoutLabels(field('radio', 'option', { options: written.options }, written.values));
  }
  const isWhole = [min, max, step].every(Number.isInteger) && step === 1 && min < max;
  if (isStars && isWhole && min === 1 && max >= 3 && max <= 10)
    return withoutLabels(field('rating', 'number', { max }));
  if (!isWhole || max - min > 10)
    return withoutLabels(field('number', 'number', { min, max, ...(step !== 1 && { step }) }));
  return field('scale', 'number', { min, max, ...(low && { min_label: low }), ...(high && { max_label: high }) });
}

/** A question with options. Undefined if it has none. */
export function readChoice(
  type: 'radio' | 'select' | 'checkboxes',
  keys: SourceKeys,
  name: string,
  field: MakeField,
  context: ImportContext,
): ReadField | undefined {
  const { report, words } = context;
  const source = [...keys.list('choices'), ...numbersOf(keys)];
  if (source.some((one) => isObject(one) && (one.visibleIf || one.enableIf))) report.about(name, 'the conditions of its answers were left out. All answers are shown.'); // prettier-ignore
  for (const one of source) if (isObject(one) && one.isExclusive === true) report.about(name, `its answer ${quoted(words(one.text)?.main ?? String(one.value))} can be combined with others now.`); // prettier-ignore
  const written = writeOptions(
    name,
    source.map((one) => optionOf(one, context)).filter((one) => one !== undefined),
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
  const none = flag(['hasNone', 'showNoneItem'], ['noneText']);
  const extra = extraOptions(written, { other, none }, type, (label) => report.about(name, lostExtra(label)));
  if (type !== 'checkboxes') return field(type, 'option', { ...extra, options: written.options }, written.values);
  const validators = validatorsOf(keys, name, context);
  // Only to report the others.
  validators.keys(type);
  const { counts } = validators;
  const min = keys.number('minSelectedChoices') ?? counts.min ?? 0;
  const max = keys.number('maxSelectedChoices') ?? counts.max ?? 0;
  const limits = { ...(min > 0 && { min }), ...(max > 0 && { max }) };
  return field(type, 'options', { ...limits, ...extra, options: written.options }, written.values);
}

function optionOf(value: unknown, { words }: ImportContext): SourceOption | undefined {
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

/** The numbers that are the options of a dropdown. */
function numbersOf(keys: SourceKeys): number[] {
  const [min, max, step] = [keys.number('choicesMin'), keys.number('choicesMax'), keys.number('choicesStep') ?? 1];
  if (min === undefined || max === undefined || !(step > 0) || (max - min) / step > 500) return [];
  return Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, index) => min + index * step);
}

/** Whether a label says no more than Flipsite's own. */
const isOnly = (label: Words | undefined, own: string): boolean =>
  !label || (label.byLanguage.size === 1 && label.main.toLowerCase() === own);

const hasOwnValues = (keys: SourceKeys): boolean =>
  keys.get('valueTrue') !== undefined || keys.get('valueFalse') !== undefined;
