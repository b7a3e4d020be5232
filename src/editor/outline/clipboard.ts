/** Parts of a form on the clipboard: as YAML, so that they can go to another form, to a colleague, or into a file. */
import { readSource } from '../../form/faults/faults.ts';
import { rangeOf } from '../../form/edit/locate.ts';
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { idsInForm, kindAt, listOf, mapOf, screensOf, type PartKind } from '../form-data.ts';
import { addTo, withFreshIds, type OutlineEdit } from './operations.ts';

/** The part at `path` as YAML of its own: a list with one entry, with its comments and its style. */
export function copyOf(text: string, data: Value, path: Path): string {
  const value = valueIn(data, path) ?? null;
  const range = rangeOf(text, path);
  const written = range && dedented(text.slice(range.from, range.to));
  if (written !== undefined && isSame(written, [value])) return written;
  // JSON is YAML too.
  return `- ${JSON.stringify(value)}\n`;
}

/** Lines moved to the left edge, as entries of a list. */
function dedented(lines: string): string {
  const dash = /^([ \t]*)-[ \t]/m.exec(lines);
  const column = dash?.[1]?.length ?? 0;
  const moved = lines.split('\n').map((line) => (line.slice(0, column).trim() ? line : line.slice(column)));
  return `${dash ? moved.join('\n').trimEnd() : `- ${lines.trim()}`}\n`;
}

function isSame(written: string, value: Value): boolean {
  const { data } = readSource('', written);
  return JSON.stringify(data) === JSON.stringify(value);
}

/** The result of a paste: changes, or the reason why nothing can be pasted. */
export type Pasted = ({ ok: true } & OutlineEdit) | { ok: false; message: string };

/** Adds the parts in the clipboard's `text` after the selected part. Ids that are taken get a number. */
export function paste(data: Value, selected: Path | undefined, text: string): Pasted {
  const read = readPart(text, selected);
  if ('message' in read) return { ok: false, message: read.message };
  let edit: OutlineEdit = { changes: [], select: [] };
  const taken = idsInForm(data);
  for (const [index, { kind, value }] of read.parts.entries()) {
    const place = placeFor(data, kind, selected);
    if (!place) return { ok: false, message: 'Questions go on a screen. Select a screen without a Wink widget, then paste.' }; // prettier-ignore
    const fresh = withFreshIds(value, kind, taken);
    for (const id of idsInForm({ [kind === 'ending' ? 'endings' : 'screens']: [kind === 'field' ? { fields: [fresh] } : fresh] })) taken.add(id); // prettier-ignore
    const at = [...place.slice(0, -1), Number(place.at(-1)) + index];
    const added: OutlineEdit = index && edit.changes.length ? { changes: [[at, { do: 'add', value: fresh }]], select: at } : addTo(data, at, fresh); // prettier-ignore
    edit = { changes: [...edit.changes, ...added.changes], select: added.select };
  }
  return { ok: true, ...edit };
}

interface ReadPart {
  kind: 'screen' | 'field' | 'ending';
  value: Value;
}

const HOW = 'Copy a question, a screen or an ending in an outline first.';

function readPart(text: string, selected: Path | undefined): { parts: ReadPart[] } | { message: string } {
  if (!text.trim()) return { message: `The clipboard is empty. ${HOW}` };
  if (text.length > MAX_CHARACTERS) return { message: `The text on the clipboard is too long. ${HOW}` };
  const source = readSource('', text);
  const data = source.data as Value;
  const [error] = source.document.errors;
  if (error || source.unreadable || containsItself(data)) {
    const where = error ? `: line ${source.lines.linePos(error.pos[0]).line} is not YAML` : '';
    return { message: `The text on the clipboard can't be read${where}. ${HOW}` };
  }
  if (mapOf(data)['screens'] !== undefined) return { message: 'The clipboard has a complete form. Use New form, and paste it there.' }; // prettier-ignore
  const values = Array.isArray(data) ? data : [data];
  const parts = values.map((value) => partOf(value, selected));
  const known = parts.filter((one) => one !== undefined);
  if (known.length !== parts.length || !known.length) return { message: `The text on the clipboard is no part of a form. ${HOW}` }; // prettier-ignore
  if (new Set(known.map(({ kind }) => kind)).size > 1) return { message: 'The clipboard has parts of several kinds. Paste questions, screens and endings one after the other.' }; // prettier-ignore
  return { parts: known };
}

/** Whether an alias stands for a part around it. Such a part has no end. */
function containsItself(data: unknown): boolean {
  try {
    JSON.stringify(data);
    return false;
  } catch {
    return true;
  }
}

/** Longer than any part of a form. */
const MAX_CHARACTERS = 200_000;

function partOf(value: Value, selected: Path | undefined): ReadPart | undefined {
  const map = mapOf(value);
  const has = (...keys: string[]) => keys.some((key) => Object.hasOwn(map, key));
  if (has('type') && (has('label') || has('id') || has('text'))) return { kind: 'field', value };
  if (has('fields', 'wink', 'next')) return { kind: 'screen', value };
  if (!has('title')) return undefined;
  if (has('outcome', 'redirect')) return { kind: 'ending', value };
  const isEnding = selected !== undefined && kindAt(selected) === 'ending';
  return { kind: isEnding ? 'ending' : 'screen', value };
}

/** The place for a part of `kind`: after the selected one, or at the end of its list. */
function placeFor(data: Value, kind: ReadPart['kind'], selected: Path = []): Path | undefined {
  const chosen: PartKind | undefined = selected.length ? kindAt(selected) : undefined;
  if (kind === 'ending') return chosen === 'ending' ? ['endings', Number(selected[1]) + 1] : ['endings', listOf(mapOf(data)['endings']).length]; // prettier-ignore
  const onScreen = selected[0] === 'screens' ? Number(selected[1]) : undefined;
  const screens = screensOf(data);
  if (kind === 'screen') return ['screens', onScreen === undefined ? screens.length : onScreen + 1];
  const screen = onScreen ?? screens.findLastIndex((one) => !one['wink']);
  if (screen < 0 || screens[screen]?.['wink']) return undefined;
  const fields = listOf(screens[screen]?.['fields']);
  const at = selected[2] === 'fields' && onScreen === screen ? Number(selected[3]) + 1 : fields.length;
  return ['screens', screen, 'fields', at];
}
