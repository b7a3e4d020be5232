/** A part of the form that only its text can show. */
import type { ComponentChildren } from 'preact';
import type { Path } from '../../form/edit/edit.ts';
import { useEditor, useValue } from '../context.tsx';

/** A part that only the text can show. It stays as it is. */
export function TextCard({ path, label }: { path: Path; label: string }) {
  if (useValue(path) === undefined) return null;
  return (
    <EditInText path={path}>
      <b>{label}</b> is written in a way that only the text can show. It stays as it is.
    </EditInText>
  );
}

/** A sentence about a part, with the button that opens its lines. */
export function EditInText({ path, children }: { path: Path; children: ComponentChildren }) {
  const { openText } = useEditor();
  return (
    <div class="text-card">
      <p>{children}</p>
      <button type="button" class="button" onClick={() => openText(path)}>
        Edit in Text
      </button>
    </div>
  );
}
