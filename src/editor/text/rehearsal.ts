/**
 * A browser compiles code while it runs for the first time, so the first keys of a person would take three times as long
 * as later ones.
 */
import type { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

const KEYS = 12;

/**
 * The lines of the copy. A key in a longer one takes longer, and CodeMirror reads texts below 4,096 characters in another
 * way.
 */
const LINES = 400;

/**
 * Types some keys in a copy of the first lines of a text. The copy is not on the page. It types one key whenever the
 * browser is idle. A browser that cannot tell when it is idle types none.
 *
 * @returns ends it
 */
export function rehearseKeys(state: EditorState): () => void {
  if (typeof requestIdleCallback !== 'function') return () => undefined;
  const at = state.doc.line(1).to;
  let copy: EditorView | undefined;
  let typed = 0;
  const type = (): void => {
    copy ??= new EditorView({ state: firstLinesOf(state) });
    copy.dispatch({ changes: typed++ % 2 ? { from: at, to: at + 1 } : { from: at, insert: 'a' } });
    if (typed < KEYS) idle = requestIdleCallback(type);
    else copy.destroy();
  };
  let idle = requestIdleCallback(type);
  return () => {
    cancelIdleCallback(idle);
    copy?.destroy();
  };
}

function firstLinesOf(state: EditorState): EditorState {
  const { doc } = state;
  return state.update({ changes: { from: doc.line(Math.min(LINES, doc.lines)).to, to: doc.length } }).state;
}
