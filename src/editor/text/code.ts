/** CodeMirror on the text of the model. The model keeps the undo stack. */
import {
  cursorDocEnd,
  cursorDocStart,
  cursorPageDown,
  cursorPageUp,
  indentWithTab,
  insertNewlineAndIndent,
  selectAll,
  selectDocEnd,
  selectDocStart,
  selectPageDown,
  selectPageUp,
} from '@codemirror/commands';
import { completionKeymap } from '@codemirror/autocomplete';
import { indentUnit } from '@codemirror/language';
import { find } from './find.ts';
import { Annotation, EditorState } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  type KeyBinding,
  type ViewUpdate,
} from '@codemirror/view';
import { effect, untracked } from '@preact/signals';
import { guide } from 'virtual:guide';
import type { Path, Splice } from '../../form/edit/edit.ts';
import { rangeOf } from '../../form/edit/locate.ts';
import type { EditorModel } from '../model/model.ts';
import type { Views } from '../views.ts';
import { readerExtensions } from './reader-extensions.ts';
import { faultMarks, lineAt, marks, writtenMarks } from './marks.ts';
import { pathAt, readWhole } from './place.ts';
import { rehearseKeys } from './rehearsal.ts';
import { suggestions } from './suggest.ts';

/** Marks a change that came from the model, so that the model does not get it again. */
const fromModel = Annotation.define<true>();

/** A moved caret opens its part after a pause of this length. In ms. */
const FOLLOW_MS = 200;

/** Errors beyond these are in the list only. */
const MAX_MARKS = 100;

/** Keys that the browser cannot handle by itself, because it has only the lines on the screen. */
const KEYS: KeyBinding[] = [
  { key: 'Mod-a', run: selectAll },
  { key: 'Mod-Home', mac: 'Cmd-ArrowUp', run: cursorDocStart, shift: selectDocStart },
  { key: 'Mod-End', mac: 'Cmd-ArrowDown', run: cursorDocEnd, shift: selectDocEnd },
  { key: 'PageUp', run: cursorPageUp, shift: selectPageUp },
  { key: 'PageDown', run: cursorPageDown, shift: selectPageDown },
  { key: 'Enter', run: insertNewlineAndIndent },
];

/** Reads the text, then shows it in `parent`, and keeps it and the model alike. @param gone closes it */
export async function openCode(
  parent: HTMLElement,
  { model, views, nonce, helpId, gone }: { model: EditorModel; views: Views; nonce: string; helpId: string; gone: AbortSignal }, // prettier-ignore
): Promise<void> {
  const self = {};
  let following: ReturnType<typeof setTimeout> | undefined;
  /** The part that the caret has opened. The text does not scroll to it. */
  let followed: Path | undefined;
  let marked = 0;

  const run = (command: () => void) => () => (command(), true);
  const extensions = [
    readerExtensions(nonce),
    lineNumbers(),
    marks(model.fix),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    indentUnit.of('  '),
    find,
    suggestions(guide, () => model.outline.peek()),
    keymap.of([
      { key: 'Mod-z', run: run(model.undo), preventDefault: true },
      { key: 'Mod-y', mac: 'Mod-Shift-z', run: run(model.redo), preventDefault: true },
      { key: 'Mod-Shift-z', run: run(model.redo), preventDefault: true },
      ...completionKeymap,
      ...KEYS,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({ 'aria-label': 'Text of the form', 'aria-describedby': helpId }),
    EditorView.updateListener.of(update),
  ];
  let state: EditorState;
  // The text may change while it is read.
  do state = await readWhole(EditorState.create({ doc: model.text.value, extensions }));
  while (!gone.aborted && state.doc.toString() !== model.text.value);
  if (gone.aborted) return;
  const view = new EditorView({ parent, state });
  const stopRehearsal = rehearseKeys(state);

  function update({ view: by, docChanged, selectionSet, transactions, changes }: ViewUpdate): void {
    // A rehearsal of keys has a view of its own.
    if (by !== view || transactions.some((one) => one.annotation(fromModel))) return;
    if (docChanged) {
      stopRehearsal();
      const splices: Splice[] = [];
      changes.iterChanges((from, to, _from, _to, insert) => splices.push({ from, to, insert: insert.toString() }));
      model.replaceText(splices, self);
    }
    if (!docChanged && !selectionSet) return;
    clearTimeout(following);
    following = setTimeout(follow, FOLLOW_MS);
  }

  /** Opens the part at the caret. */
  function follow(): void {
    following = undefined;
    const path = pathAt(view.state, view.state.selection.main.head);
    if (!path.length) return;
    followed = path;
    model.selection.value = path;
  }

  const showCaret = (): void => view.dom.querySelector('.cm-activeLine')?.scrollIntoView({ block: 'nearest' });

  const stopChanges = model.onChange(({ splices, by }) => {
    if (by === self) return;
    const changes = splices.map(({ from, to, insert }) => ({ from, to, insert }));
    view.dispatch({ changes, annotations: fromModel.of(true), scrollIntoView: true });
  });

  const stops = [
    effect(() => {
      const faults = model.faults.value.slice(0, MAX_MARKS);
      // Each answer to a save repeats them, mostly as an empty list.
      if (faults.length || marked) view.dispatch(faultMarks(faults));
      // Their list above the text moves the line that a person types in.
      if (faults.length > marked && view.hasFocus) requestAnimationFrame(showCaret);
      marked = faults.length;
    }),
    effect(() => {
      const lines = model.written.value;
      const [first] = lines;
      if (first && view.state.doc.length) view.dispatch(writtenMarks(lines));
    }),
    effect(() => {
      const path = model.selection.value;
      if (!path || path === followed) return;
      const range = rangeOf(
        untracked(() => model.text.value),
        path,
      );
      if (range && !view.hasFocus) view.dispatch(showing(range.from));
    }),
    effect(() => {
      const place = views.textPlace.value;
      if (!place) return;
      if ('line' in place) {
        const { from, to } = lineAt(view.state.doc, place.line);
        view.dispatch({ selection: { anchor: from, head: to }, ...showing(from) });
      } else {
        const anchor = beginningOf(view.state.doc.toString(), place.path);
        // The part is open already, so the caret does not open another one.
        if (anchor !== undefined) view.dispatch({ selection: { anchor }, ...showing(anchor), annotations: fromModel.of(true) }); // prettier-ignore
      }
      // The end of the text can be below the window.
      view.dom.scrollIntoView({ block: 'nearest' });
      view.focus();
      views.textPlace.value = undefined;
    }),
    stopRehearsal,
  ];

  gone.addEventListener('abort', () => {
    stopChanges();
    for (const stop of stops) stop();
    // Another view opens at the part that the caret is in now.
    clearTimeout(following);
    if (following !== undefined) follow();
    view.destroy();
  });
}

/** The offset of a part, behind its comments and its dash. Undefined if the text has no such part. */
function beginningOf(text: string, path: Path): number | undefined {
  const from = path.length ? rangeOf(text, path)?.from : 0;
  return from === undefined ? undefined : from + (BEFORE_PART.exec(text.slice(from))?.[0].length ?? 0);
}

const BEFORE_PART = /^(?:[ \t]*(?:#.*)?\n)*[ \t]*(?:- +)*/;

const showing = (offset: number) => ({ effects: EditorView.scrollIntoView(offset, { y: 'start', yMargin: 48 }) });
