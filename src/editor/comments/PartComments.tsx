/** The comments of colleagues on the part that is open. */
import type { Path } from '../../form/edit/edit.ts';
import { formatCount } from '../../form/format-count.ts';
import { useEditor } from '../context.tsx';
import { savedTime } from '../times.ts';
import { commentsAt } from './open-comments.ts';

export function PartComments({ path }: { path: Path }) {
  const { form, comments } = useEditor();
  const here = commentsAt(comments.open.value, form.value.data, path);
  if (!here.length) return null;
  return (
    <section class="part-comments" aria-labelledby="t-part-comments">
      <h3 id="t-part-comments">{formatCount(here.length, 'comment', 'comments')}</h3>
      <ul>
        {here.map(({ id, name, text, createdAt }) => (
          <li key={id}>
            <p class="dim">
              <bdi>{name}</bdi>, <time dateTime={createdAt}>{savedTime(createdAt)}</time>
            </p>
            <p>
              <bdi>{text}</bdi>
            </p>
            <button type="button" class="button" onClick={() => void comments.resolve(id)}>
              Resolve
            </button>
          </li>
        ))}
      </ul>
      {comments.problem.value && <p role="alert">{comments.problem.value}</p>}
      <p>
        <a href={comments.page}>Preview with all comments</a>
      </p>
    </section>
  );
}
