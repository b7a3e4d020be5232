/** The parts of a form as a list. */
import type { EditorModel } from '../model/model.ts';

/** @param onOpen called when a person opens a part, after `selection` is set */
export function OutlineView({ model, onOpen }: { model: EditorModel; onOpen: () => void }) {
  const { screens, endings } = model.outline.value;
  return (
    <ul class="parts">
      {[...screens, ...endings].map((part) => (
        <li key={part.path.join('.')}>
          <button
            type="button"
            class="part"
            aria-current={model.selection.value?.join('.') === part.path.join('.') || undefined}
            onClick={() => {
              model.selection.value = part.path;
              onOpen();
            }}
          >
            <bdi>{part.title ?? part.id}</bdi>
          </button>
        </li>
      ))}
    </ul>
  );
}
