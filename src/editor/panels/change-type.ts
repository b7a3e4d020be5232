/** Another type for a field: it keeps the keys that both types have. */
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { mapOf, type DataMap } from '../form-data.ts';
import type { Changes } from '../outline/dependents.ts';
import { startingKeys } from '../starting-keys.ts';
import type { Guide } from '../../form/docs/guide.ts';

export interface TypeChange {
  changes: Changes;
  /** The keys that the new type does not have. Their values would be lost. */
  lost: string[];
}

/**
 * The change of the field at `path` to another type.
 * @param type the new one
 */
export function changeType(data: Value, path: Path, type: string, guide: Guide): TypeChange {
  const next = guide.types.find((one) => one.type === type);
  const known = new Set(next?.keys.map(({ key }) => key));
  const field = withTitle(mapOf(valueIn(data, path)), known);
  const lost = Object.keys(field).filter((key) => !known.has(key) && !['id', 'type'].includes(key));
  const missing = Object.entries(next ? startingKeys(data, next) : {}).filter(([key]) => !Object.hasOwn(field, key));
  const kept = Object.entries(field).filter(([key]) => !lost.includes(key));
  const value: DataMap = { ...Object.fromEntries(kept), type, ...Object.fromEntries(missing) };
  return { changes: [[path, { do: 'set', value }]], lost };
}

/** The question of a statement, which has no answer, is its `text`. That of other fields is `label`. */
function withTitle(field: DataMap, known: ReadonlySet<string>): DataMap {
  const [from, to] = known.has('label') ? ['text', 'label'] : ['label', 'text'];
  if (!known.has(to) || known.has(from) || Object.hasOwn(field, to)) return field;
  return Object.fromEntries(Object.entries(field).map(([key, value]) => [key === from ? to : key, value]));
}
