/**
 * A browser compiles code while it runs for the first time, so the first keys of a person would take three times as long
 * as later ones.
 */
import type { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

const KEYS = 24;

/** The lines of the copy. A key in a longer one takes longer, and CodeMirror reads very short texts in another way. */
const LINES = 400;

/**
 * Types some keys in a copy of the first lines of a text. The copy is not on the page. It types one key whenever the
 * browser is idle. A browser that cannot tell when it is idle types none.
 *
 * @returns ends it before its next key. The person's key does not wait for that
 */
export function rehearseKeys(state: EditorState): () => void {
  if (typeof requestIdleCallback !== 'function') return () => undefined;
  let copy: EditorView | undefined;
  let typed = 0;
  function work(): void {
    if (typed >= KEYS) return copy?.destroy();
    if (copy) type(copy, typed++ % 2 > 0);
    else copy = new EditorView({ state: firstLinesOf(state) });
    requestIdleCallback(work);
  }
  requestIdleCallback(work);
  return () => void (typed = KEYS);
}

/** Types a letter, or removes it, as the browser does it: in the page, where CodeMirror finds it. */
function type({ contentDOM }: EditorView, isRemoving: boolean): void {
  const text = document.createTreeWalker(contentDOM, NodeFilter.SHOW_TEXT).nextNode() as Text | null;
  if (isRemoving) text?.deleteData(0, 1);
  else text?.insertData(0, 'a');
}

function firstLinesOf(state: EditorState): EditorState {
  const { doc } = state;
  return state.update({ changes: { from: doc.line(Math.min(LINES, doc.lines)).to, to: doc.length } }).state;
}
