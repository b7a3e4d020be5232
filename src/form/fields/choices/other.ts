/**
 * The two options that a choice may have beside its own: "other", which asks for a text, and "none of these", which
 * excludes the others. Compiling a form makes plain options of both, and a plain text field after the choice. So
 * everything that works for options and fields works for them: rules, errors, exports.
 */
import { z } from 'zod';
import { idOfOther } from '../../id.ts';
import { textSchema } from '../../keys.ts';
import type { Answer } from '../../runtime/condition.ts';
import type { Text } from '../../runtime/text.ts';
import { languageCodes, wordings, type Wording } from '../../wording/wording.ts';
import type { Choice } from '../field-type.ts';
import type { Field } from '../fields.ts';

const OTHER = 'other';
export const NONE = 'none_of_these';

const labelKey = z.union([z.literal(true), textSchema]).optional();
export const otherKey = labelKey.describe(
  'true, or a label: adds the option "other", with a text field. For the field how, rules read { how: other } and the text is in how_other',
);
export const noneKey = labelKey.describe(
  'true, or a label: adds the option "none_of_these", which people cannot combine with others',
);

interface Extra {
  options: Choice[];
  other?: true | Text | undefined;
  none_of_these?: true | Text | undefined;
}

/** `field` with the options that its keys `other` and `none_of_these` stand for. */
export function withExtraOptions<F extends Extra>(field: F): F {
  const extra: Choice[] = [
    ...(field.other ? [{ value: OTHER, label: field.other === true ? wordsOf('other') : field.other }] : []),
    ...(field.none_of_these ? [{ value: NONE, label: field.none_of_these === true ? wordsOf('none') : field.none_of_these }] : []), // prettier-ignore
  ];
  return extra.length ? { ...field, options: [...field.options, ...extra] } : field;
}

/** For `refine`: an option of the author's own has neither of the two values while the key is there. */
export const isFree = ({ options, other, none_of_these: none }: Extra): boolean =>
  !options.some(({ value }) => (other && value === OTHER) || (none && value === NONE));
export const notFree = {
  path: ['options'],
  error: 'has its own option "other" or "none_of_these", which a key of the field adds too; delete one of the two',
};

/** `fields` with the questions that follow from `other`. The id of such a question is the field's with `_other`. */
export function withFollowing(fields: Field[]): Field[] {
  return fields.flatMap((field) => ('other' in field && field.other ? [field, which(field)] : [field]));
}

/**
 * The answer to a choice of a person who typed a text for "other", on a page that always shows its text field.
 * @param answer as it was posted. It stands if it is another single option, or "none of these"
 * @param isList whether people can choose several
 */
export function withOther(answer: Answer | undefined, isList: boolean): Answer {
  if (!isList) return answer ?? OTHER;
  const chosen = Array.isArray(answer) ? answer : [];
  return chosen.includes(OTHER) || chosen.includes(NONE) ? chosen : [...chosen, OTHER];
}

const which = ({ id, type, sensitive }: Field & { sensitive?: boolean | undefined }): Field => ({
  type: 'text',
  id: idOfOther(id),
  follows: id,
  label: wordsOf('which'),
  required: true,
  ...(sensitive && { sensitive }),
  show_when: [type === 'checkboxes' ? 'has' : 'is', id, [OTHER]],
});

/** A built-in text in every language, as an author would write it. */
const wordsOf = (name: keyof Wording['fields']): Text =>
  Object.fromEntries(languageCodes.map((language) => [language, wordings[language].fields[name]]));
