/** Options as lines of text: one option a line, with its value before the label if the two differ. */
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { STARTING_OPTIONS } from '../../form/starting-values.ts';
import { listOf, mapOf, textIn, type DataMap } from '../form-data.ts';
import { dependentsInWords, dependentsOf } from '../outline/dependents.ts';
import { valueFor } from '../outline/ids.ts';

/** The options of a field as lines: `professional | Professional`, or the label alone where both are the same. */
export function linesOfOptions(options: Value | undefined, language: string): string {
  return listOf(options)
    .map((option) => lineOf(optionOf(option, language)))
    .join('\n');
}

const lineOf = ({ value, label }: ReadOption): string =>
  (value === label ? label : `${value} | ${label}`).replaceAll('\n', ' ');

interface ReadOption {
  value: string;
  label: string;
}

/** An option with its label in `language`. An option that is a text alone is its own value. */
export function optionOf(option: Value | undefined, language: string): ReadOption {
  if (typeof option === 'string') return { value: option, label: option };
  const value = String(mapOf(option)['value'] ?? '');
  return { value, label: textIn(mapOf(option)['label'], language) || value };
}

export interface PastedOptions {
  options: Value[];
  /** Lines that were left out, because an option before them has the same value or label. */
  doubles: string[];
  /** Options that are gone and that rules or examples use, each with the parts that use it. */
  inUse: { label: string; uses: string }[];
}

/**
 * The options of the field at `path` after the author pasted `lines`. An option with the value or label of an earlier
 * one keeps its value, its other languages and its hint.
 */
export function pasteOptions(data: Value, path: Path, lines: string, language: string): PastedOptions {
  const before = listOf(valueIn(data, [...path, 'options']));
  const known = before.map((option) => ({ option, ...optionOf(option, language) }));
  const taken = new Set(known.map(({ value }) => value));
  const options: Value[] = [];
  const seen = { values: new Set<string>(), labels: new Set<string>() };
  const doubles: string[] = [];
  const areTexts = before.every((one) => typeof one === 'string');
  for (const line of lines.split(/\r\n?|\n/)) {
    // An option of such a line stays, also with a sign that divides others.
    const { value, label } = known.find((one) => lineOf(one) === line) ?? readLine(line);
    if (!label) continue;
    const old = known.find((one) => one.value === value) ?? (value === undefined ? known.find((one) => sameText(one.label, label)) : undefined); // prettier-ignore
    const kept = value ?? old?.value ?? (areTexts ? cut(label) : valueFor(label, taken));
    if (seen.values.has(kept) || (value === undefined && seen.labels.has(label.toLowerCase()))) {
      doubles.push(label);
      continue;
    }
    seen.values.add(kept);
    seen.labels.add(label.toLowerCase());
    taken.add(kept);
    options.push(optionWith(old?.option, kept, label, language));
  }
  const inUse = before.flatMap((option, at) => {
    const { value, label } = optionOf(option, language);
    if (seen.values.has(value)) return [];
    const uses = dependentsInWords(dependentsOf(data, [...path, 'options', at]));
    return uses ? [{ label, uses }] : [];
  });
  return { options, doubles, inUse };
}

const MAX_VALUE = 200;

const cut = (text: string): string => text.slice(0, MAX_VALUE).trim();

/** `value | label`, a line of a sheet with a tab between the two, or a label alone. */
function readLine(line: string): { value: string | undefined; label: string } {
  const [before = '', ...after] = line.includes('\t') ? line.split('\t') : line.split('|');
  const label = after.join('|').trim();
  const first = before.trim().replace(/^[-*•]\s+/, '');
  return label && first ? { value: cut(first), label } : { value: undefined, label: label || first };
}

const sameText = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

/** The earlier option, with the changed label if it differs; or a new one. */
function optionWith(before: Value | undefined, value: string, label: string, language: string): Value {
  if (before === undefined) return value === label ? label : { value, label };
  if (optionOf(before, language).label === label) return before;
  if (typeof before === 'string') return { value, label };
  const map = mapOf(before);
  const texts = mapOf(map['label']);
  return { ...map, label: Object.keys(texts).length ? { ...texts, [language]: label } : label };
}

/** A new option with a value of its own, in the style of the existing ones. */
export function newOption(options: Value | undefined, label: string): Value {
  const list = listOf(options);
  const taken = new Set(list.map((one) => optionOf(one, 'en').value));
  const areTexts = list.length > 0 && list.every((one) => typeof one === 'string');
  if (areTexts && !taken.has(label)) return label;
  return { value: valueFor(label, taken), label } satisfies DataMap;
}

/**
 * The `option` at `path`, which is a text alone, with another text. Its value stays, because answers and rules have it. Only an
 * option that Flipsite wrote, and that no part of the form uses, is replaced.
 */
export const renameOption = (data: Value, path: Path, option: string, label: string): Value =>
  STARTING_OPTIONS.includes(option) && !dependentsOf(data, path).length ? label.trim() : { value: option, label };
