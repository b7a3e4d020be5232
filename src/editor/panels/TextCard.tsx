/** A part of the form that only its text can show. */
import type { Path } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { useEditor } from '../context.tsx';

/** A part that only the text can show. It stays as it is. */
export function TextCard({ path, label }: { path: Path; label: string }) {
  const { openText, form } = useEditor();
  const value = valueIn(form.value.data, path);
  if (value === undefined) return null;
  return (
    <div class="text-card">
      <p>
        <b>{label}</b> is written in a way that only the text can show. It stays as it is.
      </p>
      <button type="button" class="button" onClick={() => openText(path)}>
        Edit in Text
      </button>
    </div>
  );
}
