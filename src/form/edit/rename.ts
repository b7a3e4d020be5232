/** Renaming: the new id, and each place that refers to it. */
import { ID, idOfOther, MAX_ID_CHARACTERS, RESERVED_IDS } from '../id.ts';
import { formulaWords, referencesIn, rewriteFormula, type Reference } from '../inspect/references.ts';
import { isList, isMapValue, noSuchPart, EditRefused, valueIn, type Path, type Value, type ValueMap } from './value.ts';

/** A text to replace: the value at `path`, or the last key of it. */
export interface Renaming {
  path: Path;
  part: 'value' | 'key';
  text: string;
  /** The pieces of the text that change, if it is written over several lines. */
  pieces: [before: string, after: string][];
}

type Kind = 'screen' | 'field' | 'option' | 'ending' | 'param';

const NAMES: Record<Exclude<Kind, 'option'>, Reference['names'][]> = {
  screen: ['target', 'question'],
  field: ['question', 'pipe'],
  ending: ['target'],
  param: ['pipe'],
};

/**
 * Every place that changes when the thing at `path` of a form gets the id `to`.
 * @throws EditRefused if `to` is no id or is used already, or if references are ambiguous
 */
export function renamings(data: Value, path: Path, to: string): Renaming[] {
  const kind = kindAt(path);
  if (!kind) throw new EditRefused('this part has no id', 'Choose a screen, a field, an option, an ending or a param.');
  const thing = valueIn(data, path);
  if (thing === undefined) throw noSuchPart(path);
  const key = kind === 'option' ? 'value' : 'id';
  const own = isMapValue(thing) ? [...path, key] : path;
  const id = valueIn(data, own);
  if (typeof id !== 'string') throw new EditRefused(`this ${kind} has no ${key}`, `Add a ${key} to it first.`);
  if (id === to) return [];
  const renamed = kind === 'option' ? optionPlaces(data, path, id, to) : placesOf(data, kind, thing, id, to);
  return [{ path: own, part: 'value', text: to, pieces: [[id, to]] }, ...renamed];
}

function kindAt([list, , within, , inner, ...rest]: Path): Kind | undefined {
  const lists = [list, within, inner].filter((step) => step !== undefined).join('.');
  const kinds: Record<string, Kind> = {
    screens: 'screen',
    'screens.fields': 'field',
    'screens.fields.options': 'option',
    endings: 'ending',
    params: 'param',
  };
  return rest.length > 1 ? undefined : kinds[lists];
}

function placesOf(data: Value, kind: Exclude<Kind, 'option'>, thing: Value, id: string, to: string): Renaming[] {
  const ids = idsIn(data);
  const also = isMapValue(thing) && thing['other'] ? idOfOther(id) : undefined;
  const names = new Map([[id, to], ...(also ? [[also, idOfOther(to)] as const] : [])]);
  for (const [before, after] of names) {
    if (!ID.test(after))
      throw new EditRefused(
        `"${after}" is not an id`,
        'Begin with a small letter. Use only small letters, digits and _.',
      );
    if (after.length > MAX_ID_CHARACTERS)
      throw new EditRefused(`the id "${after}" has more than ${MAX_ID_CHARACTERS} characters`, 'Write a shorter id.');
    if (RESERVED_IDS.includes(after)) throw new EditRefused(`the id \`${after}\` is reserved`, 'Write another id.');
    if (ids.includes(after)) throw new EditRefused(`the id \`${after}\` is already used`, 'Write another id.');
    if (ids.filter((one) => one === before).length > 1)
      throw new EditRefused(
        `several parts have the id \`${before}\``,
        'Give them different ids in the text of the form.',
      );
  }
  const references = referencesIn(data).filter((one) => NAMES[kind].includes(one.names) && names.has(one.id));
  const inOption = references.find(
    ({ path, part }) => part === 'pipe' && path.at(-2) === 'options' && typeof valueIn(data, path) === 'string',
  );
  if (inOption)
    throw new EditRefused(
      `the option "${String(valueIn(data, inOption.path))}" uses the id in its text, which is also its value`,
      'Give the option a value and a label first.',
    );
  return merged(data, references, (reference) => {
    const after = names.get(reference.id) ?? '';
    return reference.part === 'pipe' ? [`{${reference.id}}`, `{${after}}`] : [reference.id, after];
  });
}

function optionPlaces(data: Value, path: Path, value: string, to: string): Renaming[] {
  const options = valueIn(data, path.slice(0, -1));
  const field = valueIn(data, [...path.slice(0, -2), 'id']);
  const values = (isList(options) ? options : []).map((one) => (isMapValue(one) ? one['value'] : one));
  if (!to) throw new EditRefused('an option needs a value', 'Write a value.');
  if (values.includes(to)) throw new EditRefused(`the field already has an option "${to}"`, 'Write another value.');
  if (values.filter((one) => one === value).length > 1)
    throw new EditRefused(`several options have the value "${value}"`, 'Give them different values in the text of the form.'); // prettier-ignore
  const all = referencesIn(data);
  for (const { path: place, part } of all.filter(({ part, id }) => part === 'formula' && id === field)) {
    const unclear = formulaWords(String(valueIn(data, place))).some((word) => word.text === value && word.field === undefined); // prettier-ignore
    if (unclear && part === 'formula')
      throw new EditRefused(
        `the formula of \`${String(valueIn(data, [...place.slice(0, -1), 'id']))}\` uses "${value}" in a way that cannot be followed`,
        'Change the formula first.',
      );
  }
  const references = all.filter((one) => one.names === 'option' && one.field === field && one.id === value);
  return merged(data, references, () => [value, to]);
}

/** One renaming for each place, however many references it has. */
function merged(data: Value, references: Reference[], change: (reference: Reference) => [string, string]): Renaming[] {
  const places = new Map<string, Renaming>();
  for (const reference of references) {
    const { path, part, names, field } = reference;
    const isKey = part === 'key';
    const place = JSON.stringify([isKey, path]);
    const known = places.get(place);
    const before = known?.text ?? String(isKey ? path.at(-1) : valueIn(data, path));
    const [from, to] = change(reference);
    const text =
      part === 'formula'
        ? rewriteFormula(before, (word) => {
            if (names === 'question') return word.id === from ? to : undefined;
            return word.text === from && word.field === field ? quoted(to, before[word.from]) : undefined;
          })
        : part === 'pipe'
          ? before.replaceAll(from, to)
          : to;
    const pieces = [...(known?.pieces ?? []), [from, to] as [string, string]];
    places.set(place, { path, part: isKey ? 'key' : 'value', text, pieces });
  }
  return [...places.values()];
}

const quoted = (text: string, quote = '"'): string => quote + text.replace(/[\\'"]/g, (sign) => (sign === '\\' || sign === quote ? `\\${sign}` : sign)) + quote; // prettier-ignore

function idsIn(data: Value): string[] {
  const idsOf = (list: Value | undefined): string[] =>
    (isList(list) ? list : []).flatMap((one) => (isMapValue(one) ? [one['id'], one['other'] && typeof one['id'] === 'string' ? idOfOther(one['id']) : ''] : [one])).filter((id): id is string => typeof id === 'string' && id !== ''); // prettier-ignore
  const screens = valueIn(data, ['screens']);
  const fields = (isList(screens) ? screens : []).flatMap((screen) => idsOf(valueIn(screen, ['fields'])));
  return [...idsOf(screens), ...fields, ...idsOf(valueIn(data, ['endings'])), ...idsOf(valueIn(data, ['params']))];
}

/** `data` with all `renamings` done. */
export function renamedData(data: Value, changes: readonly Renaming[]): Value {
  const texts = new Map(changes.map((one) => [JSON.stringify([one.part, one.path]), one.text]));
  const walk = (value: Value, path: Path): Value => {
    const text = texts.get(JSON.stringify(['value', path]));
    if (text !== undefined) return text;
    if (isList(value)) return value.map((one, at) => walk(one, [...path, at]));
    if (!isMapValue(value)) return value;
    const entries = Object.entries(value).map(([key, inner]): [string, Value] => {
      const place = [...path, key];
      return [texts.get(JSON.stringify(['key', place])) ?? key, walk(inner, place)];
    });
    return Object.fromEntries(entries) as ValueMap;
  };
  return walk(data, []);
}
