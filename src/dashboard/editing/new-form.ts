/** The text that a new form begins with, and the checks of its name. Pure. */
import { edit, type EditChange, type Path } from '../../form/edit/edit.ts';
import { RESERVED_SLUGS } from '../../form/schema.ts';

/** The longest title, in characters. */
export const MAX_TITLE = 120;

/** A form with one question, for people who begin with nothing. */
export const EMPTY_FORM = `title: New form
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name, autocomplete: name, required: true }
endings:
  - { id: done, title: Thank you }
`;

/** A slug made of a title: "Christmas drivers" becomes christmas-drivers. Empty where nothing of it can be in an address. */
export const slugFor = (title: string): string =>
  title.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60).replace(/-+$/, ''); // prettier-ignore

/** Why a slug cannot be the address of a form, as a sentence with the way out. */
export function slugProblem(slug: string): string | undefined {
  if (!slug) return 'Enter a link, such as christmas-drivers.';
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(slug))
    return 'Use small letters, digits and - in the link, such as christmas-drivers.';
  return RESERVED_SLUGS.includes(slug) ? `Flipsite uses the link ${slug} itself. Choose another one.` : undefined;
}

/**
 * The text of a new form: `text` with another title, and no example any more. All else stays as it is.
 * @returns undefined where `text` cannot be changed, such as one with errors in its YAML
 */
export function newFormText(text: string, title: string, languages: readonly string[]): string | undefined {
  const named = languages.length > 1 ? Object.fromEntries(languages.map((language) => [language, title])) : title;
  const changes: [Path, EditChange][] = [[['title'], { do: 'set', value: named }]];
  if (/^example:/m.test(text)) changes.push([['example'], { do: 'remove' }]);
  let changed = text;
  for (const [path, change] of changes) {
    const result = edit(changed, path, change);
    if (!result.ok) return undefined;
    changed = result.text;
  }
  return changed;
}
