/** The possible keys and values at a place of a form, with their help, from the guide of the form language. Pure. */
import type { Path } from '../../form/edit/edit.ts';
import type { Outline, OutlinePart } from '../../form/edit/outline.ts';
import type { Guide, KeyGuide } from '../../form/docs/guide.ts';

export interface Hint {
  /** The text to insert. */
  text: string;
  /** A few words beside it. */
  detail?: string | undefined;
  /** A sentence about it. */
  help?: string | undefined;
}

/** Keys that the guide describes in another way than as keys. */
const OPTION_KEYS: KeyGuide[] = [
  { key: 'value', help: 'The value that Flipsite stores and rules use', control: { kind: 'text' }, isRequired: true },
  { key: 'label', help: 'The text that people see', control: { kind: 'texts' }, isRequired: true },
  { key: 'help', help: 'A text below the option', control: { kind: 'texts' } },
];
const RULE_KEYS: KeyGuide[] = [
  { key: 'when', help: 'The condition. Without it, the rule always applies', control: { kind: 'condition' } }, // prettier-ignore
  { key: 'go', help: 'The id of the next screen or of an ending', control: { kind: 'text' }, isRequired: true },
];

/**
 * The keys that a map can have. Undefined if the guide does not know it, as for a map of languages.
 * @param type the type of a field, as it is written
 */
export function guidesAt(guide: Guide, path: Path, type: string | undefined): readonly KeyGuide[] | undefined {
  const [list, at, within, index, inner, ...more] = path;
  if (path.length === 0) return guide.form;
  if (list === 'screens' && typeof at === 'number') {
    if (path.length === 2) return guide.screen;
    if (within === 'wink') return path.length === 3 ? guide.wink : undefined;
    if (within === 'next' && path.length === 4) return RULE_KEYS;
    if (within !== 'fields' || typeof index !== 'number') return undefined;
    const keys = guide.types.find((one) => one.type === type)?.keys ?? commonKeys(guide);
    if (path.length === 4) return keys;
    if (inner === 'options' && path.length === 6) return OPTION_KEYS;
    return below(keys, [inner ?? '', ...more]);
  }
  if (list === 'endings' && path.length === 2) return guide.ending;
  if (list === 'notify' && path.length === 2) return guide.notification;
  return below(guide.form, path);
}

function below(keys: readonly KeyGuide[], path: Path): readonly KeyGuide[] | undefined {
  let found: readonly KeyGuide[] | undefined = keys;
  for (const step of path) {
    const control: KeyGuide['control'] | undefined = found?.find(({ key }) => key === step)?.control;
    found = control?.kind === 'map' ? control.keys : undefined;
  }
  return found;
}

/** The keys that every type of field has, while its type is not written yet. */
function commonKeys({ types }: Guide): KeyGuide[] {
  const [first, ...others] = types;
  return (first?.keys ?? []).filter(({ key }) => others.every(({ keys }) => keys.some((one) => one.key === key)));
}

/**
 * The help of a key at a path. For the key with the type of a field, it is the help of that type. Undefined if there is
 * none.
 */
export function helpAt(guide: Guide, path: Path, type: string | undefined): string | undefined {
  const found = keyGuideAt(guide, path, type);
  const own = found?.key === 'type' ? guide.types.find((one) => one.type === type) : undefined;
  return (own ? `${own.name}: ${own.about}` : found?.help) || undefined;
}

function keyGuideAt(guide: Guide, path: Path, type: string | undefined): KeyGuide | undefined {
  return guidesAt(guide, path.slice(0, -1), type)?.find(({ key }) => key === path.at(-1));
}

/** The values that a key can have, if they are a few. @param outline of the form, called only if its ids are needed */
export function valuesAt(
  guide: Guide,
  { map, key, type }: { map: Path; key: string; type: string | undefined },
  outline: () => Outline,
): Hint[] {
  const isField = map.length === 4 && map[2] === 'fields';
  if (key === 'type' && isField)
    return guide.types.map(({ type, name, about }) => ({ text: type, detail: name, help: about }));
  if (key === 'go') return targets(outline());
  if (map.includes('when') || map.at(-1) === 'show_when') return answersTo(outline(), key);
  const control = keyGuideAt(guide, [...map, key], type)?.control;
  switch (control?.kind) {
    case 'choice':
    case 'choices':
      return control.choices.map((text) => ({ text }));
    case 'yes_no':
      return [{ text: 'true' }, { text: 'false' }];
    default:
      return [];
  }
}

const fieldsOf = ({ screens }: Outline): OutlinePart[] => screens.flatMap(({ parts }) => parts);

const named = ({ id, title }: OutlinePart): Hint[] => (id === undefined ? [] : [{ text: id, detail: title }]);

const targets = ({ screens, endings }: Outline): Hint[] => [...screens, ...endings].flatMap(named);

/** The ids that a condition can name, and the words that group conditions. */
export const conditionKeys = (outline: Outline): Hint[] => [
  ...fieldsOf(outline).flatMap(named),
  ...outline.screens.filter(({ keys }) => keys.includes('wink')).flatMap(named),
  { text: 'any', help: 'At least one of these is true' },
  { text: 'all', help: 'All of these are true' },
  { text: 'none', help: 'None of these is true' },
];

/** The ids of the answers that a text can show, as `{id}`. */
export const pipeHints = (outline: Outline): Hint[] => [
  ...fieldsOf(outline).flatMap(named),
  ...outline.params.flatMap(named),
  { text: 'reference', detail: 'The code of the submission' },
];

const WINK_STATES = ['connected', 'uploaded', 'failed', 'skipped'];

function answersTo(outline: Outline, id: string): Hint[] {
  if (outline.screens.some((screen) => screen.id === id)) return WINK_STATES.map((text) => ({ text }));
  const field = fieldsOf(outline).find((one) => one.id === id);
  if (!field?.parts.length) return field?.keys.includes('options') ? [] : [{ text: 'true' }, { text: 'false' }];
  return field.parts.flatMap(named);
}
