/** The rules, texts and examples that depend on a part of a form, and its removal together with them. */
import { idOfOther } from '../../form/id.ts';
import type { EditChange, Path, Value } from '../../form/edit/edit.ts';
import { referencesIn, type Reference } from '../../form/inspect/references.ts';
import { valueIn } from '../../form/edit/value.ts';
import { kindAt, idOf, fieldsOfScreen, listOf, mapOf, nameAt } from '../form-data.ts';

type DependentKind = 'rule' | 'condition' | 'calculation' | 'text' | 'example' | 'setting' | 'default answer';

export interface Dependent {
  kind: DependentKind;
  /** The part that depends: a rule, a field, an example, a key of the form. */
  path: Path;
  /** The parts that are deleted with this dependent. Empty if only its author can change it. */
  removes: Path[];
}

export type Changes = (readonly [Path, EditChange])[];

/** All parts outside of `path` that name it, or something in it. Each one once. */
export function dependentsOf(data: Value, path: Path): Dependent[] {
  const names = namesIn(data, path);
  const found = referencesIn(data)
    .filter((reference) => !isWithin(reference.path, path) && names(reference))
    .map((reference) => dependent(data, reference));
  // Without a Wink screen, answers have nothing to be compared with.
  const { match, screens } = mapOf(data);
  const winks = listOf(screens).filter((screen) => mapOf(screen)['wink']);
  if (match && winks.length === 1 && winks[0] === valueIn(data, path)) found.push({ kind: 'setting', path: ['match'], removes: [['match']] }); // prettier-ignore
  const isFirst = (one: Dependent, at: number) => found.findIndex((other) => isAlike(one, other)) === at;
  return found.filter(isFirst).map((one) => ({ ...one, removes: found.filter((other) => isAlike(one, other)).flatMap(({ removes }) => removes) })); // prettier-ignore
}

const isAlike = (one: Dependent, other: Dependent): boolean =>
  one.kind === other.kind && isSamePath(one.path, other.path);

/** Whether a reference names something at `path`. */
function namesIn(data: Value, path: Path): (reference: Reference) => boolean {
  const part = valueIn(data, path);
  const kind = kindAt(path);
  if (kind === 'option') {
    const value = typeof part === 'string' ? part : mapOf(part)['value'];
    const field = idOf(valueIn(data, path.slice(0, -2)));
    return (reference) => reference.names === 'option' && reference.field === field && reference.id === value;
  }
  if (kind === 'field') {
    const ids = new Set(idsOfField(part));
    return ({ names, id }) => names !== 'target' && names !== 'option' && ids.has(id);
  }
  if (kind === 'screen') {
    const fields = new Set(fieldsOfScreen(part, 0).flatMap(({ field }) => idsOfField(field)));
    const id = idOf(part);
    return (one) => one.names !== 'option' && (one.id === id ? one.names !== 'pipe' : one.names !== 'target' && fields.has(one.id)); // prettier-ignore
  }
  const id = kind === 'ending' ? idOf(part) : undefined;
  return (reference) => id !== undefined && reference.names === 'target' && reference.id === id;
}

const idsOfField = (field: Value | undefined): string[] => (mapOf(field)['other'] ? [idOf(field), idOfOther(idOf(field))] : [idOf(field)]); // prettier-ignore

function dependent(data: Value, { path, part, names }: Reference): Dependent {
  const [list, , within, , key] = path;
  if (part === 'pipe') return { kind: 'text', path, removes: [] };
  if (part === 'formula') return { kind: 'calculation', path: path.slice(0, 4), removes: [] };
  if (list === 'examples') {
    // An answer can go alone. An example that ends at a deleted ending has no use.
    const removes = names === 'target' ? path.slice(0, 2) : path.slice(0, 4);
    return { kind: 'example', path: path.slice(0, 2), removes: [removes] };
  }
  if (list === 'screens' && within === 'next') return { kind: 'rule', path: path.slice(0, 4), removes: [path.slice(0, 4)] }; // prettier-ignore
  if (list === 'screens' && key === 'show_when') return { kind: 'condition', path: path.slice(0, 4), removes: [path.slice(0, 5)] }; // prettier-ignore
  if (list === 'screens' && key === 'default') return { kind: 'default answer', path: path.slice(0, 4), removes: [path.slice(0, 5)] }; // prettier-ignore
  const isListed = typeof path.at(-1) === 'number' && listOf(valueIn(data, path.slice(0, -1))).length > 1;
  return { kind: 'setting', path: path.slice(0, 1), removes: [path[1] === 'monthly_income' || !isListed ? path.slice(0, 2) : path] }; // prettier-ignore
}

/** `2 rules and 1 example use it`; empty if nothing does. */
export function dependentsInWords(dependents: readonly Dependent[]): string {
  const counts = countsInWords(dependents);
  return counts && `${counts} ${dependents.length > 1 ? 'use' : 'uses'} it`;
}

/** The titles of the screens, questions and endings that have `dependents`: `: “About you”, “Your car”`. */
export function placesInWords(data: Value, dependents: readonly Dependent[]): string {
  const titles = dependents
    .filter(({ path: [list] }) => list === 'screens' || list === 'endings')
    .map(({ path }) => `“${nameAt(data, path.slice(0, path[2] === 'fields' ? 4 : 2))}”`);
  return titles.length ? `: ${[...new Set(titles)].join(', ')}` : '';
}

/** `2 rules and 1 example`; empty if there are none. */
export function countsInWords(dependents: readonly Dependent[]): string {
  const kinds = [...new Set(dependents.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => {
    const count = dependents.filter((one) => one.kind === kind).length;
    return `${count} ${kind}${count > 1 ? 's' : ''}`;
  });
  const [last, ...rest] = counts.toReversed();
  if (last === undefined) return '';
  return rest.length ? `${rest.toReversed().join(', ')} and ${last}` : last;
}

/** The changes that delete the part at `path`, and the `dependents` that can go with it. */
export function removalOf(data: Value, path: Path, dependents: readonly Dependent[]): Changes {
  return removalsOf(data, [path, ...dependents.flatMap(({ removes }) => removes)]);
}

/** The changes that remove all `paths`, and each list or map that would stay behind empty and without use. */
export function removalsOf(data: Value, paths: readonly Path[]): Changes {
  let wanted = outermost(paths);
  for (let grown = grow(data, wanted); grown.length !== wanted.length || grown.some((one) => !wanted.some((two) => isSamePath(one, two))); grown = grow(data, wanted)) wanted = grown; // prettier-ignore
  return wanted.toSorted(backwards).map((path) => [path, { do: 'remove' }] as const);
}

/** Keys that say nothing without an entry. Others, such as `screens`, are needed. */
const USELESS_EMPTY = ['next', 'examples', 'notify', 'match', 'limits', 'name', 'params', 'show_when'];

function grow(data: Value, paths: Path[]): Path[] {
  const emptied = paths.flatMap((path): Path[] => {
    const holder = path.slice(0, -1);
    if (!USELESS_EMPTY.includes(String(holder.at(-1)))) return [];
    const held = valueIn(data, holder);
    const size = Array.isArray(held) ? held.length : Object.keys(mapOf(held)).length;
    return paths.filter((one) => isSamePath(one.slice(0, -1), holder)).length >= size ? [holder] : [];
  });
  return outermost([...paths, ...emptied]);
}

/** `paths` without those inside of another one, each once. */
const outermost = (paths: readonly Path[]): Path[] =>
  paths.filter(
    (path, at) => !paths.some((other, index) => index !== at && isWithin(path, other) && (!isSamePath(path, other) || index < at)), // prettier-ignore
  );

/** From the end of a form to its beginning, so that each removal leaves the places of the others alone. */
function backwards(one: Path, other: Path): number {
  const at = one.findIndex((step, index) => step !== other[index]);
  const [a, b] = [one[at], other[at]];
  if (a === undefined || b === undefined) return other.length - one.length;
  return typeof a === 'number' && typeof b === 'number' ? b - a : String(b).localeCompare(String(a));
}

export const isSamePath = (one: Path, other: Path): boolean =>
  one.length === other.length && one.every((step, at) => step === other[at]);

/** Whether `path` is `outer`, or a part of it. */
export const isWithin = (path: Path, outer: Path): boolean => outer.every((step, at) => path[at] === step);
