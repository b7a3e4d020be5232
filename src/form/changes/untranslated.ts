/** Titles and questions that were added to a form of several languages, and have one text for all of them. */
import { formatCount } from '../format-count.ts';
import type { Text } from '../runtime/text.ts';
import type { Form } from '../schema.ts';
import { languageInWords, titleIn } from './change-sentences.ts';
import { forTranslators, type Described } from './compare.ts';
import { isAsked } from './fields.ts';

/** @returns at most one sentence. One text can be right, such as the name of a company. So only new ones are reported. */
export function untranslatedTexts(before: Form | undefined, after: Form): Described[] {
  if (after.languages.length === 1) return [];
  const known = before && before.languages.length > 1 ? textsOf(before) : new Map();
  const texts = [...textsOf(after)].filter(([id, text]) => typeof text === 'string' && !known.has(id));
  const [[, first] = []] = texts;
  if (first === undefined) return [];
  const languages = new Intl.ListFormat('en').format(after.languages.map(languageInWords));
  const count = formatCount(texts.length, 'title or question', 'titles and questions');
  return [
    forTranslators((q) =>
      texts.length === 1
        ? `${q(titleIn(after, first))} is the same in ${languages}.`
        : `${count} are the same in ${languages}, such as ${q(titleIn(after, first))}.`,
    ),
  ];
}

/** By the id of its part. */
const textsOf = ({ screens, endings }: Form): Map<string, Text> =>
  new Map([
    ...screens.flatMap(({ id, title, fields }): [string, Text][] => [
      [id, title],
      ...fields
        .filter((field) => isAsked(field) && !field.follows)
        .map((field): [string, Text] => [field.id, field.label]),
    ]),
    ...endings.map(({ id, title }): [string, Text] => [id, title]),
  ]);
