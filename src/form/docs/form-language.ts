/** The parts of the reference of the form language that come from the schema, so that they can't become outdated. */
import { z } from 'zod';
import { operatorsSchema } from '../logic/condition-schema.ts';
import { commonKeys } from '../fields/field-type.ts';
import { fieldTypeNames, moduleOf } from '../fields/fields.ts';
import { keysOf, type Key } from '../faults/schema-at.ts';
import { formSchema } from '../schema.ts';
import { fillGeneratedParts } from './generated-parts.ts';
import { nameOfLanguage } from '../wording/language-names.ts';
import { languageCodes } from '../wording/wording.ts';

/**
 * @param document `docs/publish/form-language.md`, with its text and the names of the generated parts
 * @returns the same document with each part written again from the schema, not yet formatted
 * @throws if the document names a part that does not exist, or lacks one that does
 */
export const fillFormLanguage = (document: string): string =>
  fillGeneratedParts('docs/publish/form-language.md', document, generatedParts());

/** Markdown by the name of the part. */
function generatedParts(): Record<string, string> {
  const form = keysOf(formSchema);
  const fieldKeys = new Map(fieldTypeNames.flatMap((name) => keysOf(schemaOf(name))).map((key) => [key.name, key]));
  return {
    form: tableOf(form),
    ...Object.fromEntries(tablesBelow(form)),
    field: tableOf(keysOf(z.strictObject(commonKeys))),
    ...Object.fromEntries(tablesBelow([...fieldKeys.values()])),
    'types of field': fieldTypeNames.flatMap(sectionOf).join('\n\n'),
    operators: tableOf(keysOf(operatorsSchema), false),
    languages: `| Write | Language |\n| --- | --- |\n${languageCodes.map((code) => `| \`${code}\` | ${nameOfLanguage(code)} |`).join('\n')}`,
  };
}

/** Keys that have a place of their own in the document, or are the same everywhere. */
const ELSEWHERE = ['fields', 'next', 'show_when'];

/** A table for each key that holds a map or a list of maps, and for those below it. */
function tablesBelow(keys: Key[]): [string, string][] {
  return keys
    .filter((key) => key.keys.length > 0 && !ELSEWHERE.includes(key.name))
    .flatMap((key) => [[key.name, tableOf(key.keys)] as [string, string], ...tablesBelow(key.keys)]);
}

const schemaOf = (type: (typeof fieldTypeNames)[number]): z.ZodType => moduleOf(type).schema;

/** How an answer is stored, by its kind. */
const STORED: Record<ReturnType<typeof moduleOf>['kind'], string> = {
  text: 'a text', number: 'a number', boolean: '`true` or `false`', list: 'a list of texts', date: 'a text such as 2026-12-31', parts: 'a map of texts', files: 'a list of files', nothing: '',
}; // prettier-ignore

function sectionOf(type: (typeof fieldTypeNames)[number]): string[] {
  const { manual, kind, blank } = moduleOf(type);
  const { about, example } = manual;
  const keys = keysOf(schemaOf(type)).filter(({ name }) => name !== 'type');
  const common = keysOf(z.strictObject(commonKeys)).map(({ name }) => name);
  const without = common.filter((name) => !keys.some((key) => key.name === name));
  const own = keys.filter(({ name, about: words }) => !common.includes(name) || words !== wordsOf(name));
  const has = without.length > 1 ? keys : own;
  const rest = `the keys of every field${without.length ? `, without \`${without[0]}\`` : ''}`;
  return [
    `### ${type}`,
    `${about}${kind === 'nothing' ? '' : ` Flipsite stores ${blank === false ? '`true`, or nothing without a tick' : STORED[kind]}.`}`,
    `![A field of type ${type} on a light phone, a dark phone, in Arabic and with an error](../fields/${type}.png)`,
    `\`\`\`yaml\n${example.trim()}\n\`\`\``,
    has === keys ? 'It has these keys only:' : `It has ${rest}${has.length ? ', and:' : '.'}`,
    ...(has.length ? [tableOf(has)] : []),
  ];
}

const wordsOf = (name: string): string => commonKeys[name as keyof typeof commonKeys].description ?? '';

/** @param withDefault whether the table has the value that applies without the key */
function tableOf(keys: Key[], withDefault = true): string {
  const head = withDefault ? '| Key | Meaning | Default |\n| --- | --- | --- |' : '| Key | Meaning |\n| --- | --- |';
  const rows = keys.map((key) => {
    const cells = [`\`${key.name}\``, escaped(key.about), ...(withDefault ? [defaultOf(key)] : [])];
    return `| ${cells.join(' | ')} |`;
  });
  return [head, ...rows].join('\n');
}

function defaultOf({ needed, otherwise }: Key): string {
  if (needed) return '**required**';
  if (otherwise === undefined || (Array.isArray(otherwise) && !otherwise.length)) return '–';
  return `\`${Array.isArray(otherwise) ? `[${otherwise.join(', ')}]` : String(otherwise)}\``;
}

/** Escapes the characters that mean something in a Markdown table. */
const escaped = (words: string): string => words.replace(/[|*<]/g, '\\$&');
