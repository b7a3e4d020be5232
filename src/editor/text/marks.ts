/** Marks in the text: errors underlined, and the lines that a change of another view has written. */
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { StateEffect, StateField, type Extension, type Text, type TransactionSpec } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import type { Lines } from '../../form/edit/outline.ts';
import type { ShownFault } from '../model/model.ts';

const lineAt = (doc: Text, number: number) => doc.line(Math.min(Math.max(number, 1), doc.lines));

/** A sentence without the backticks around code, which a tooltip shows as they are. */
const plain = (text: string): string => text.replaceAll('`', '');

/** The errors as marks. `fix` mends one that is fixable. */
export function faultMarks(
  state: EditorView['state'],
  faults: readonly ShownFault[],
  fix: (fault: ShownFault) => void,
): TransactionSpec {
  const { doc } = state;
  const marks = faults.map((fault): Diagnostic => {
    const line = lineAt(doc, fault.line);
    const from = Math.min(line.from + fault.column - 1, line.to);
    const word = /^("[^"]*"|'[^']*'|[^\s,{}[\]]+)/.exec(doc.sliceString(from, line.to))?.[0] ?? '';
    return {
      from,
      to: Math.max(from + word.length, Math.min(from + 1, line.to)),
      severity: 'error',
      message: plain(`${fault.message.charAt(0).toUpperCase()}${fault.message.slice(1)}. ${fault.remedy ?? ''}`),
      ...(fault.isFixable && { actions: [{ name: 'Fix it for me', apply: () => fix(fault) }] }),
    };
  });
  return setDiagnostics(state, marks);
}

const setWritten = StateEffect.define<readonly Lines[]>();
const writtenLine = Decoration.line({ class: 'cm-written' });

/** The lines that were written last. The mark fades by a style, and goes with the next change. */
const writtenField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, docChanged, state }) {
    for (const effect of effects) if (effect.is(setWritten)) return writtenIn(state.doc, effect.value);
    return docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function writtenIn(doc: Text, lines: readonly Lines[]): DecorationSet {
  const numbers = new Set<number>();
  for (const { first, last } of lines) for (let at = first; at <= last && at <= doc.lines; at++) numbers.add(at);
  return Decoration.set([...numbers].sort((a, b) => a - b).map((number) => writtenLine.range(doc.line(number).from)));
}

export const writtenMarks = (lines: readonly Lines[]): TransactionSpec => ({ effects: setWritten.of(lines) });

export const marks: Extension = [lintGutter(), writtenField];
