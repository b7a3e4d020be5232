/** The comments of colleagues on the part that is open. */
import type { Path } from '../../form/edit/edit.ts';
import { formatCount } from '../../form/format-count.ts';
import { useEditor } from '../context.tsx';
import { notesAt } from './notes.ts';

export function PartNotes({ path }: { path: Path }) {
  const { form, notes } = useEditor();
  const here = notesAt(notes.open.value, form.value.data, path);
  if (!here.length) return null;
  return (
    <section class="part-notes" aria-labelledby="t-part-notes">
      <h3 id="t-part-notes">{formatCount(here.length, 'comment', 'comments')}</h3>
      <ul class="plain">
        {here.map(({ id, name, text, createdAt }) => (
          <li key={id}>
            <p class="dim">
              <bdi>{name}</bdi>, <time dateTime={createdAt}>{new Date(createdAt).toLocaleDateString()}</time>
            </p>
            <p>
              <bdi>{text}</bdi>
            </p>
            <button type="button" class="button" onClick={() => void notes.resolve(id)}>
              Resolve
            </button>
          </li>
        ))}
      </ul>
      {notes.problem.value && <p role="alert">{notes.problem.value}</p>}
      <p>
        <a href={notes.page}>Preview with all comments</a>
      </p>
    </section>
  );
}
