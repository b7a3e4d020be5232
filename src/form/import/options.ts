/** The options of a choice. */
import { Words, type DraftKeys } from './draft.ts';
import { quoted, type ReportBuilder } from './report.ts';

/** As the form language has it. */
const MAX_OPTIONS = 500;
const MAX_VALUE = 200;

/** An option of a source. */
export interface SourceOption {
  /** Its name in conditions of the source. */
  names: string[];
  value: string;
  label: Words;
}

export interface WrittenOptions {
  options: (string | DraftKeys)[];
  /** The source's names → the values in the form. */
  values: Map<string, string>;
}

/** @returns options with distinct values; undefined if there are none */
export function writeOptions(name: string, source: SourceOption[], report: ReportBuilder): WrittenOptions | undefined {
  const values = new Map<string, string>();
  const taken = new Set<string>();
  const options: WrittenOptions['options'] = [];
  for (const option of source) {
    const value = option.value.trim().slice(0, MAX_VALUE).trim();
    if (!value) continue;
    if (taken.has(value)) {
      report.about(name, `it has the answer “${value.slice(0, 40)}” more than once. Once was kept.`);
      continue;
    }
    if (options.length === MAX_OPTIONS) {
      report.about(name, `its answers after the first ${MAX_OPTIONS} were left out.`);
      break;
    }
    taken.add(value);
    for (const one of [...option.names, value]) if (!values.has(one)) values.set(one, value);
    const isPlain = option.label.byLanguage.size === 1 && option.label.main.trim() === value && !value.includes('{');
    options.push(isPlain ? value : { value, label: option.label });
  }
  return options.length ? { options, values } : undefined;
}

/** The sentence about such an answer that is lost, to follow the name of its question. */
export const lostExtra = (label: string): string =>
  `its answer ${quoted(label)} was left out, because another answer has the same value.`;

/**
 * The keys for the answers "other" and "none of these" that a source has beside its options.
 * @param lose reports one whose value an option has
 */
export function extraOptions(
  { options, values }: WrittenOptions,
  { other, none }: { other: true | Words | undefined; none: true | Words | undefined },
  type: string,
  lose: (label: string) => void,
): DraftKeys {
  const has = (value: string) =>
    options.some((option) => (typeof option === 'string' ? option : option.value) === value);
  const keys: DraftKeys = {};
  const nameOf = (label: true | Words, own: string) => (label === true ? own : label.main);
  if (other && has('other')) lose(nameOf(other, 'Other'));
  else if (other) {
    keys.other = other;
    values.set('other', 'other');
  }
  if (none && type === 'checkboxes' && !has('none_of_these')) {
    keys.none_of_these = none;
    values.set('none', 'none_of_these');
  } else if (none && has('none')) lose(nameOf(none, 'None'));
  else if (none) {
    options.push({ value: 'none', label: none === true ? new Words('None') : none });
    values.set('none', 'none');
  }
  return keys;
}
