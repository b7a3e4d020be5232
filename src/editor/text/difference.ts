/** The difference of two texts in one column. */
import { unifiedMergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { readerExtensions } from './look.ts';

/** Shows `after` with the lines of `before` that it does not have. @returns closes it */
export function showDifference(
  parent: HTMLElement,
  { before, after, nonce }: { before: string; after: string; nonce: string },
): () => void {
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: after,
      extensions: [
        readerExtensions(nonce),
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ 'aria-label': 'Difference between the two texts' }),
        unifiedMergeView({
          original: before,
          mergeControls: false,
          highlightChanges: true,
          gutter: true,
          collapseUnchanged: { margin: 2, minSize: 6 },
        }),
      ],
    }),
  });
  return () => view.destroy();
}
