/** The settings of the part that is open. */
import type { EditorModel } from '../model/model.ts';

export function Panel({ model }: { model: EditorModel }) {
  const path = model.selection.value;
  if (!path) return <p class="dim">Choose a part of the form to change it.</p>;
  return <p class="dim">{path.join('.')}</p>;
}
