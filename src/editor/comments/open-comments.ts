/** Comments of colleagues on the parts of a form, until a member resolves them. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { EditorComment } from '../../contract/editor.ts';
import type { Path, Value } from '../../form/edit/edit.ts';
import { valueIn } from '../../form/edit/value.ts';
import { idOf } from '../form-data.ts';

export interface FormComments {
  /** The newest first. */
  open: ReadonlySignal<readonly EditorComment[]>;
  /** Why the last one could not be resolved. */
  problem: ReadonlySignal<string | undefined>;
  /** The address of the page with all comments. */
  page: string;
  resolve(id: string): Promise<void>;
}

/** @param page the address of the page with all comments, which also resolves them */
export function createFormComments(comments: readonly EditorComment[], page: string): FormComments {
  const open = signal(comments);
  const problem = signal<string | undefined>();
  return {
    open,
    problem,
    page,
    async resolve(id) {
      const body = new URLSearchParams({ do: 'done', comment: id });
      // Without this, the answer after a sign-out is another address too.
      const headers = { accept: 'application/json' };
      const answer = await fetch(page, { method: 'POST', headers, body, redirect: 'manual' }).catch(() => undefined);
      // After success, the page answers with another address.
      const isDone = answer?.type === 'opaqueredirect';
      problem.value = isDone ? undefined : 'Flipsite could not do this. Check the network, and that you are signed in.';
      if (isDone) open.value = open.value.filter((comment) => comment.id !== id);
    },
  };
}

/** The comments on the part at `path`: on a question, on a screen itself, or on the form itself. */
export function commentsAt(comments: readonly EditorComment[], data: Value, path: Path): EditorComment[] {
  const [list, at, within] = path;
  if (path.length === 0) return comments.filter(({ screen }) => screen === undefined);
  if (list !== 'screens' || at === undefined) return [];
  const screen = idOf(valueIn(data, ['screens', at]));
  const field = within === 'fields' ? idOf(valueIn(data, path)) : undefined;
  return comments.filter((comment) => comment.screen === screen && comment.field === field);
}
