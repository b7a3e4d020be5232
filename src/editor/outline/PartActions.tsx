/** The actions on the part that is open. The same ones work in the outline with the keyboard. */
import { useState } from 'preact/hooks';
import type { Path } from '../../form/edit/edit.ts';
import { useEditor, useSteady, type EditorContextValue } from '../context.tsx';
import { focusRow } from '../keep-focus.ts';
import { kindAt, listOf, nameAt, screensOf } from '../form-data.ts';
import { AskDialog } from './AskDialog.tsx';
import { copyOf } from './clipboard.ts';
import { countsInWords, dependentsInWords, dependentsOf, placesInWords, removalOf } from './dependents.ts';
import { CopyIcon, DownIcon, DuplicateIcon, RemoveIcon, UpIcon } from './icons.tsx';
import { duplicate, moveBy, moveTo } from './operations.ts';

export function PartActions({ path }: { path: Path }) {
  const editor = useEditor();
  const { form, run, views } = editor;
  const { data } = form.value;
  const [isDeleting, setDeleting] = useState(false);
  const [copied, setCopied] = useState('');
  const [up, down] = [moveBy(data, path, -1), moveBy(data, path, 1)];
  const isField = kindAt(path) === 'field';
  return (
    <div class="part-actions">
      <div class="row">
        <button type="button" class="button" disabled={!up} onClick={() => run(up)}>
          <UpIcon /> Move up
        </button>
        <button type="button" class="button" disabled={!down} onClick={() => run(down)}>
          <DownIcon /> Move down
        </button>
        {isField && screensOf(data).length > 1 && <MoveToScreen path={path} />}
        <button type="button" class="button" onClick={() => run(duplicate(data, path))}>
          <DuplicateIcon /> Duplicate
        </button>
        <button
          type="button"
          class="button"
          onClick={() => void copyPart(editor, path).then((ok) => setCopied(ok ? 'Copied. Select a place and press Ctrl+V, or use Paste.' : 'The browser does not let this page copy. Use “Show its text”.'))} // prettier-ignore
        >
          <CopyIcon /> Copy
        </button>
        <button type="button" class="button" onClick={() => setDeleting(true)}>
          <RemoveIcon /> Delete
        </button>
      </div>
      <p class="dim" role="status">
        {copied}
      </p>
      {isDeleting && (
        <DeleteDialog
          path={path}
          onClose={() => setDeleting(false)}
          // A phone would show an empty page.
          onDone={() => views.page.value === 'panel' && views.back()}
        />
      )}
    </div>
  ); // prettier-ignore
}

function MoveToScreen({ path }: { path: Path }) {
  const { form, run } = useEditor();
  const titles = useSteady(
    () =>
      screensOf(form.value.data).map((screen, at) =>
        screen['wink'] ? undefined : nameAt(form.value.data, ['screens', at]),
      ),
    form,
  );
  return (
    <select
      aria-label="Move to screen"
      value=""
      onChange={(event) => {
        const screen = Number(event.currentTarget.value);
        const { data } = form.value;
        run(moveTo(data, path, ['screens', screen, 'fields', listOf(screensOf(data)[screen]?.['fields']).length]));
      }}
    >
      <option value="">Move to screen…</option>
      {titles.map((title, at) =>
        at === path[1] || title === undefined ? null : (
          <option key={at} value={at}>
            {title}
          </option>
        ),
      )}
    </select>
  );
}

/** Puts a part on the clipboard. @returns false if the browser does not allow it */
export async function copyPart({ model, form }: EditorContextValue, path: Path): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(copyOf(model.text.value, form.value.data, path));
    return true;
  } catch {
    return false;
  }
}

/**
 * Asks before a part is deleted, and names the parts that depend on it. Nothing is selected afterwards, and the next row has
 * the focus.
 */
export function DeleteDialog({ path, onClose, onDone }: { path: Path; onClose: () => void; onDone?: () => void }) {
  const { form, model, run } = useEditor();
  const { data } = form.value;
  const [isAll, setAll] = useState(true);
  const dependents = dependentsOf(data, path);
  const removable = dependents.filter(({ removes }) => removes.length > 0);
  /** Examples that lose only the answer to the question. */
  const shorter = removable.filter(({ kind, removes }) => kind === 'example' && removes.every((one) => one.length > 2));
  const removed = [
    countsInWords(removable.filter((one) => !shorter.includes(one))),
    shorter.length ? 'this answer in the examples' : '',
  ];
  const others = dependents.filter(({ removes }) => removes.length === 0);
  const name = nameAt(data, path);
  return (
    <AskDialog
      title={`Delete “${name}”${name.endsWith('?') ? '' : '?'}`}
      action="Delete"
      onClose={onClose}
      onDo={() => {
        onClose();
        if (!run({ changes: removalOf(data, path, isAll ? removable : []) })) return;
        model.selection.value = undefined;
        onDone?.();
        focusRow(path);
      }}
    >
      {removable.length > 0 && <p>{dependentsInWords(removable) + placesInWords(data, removable)}.</p>}
      {removable.length > 0 && (
        <label class="check">
          <input type="checkbox" checked={isAll} onChange={(event) => setAll(event.currentTarget.checked)} />
          <span>Also delete {removed.filter(Boolean).join(', and ')}</span>
        </label>
      )}
      {others.length > 0 && <p>{dependentsInWords(others) + placesInWords(data, others)}. Change that after this.</p>}
      <p class="dim">Undo brings everything back.</p>
    </AskDialog>
  );
}
