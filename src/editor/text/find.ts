/** Finds words in the text. The search of the browser sees only the lines on the screen. */
import { StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, keymap, showPanel, type DecorationSet, type Panel } from '@codemirror/view';

const setOpen = StateEffect.define<boolean>();

const openField = StateField.define<boolean>({
  create: () => false,
  update(isOpen, { effects }) {
    for (const effect of effects) if (effect.is(setOpen)) isOpen = effect.value;
    return isOpen;
  },
  provide: (field) => showPanel.from(field, (isOpen) => (isOpen ? findPanel : null)),
});

const setFound = StateEffect.define<{ from: number; to: number } | undefined>();
const foundMark = Decoration.mark({ class: 'cm-found' });

/** The found words, while the focus is in the panel and the browser shows no selection in the text. */
const foundField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, docChanged }) {
    for (const effect of effects) {
      if (effect.is(setOpen)) return Decoration.none;
      if (effect.is(setFound)) return effect.value ? Decoration.set(foundMark.range(effect.value.from, effect.value.to)) : Decoration.none; // prettier-ignore
    }
    return docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The places of some words in a text, in any case: the offsets of their beginnings. */
export function findWords(text: string, words: string): number[] {
  if (!words) return [];
  const [where, what] = [text.toLowerCase(), words.toLowerCase()];
  // A letter can become two in lower case. Then the offsets would not be those of the text.
  const [source, wanted] = where.length === text.length ? [where, what] : [text, words];
  const found: number[] = [];
  for (let at = source.indexOf(wanted); at >= 0; at = source.indexOf(wanted, at + wanted.length)) found.push(at);
  return found;
}

const selectedWords = (state: EditorState): string => {
  const { from, to } = state.selection.main;
  return to - from < 100 ? (state.sliceDoc(from, to).split('\n', 1)[0] ?? '') : '';
};

function findPanel(view: EditorView): Panel {
  const dom = document.createElement('form');
  dom.className = 'find row';
  const input = Object.assign(document.createElement('input'), { type: 'search', value: selectedWords(view.state) });
  input.setAttribute('aria-label', 'Find in the text');
  const count = Object.assign(document.createElement('span'), { className: 'dim' });
  count.setAttribute('role', 'status');
  const button = (words: string, run: () => void, type: 'button' | 'submit' = 'button') => {
    const made = Object.assign(document.createElement('button'), { type, className: 'button', textContent: words });
    if (type === 'button') made.addEventListener('click', run);
    return made;
  };

  /** Selects the next words after the selection, or those before it. */
  function go(direction: 1 | -1, from: number): void {
    const found = findWords(view.state.doc.toString(), input.value);
    const next = direction > 0 ? found.findIndex((at) => at >= from) : found.findLastIndex((at) => at < from);
    const index = next >= 0 ? next : direction > 0 ? 0 : found.length - 1;
    const at = found[index];
    count.textContent = at === undefined ? (input.value ? 'Nothing found' : '') : `${index + 1} of ${found.length}`;
    if (at === undefined) return view.dispatch({ effects: setFound.of(undefined) });
    const head = at + input.value.length;
    const effects = [EditorView.scrollIntoView(at, { y: 'center' }), setFound.of({ from: at, to: head })];
    view.dispatch({ selection: { anchor: at, head }, effects });
  }

  const { main } = view.state.selection;
  const start = main.from;
  input.addEventListener('input', () => go(1, start));
  dom.addEventListener('submit', (event) => {
    event.preventDefault();
    go(1, view.state.selection.main.to);
  });
  dom.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close(view);
    else if (event.key === 'Enter' && event.shiftKey) go(-1, view.state.selection.main.from);
    else return;
    event.preventDefault();
  });
  dom.append(
    input,
    button('Next', () => undefined, 'submit'),
    button('Previous', () => go(-1, view.state.selection.main.from)),
    button('Close', () => close(view)),
    count,
  );
  return { dom, top: true, mount: () => input.select() };
}

function close(view: EditorView): void {
  view.dispatch({ effects: setOpen.of(false) });
  view.focus();
}

export const find: Extension = [
  openField,
  foundField,
  keymap.of([
    { key: 'Mod-f', preventDefault: true, run: (view) => (view.dispatch({ effects: setOpen.of(true) }), true) },
  ]),
];
