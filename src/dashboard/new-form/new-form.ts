/** The text that a new form begins with, and the checks of its name. Pure. */
import type { EditChange, Path } from '../../form/edit/edit.ts';
import { isMapValue, type Value } from '../../form/edit/value.ts';
import { MAX_SLUG_CHARACTERS } from '../../form/id.ts';
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

/** Why a slug cannot be the address of a form, as a sentence with the way out. */
export function slugProblem(slug: string): string | undefined {
  if (!slug) return 'Enter a link, such as christmas-drivers. Flipsite cannot make one from this title.';
  if (slug.length > MAX_SLUG_CHARACTERS) return `Shorten the link to ${MAX_SLUG_CHARACTERS} characters or fewer.`;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(slug))
    return 'Use small letters, digits and - in the link, such as christmas-drivers.';
  return RESERVED_SLUGS.includes(slug) ? `Flipsite uses the link ${slug} itself. Choose another one.` : undefined;
}

/**
 * The changes that make a text with `data` the text of a new form: another title, and no `example: true`. All else stays as it
 * is. From a template, the tried answers go too: the member has not written them, and a new question would break them. A
 * copy has no campaign links: their ids are unique in the site, and they lead people to the other form.
 */
export function newFormChanges(data: Value, title: string, isTemplate: boolean): [Path, EditChange][] {
  const has = (key: string) => isMapValue(data) && Object.hasOwn(data, key);
  const removed = ['example', isTemplate ? 'examples' : 'links'].filter(has);
  return [
    // One title for all languages: the member has written it in one of them.
    [['title'], { do: 'set', value: title }],
    ...removed.map((key): [Path, EditChange] => [[key], { do: 'remove' }]),
  ];
}
