/** Sets one key of a part in the text. */
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import type { EditorContextValue } from '../context.tsx';
import { mapOf } from '../form-data.ts';

/** Sets a key of the part at `path`, or removes it. Also removes a map without any other key. */
export function setKey(editor: EditorContextValue, path: Path, key: string, next: Value | undefined): boolean {
  const { model, form } = editor;
  const { data } = form.value;
  const before = valueIn(data, [...path, key]);
  if (next === undefined) {
    if (before === undefined) return true;
    // Invitations are on, also without a key.
    const isLast = path.length === 1 && path[0] !== 'invite' && Object.keys(mapOf(valueIn(data, path))).length === 1;
    return model.change(isLast ? path : [...path, key], { do: 'remove' });
  }
  const holder = valueIn(data, path);
  if (path.length === 0 || (typeof holder === 'object' && holder !== null && Object.keys(holder).length > 0)) return model.change([...path, key], { do: 'set', value: next }); // prettier-ignore
  return model.change(path, { do: 'set', value: { [key]: next } });
}
