/** Reads the data of a form as its author typed it, also with errors: a missing part is empty. */
import { idOfOther } from '../form/id.ts';
import type { Path, Value } from '../form/edit/edit.ts';
import { languagesOf, valueIn } from '../form/edit/value.ts';

export type DataMap = { [key: string]: Value };

/** `value` as a map; an empty one if it is none. */
export const mapOf = (value: Value | undefined): DataMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

/** `value` as a list; an empty one if it is none. */
export const listOf = (value: Value | undefined): Value[] => (Array.isArray(value) ? value : []);

/** A text in `language`, or in the first language that it has; empty if there is none. */
export function textIn(value: Value | undefined, language: string): string {
  if (typeof value === 'string') return value;
  const texts = mapOf(value);
  const text = Object.hasOwn(texts, language) ? texts[language] : Object.values(texts)[0];
  return typeof text === 'string' ? text : '';
}

/** The id of a part; empty if it has none. */
export const idOf = (value: Value | undefined): string => {
  const id = mapOf(value)['id'];
  return typeof id === 'string' ? id : '';
};

/** A field with its place. */
export interface PlacedField {
  id: string;
  field: DataMap;
  path: Path;
  screen: number;
}

/** The fields of a screen. @param at the index of the screen */
export const fieldsOfScreen = (screen: Value | undefined, at: number): PlacedField[] =>
  listOf(mapOf(screen)['fields']).map((field, index) => ({
    id: idOf(field),
    field: mapOf(field),
    path: ['screens', at, 'fields', index],
    screen: at,
  }));

export const screensOf = (data: Value): DataMap[] => listOf(mapOf(data)['screens']).map(mapOf);
export const endingsOf = (data: Value): DataMap[] => listOf(mapOf(data)['endings']).map(mapOf);
/** The fields of all screens, in order. */
export const placedFields = (data: Value): PlacedField[] => screensOf(data).flatMap(fieldsOfScreen);

/** Every id that a form has, of screens, fields, endings and params. */
export function idsInForm(data: Value): Set<string> {
  const fields = placedFields(data).flatMap(({ id, field }) => (field['other'] ? [id, idOfOther(id)] : [id]));
  const params = listOf(mapOf(data)['params']).map(String);
  return new Set([...screensOf(data).map(idOf), ...endingsOf(data).map(idOf), ...fields, ...params]);
}

export type PartKind = 'screen' | 'field' | 'ending' | 'rule' | 'option' | 'example' | 'notification' | 'setting';

/** The kind of the part at `path`. */
export function kindAt([list, , within, index, options, , ...rest]: Path): PartKind {
  if (list === 'endings') return 'ending';
  if (list === 'examples') return 'example';
  if (list === 'notify') return 'notification';
  if (list !== 'screens') return 'setting';
  if (index === undefined) return 'screen';
  if (within === 'next') return 'rule';
  return options === 'options' && rest.length === 0 ? 'option' : 'field';
}

/** The name of the part at `path` for its author: a title, a label, or else its id. */
export function nameAt(data: Value, path: Path, language = languagesOf(data)[0]): string {
  const value = valueIn(data, path);
  if (typeof value === 'string') return value;
  const { title, label, name, text, id } = mapOf(value);
  return [title, label, name, text].map((one) => textIn(one, language)).find(Boolean) ?? (typeof id === 'string' ? id : ''); // prettier-ignore
}
