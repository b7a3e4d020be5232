/** CodeMirror on the text of the model. The model keeps the undo stack. */
import { defaultKeymap, indentWithTab } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
  defaultHighlightStyle,
} from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { effect } from '@preact/signals';
import { locate } from '../../form/edit/locate.ts';
import type { Splice } from '../../form/edit/edit.ts';
import type { EditorModel } from '../model/model.ts';
import type { Views } from '../views.ts';

/** Marks a change that the model has made, and so has already. */
const fromModel = Annotation.define<true>();

/** A moved caret opens its part after a pause of this length. In ms. */
const FOLLOW_MS = 200;

/** Shows the text in `parent`. @returns closes it */
export function openCode(
  parent: HTMLElement,
  { model, views, nonce }: { model: EditorModel; views: Views; nonce: string },
): () => void {
  const self = {};
  let following: ReturnType<typeof setTimeout> | undefined;

  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: model.text.value,
      extensions: [
        EditorView.cspNonce.of(nonce),
        lineNumbers(),
        drawSelection(),
        highlightActiveLine(),
        highlightSelectionMatches(),
        bracketMatching(),
        indentOnInput(),
        indentUnit.of('  '),
        yaml(),
        syntaxHighlighting(defaultHighlightStyle),
        keymap.of([
          { key: 'Mod-z', run: () => (model.undo(), true), preventDefault: true },
          { key: 'Mod-y', mac: 'Mod-Shift-z', run: () => (model.redo(), true), preventDefault: true },
          { key: 'Mod-Shift-z', run: () => (model.redo(), true), preventDefault: true },
          ...searchKeymap,
          ...defaultKeymap,
          indentWithTab,
        ]),
        EditorView.contentAttributes.of({ 'aria-label': 'Text of the form', spellcheck: 'false', dir: 'ltr' }),
        EditorView.updateListener.of(({ docChanged, selectionSet, transactions, changes, state }) => {
          if (transactions.some((one) => one.annotation(fromModel))) return;
          if (docChanged) {
            const splices: Splice[] = [];
            changes.iterChanges((from, to, _from, _to, insert) =>
              splices.push({ from, to, insert: insert.toString() }),
            );
            model.replaceText(splices, self);
          }
          if (!docChanged && !selectionSet) return;
          clearTimeout(following);
          following = setTimeout(() => follow(state.selection.main.head), FOLLOW_MS);
        }),
      ],
    }),
  });

  function follow(head: number): void {
    if (head > model.text.value.length) return;
    const path = locate(model.text.value, head);
    if (path.length) model.selection.value = path;
  }

  const stop = model.onChange(({ splices, by }) => {
    if (by === self) return;
    const changes = splices.map(({ from, to, insert }) => ({ from, to, insert }));
    view.dispatch({ changes, annotations: fromModel.of(true), scrollIntoView: true });
  });

  const stopLine = effect(() => {
    const at = views.line.value;
    if (at === undefined) return;
    const { doc } = view.state;
    const line = doc.line(Math.min(Math.max(at, 1), doc.lines));
    view.dispatch({
      selection: { anchor: line.from, head: line.to },
      effects: EditorView.scrollIntoView(line.from, { y: 'center' }),
    });
    view.focus();
    views.line.value = undefined;
  });

  return () => {
    stop();
    stopLine();
    clearTimeout(following);
    view.destroy();
  };
}
