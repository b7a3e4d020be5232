/** Notes: facts worth knowing about a form without faults. Doubts: parts of it that may be mistakes. */
import { canBeFilled, linksCanFill } from '../fields/fields.ts';
import { ADDRESS_NAMES } from '../id.ts';
import { localize } from '../runtime/text.ts';
import { brandColors } from '../settings/brand.ts';
import type { Choice } from '../fields/field-type.ts';
import { fieldsOf, type Form } from '../schema.ts';
import { pathOfField, type Finding } from './finding.ts';

/** The notes about `form`, as complete sentences that begin with a small letter. */
export function notesOf(form: Form): string[] {
  return [...addressNotes(form), ...colorNotes(form)];
}

/** Fields and params that an address can't fill in, because it has their names for something else. */
function addressNotes(form: Form): string[] {
  const taken = [
    ...fieldsOf(form).filter((field) => canBeFilled(field) && !linksCanFill(field)).map(({ id }) => `field \`${id}\``),
    ...form.params.filter((id) => ADDRESS_NAMES.includes(id)).map((id) => `param \`${id}\``),
  ]; // prettier-ignore
  return taken.map((one) => `a link can't fill in the ${one}, because Flipsite uses this name in addresses`); // prettier-ignore
}

function colorNotes({ brand }: Form): string[] {
  if (!brand?.color) return [];
  const { adjusted, contrast, light } = brandColors(brand.color);
  if (!adjusted) return [];
  const ratio = `${(Math.floor(contrast * 10) / 10).toFixed(1)}:1`;
  return [
    `your color ${brand.color} is too light for text on a light page (contrast ${ratio}, at least 4.5:1 is needed). Flipsite uses ${light.accent} there instead`,
  ];
}

/** Options of one question that look the same in a language of the form. The form can still be published. */
export const repeatedLabels = ({ screens, languages }: Form): Finding[] =>
  screens.flatMap((screen, at) =>
    screen.fields.flatMap((field, index) => {
      if (!('options' in field)) return [];
      const path = [...pathOfField(screen, at, index), 'options'];
      return [...repeatedIn(field.options, languages)].map(([option, label]) => ({
        place: { path: [...path, option], find: 'label' },
        message: `field \`${field.id}\` has two options with the label “${label}”`,
        remedy: 'People cannot tell them apart. Change one label, or delete one option.',
      }));
    }),
  );

/** The index of each option that looks like an earlier one, with its label in the first such language. */
function repeatedIn(options: readonly Choice[], languages: readonly string[]): Map<number, string> {
  const found = new Map<number, string>();
  for (const language of languages) {
    const seen = new Set<string>();
    options.forEach(({ label }, at) => {
      const text = localize(label, language).trim();
      if (seen.has(text) && !found.has(at)) found.set(at, text);
      seen.add(text);
    });
  }
  return found;
}
