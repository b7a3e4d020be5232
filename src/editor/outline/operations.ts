/** The actions of the outline as changes of the form's text: add, move, duplicate. */
import type { TypeGuide } from '../../form/docs/guide.ts';
import { renamedData, renamings } from '../../form/edit/rename.ts';
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn, withValue } from '../../form/edit/value.ts';
import { endingsOf, fieldsOfScreen, idOf, idsInForm, kindAt, listOf, mapOf, screensOf } from '../form-data.ts';
import { startingKeys } from '../starting-keys.ts';
import type { Changes } from './dependents.ts';
import { freeId, idFor } from './ids.ts';

/** Changes, and the part that is selected after them. */
export interface OutlineEdit {
  changes: Changes;
  select: Path;
}

/** A new screen with `title`, behind the screen at `after`, or at the end. */
export function addScreen(data: Value, title: string, after?: number): OutlineEdit {
  const at = after === undefined ? screensOf(data).length : after + 1;
  return addTo(data, ['screens', at], { id: idFor(title, 'screen', idsInForm(data)), title });
}

/** A new ending with `title`, behind the ending at `after`, or at the end. */
export function addEnding(data: Value, title: string, after?: number): OutlineEdit {
  const at = after === undefined ? endingsOf(data).length : after + 1;
  return addTo(data, ['endings', at], { id: idFor(title, 'ending', idsInForm(data)), title });
}

/** A new screen on which people connect a work account. */
export function addWinkScreen(data: Value, title: string, after?: number): OutlineEdit {
  const at = after === undefined ? screensOf(data).length : after + 1;
  const screen = {
    id: idFor(title, 'connect', idsInForm(data)),
    title,
    wink: { require: 'any', retrieve: ['identities'] },
  };
  return addTo(data, ['screens', at], screen);
}

/** The keys in which types of field have their title. A hidden value has none. */
const TITLE_KEYS = ['label', 'text'];

/** A new field on the screen at index `screen`, behind the field at `after`, or at the end. */
export function addField(
  data: Value,
  screen: number,
  newType: Pick<TypeGuide, 'type' | 'starter' | 'keys'>,
  title: string,
  after?: number,
): OutlineEdit {
  const fields = listOf(screensOf(data)[screen]?.['fields']);
  const at = after === undefined ? fields.length : after + 1;
  const titleKey = TITLE_KEYS.find((key) => newType.keys.some((one) => one.key === key));
  const id = idFor(title, 'question', idsInForm(data));
  const field = { id, type: newType.type, ...(titleKey && { [titleKey]: title }) };
  return addTo(data, ['screens', screen, 'fields', at], { ...field, ...startingKeys(data, newType) });
}

/** Adds `value` to the list at `path`, and makes the list if it is missing. */
export function addTo(data: Value, path: Path, value: Value): OutlineEdit {
  const holder = path.slice(0, -1);
  const change = { do: 'add', value } as const;
  if (Array.isArray(valueIn(data, holder)) || typeof valueIn(data, holder) === 'string') return { changes: [[path, change]], select: path }; // prettier-ignore
  return { changes: [[holder, { do: 'set', value: [value] }]], select: [...holder, 0] };
}

/** Moves the part at `path` up (-1) or down (1). A field at the edge of its screen goes to the screen beside it. */
export function moveBy(data: Value, path: Path, by: -1 | 1): OutlineEdit | undefined {
  const at = Number(path.at(-1));
  const holder = path.slice(0, -1);
  const to = at + by;
  if (to >= 0 && to < listOf(valueIn(data, holder)).length) return moveTo(data, path, [...holder, to]);
  if (kindAt(path) !== 'field') return undefined;
  const screen = screenWithFields(data, Number(path[1]), by);
  if (screen === undefined) return undefined;
  const length = listOf(screensOf(data)[screen]?.['fields']).length;
  return moveTo(data, path, ['screens', screen, 'fields', by < 0 ? length : 0]);
}

/** The next screen in a direction that can have fields. */
function screenWithFields(data: Value, from: number, by: -1 | 1): number | undefined {
  const screens = screensOf(data);
  for (let at = from + by; at >= 0 && at < screens.length; at += by) if (!screens[at]?.['wink']) return at;
  return undefined;
}

/** Moves the part at `path` to the place `to`, as it is counted after the move. */
export function moveTo(data: Value, path: Path, to: Path): OutlineEdit {
  const holder = to.slice(0, -1);
  if (Array.isArray(valueIn(data, holder))) return { changes: [[path, { do: 'move', to }]], select: to };
  // A screen without fields gets its list first. An empty list would be written as [], so the field itself begins it.
  const value = valueIn(data, path) ?? null;
  return {
    changes: [
      [path, { do: 'remove' }],
      [holder, { do: 'set', value: [value] }],
    ],
    select: [...holder, 0],
  };
}

/**
 * Puts a copy of the part at `path` behind it. The copy has ids of its own, and its own rules and texts use them. Its
 * title has the number of its id, in each language.
 */
export function duplicate(data: Value, path: Path): OutlineEdit | undefined {
  const value = valueIn(data, path);
  const at = Number(path.at(-1));
  if (value === undefined || !Number.isInteger(at)) return undefined;
  const to = [...path.slice(0, -1), at + 1];
  const copy = withFreshIds(value, kindAt(path), idsInForm(data));
  const number = /\d+$/.exec(idOf(copy))?.[0];
  const key = kindAt(path) === 'field' ? 'label' : 'title';
  const title = mapOf(copy)[key];
  return addTo(data, to, number && title ? { ...mapOf(copy), [key]: numbered(title, number) } : copy);
}

/** `text` with a number behind it, in place of a number that it has there. */
function numbered(text: Value, number: string): Value {
  if (typeof text === 'string') return text.replace(/( \(\d+\))?\s*$/, ` (${number})`);
  const texts = Object.entries(mapOf(text));
  return texts.length ? Object.fromEntries(texts.map(([language, one]) => [language, numbered(one, number)])) : text;
}

/** `value` with ids that are not taken. References inside of it follow, all others stay. */
export function withFreshIds(value: Value, kind: string, taken: ReadonlySet<string>): Value {
  const used = new Set(taken);
  const fresh = (id: string): string => {
    const free = freeId(id, used);
    used.add(free);
    return free;
  };
  if (kind === 'ending') return { ...mapOf(value), id: fresh(idOf(value) || 'ending') };
  if (kind === 'field') {
    const form = { screens: [{ id: 'screen', fields: [value] }] };
    return valueIn(renamed(form, ['screens', 0, 'fields', 0], fresh(idOf(value) || 'question')), ['screens', 0, 'fields', 0]) ?? value; // prettier-ignore
  }
  if (kind !== 'screen') return value;
  let form: Value = { screens: [value] };
  for (const { path, id } of fieldsOfScreen(value, 0)) form = renamed(form, path, fresh(id || 'question'));
  form = renamed(form, ['screens', 0], fresh(idOf(value) || 'screen'));
  return valueIn(form, ['screens', 0]) ?? value;
}

/** The form `data` with a new id of the part at `path`. A part that cannot be renamed keeps its references. */
function renamed(data: Value, path: Path, id: string): Value {
  try {
    return renamedData(data, renamings(data, path, id));
  } catch {
    return withValue(data, [...path, 'id'], id);
  }
}
