/**
 * A browser compiles code while it runs for the first time, so the first keys of a person would take three times as long
 * as later ones.
 */
import type { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

const KEYS = 12;

/**
 * Types some keys in a copy of a text that is not on the page, one whenever the browser is idle. A browser that cannot
 * tell when it is idle types none.
 *
 * @returns ends it
 */
export function rehearseKeys(state: EditorState): () => void {
  if (typeof requestIdleCallback !== 'function') return () => undefined;
  const copy = new EditorView({ state });
  const at = state.doc.line(1).to;
  let typed = 0;
  const type = (): void => {
    copy.dispatch({ changes: typed++ % 2 ? { from: at, to: at + 1 } : { from: at, insert: 'a' } });
    if (typed < KEYS) idle = requestIdleCallback(type);
    else copy.destroy();
  };
  let idle = requestIdleCallback(type);
  return () => {
    cancelIdleCallback(idle);
    copy.destroy();
  };
}
