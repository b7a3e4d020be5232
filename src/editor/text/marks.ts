/**
 * Marks in the text: underlined errors with their sentences under the pointer, and the lines that another view has
 * written.
 */
import { StateEffect, StateField, type Extension, type Text, type TransactionSpec } from '@codemirror/state';
import { Decoration, EditorView, hoverTooltip, type DecorationSet } from '@codemirror/view';
import type { Lines } from '../../form/edit/outline.ts';
import { capitalize } from '../../form/capitalize.ts';
import type { ShownFault } from '../model/model.ts';

/** The line with this number, or the nearest one. */
export const lineAt = (doc: Text, number: number) => doc.line(Math.min(Math.max(number, 1), doc.lines));

const setFaults = StateEffect.define<readonly ShownFault[]>();
const faultRange = (fault: ShownFault) =>
  Decoration.mark({ class: `cm-fault${fault.isDoubt ? ' cm-doubt' : ''}`, fault });

/** The errors of the text that was checked last. Later changes of the text move them. */
const faultField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, changes, state }) {
    for (const effect of effects) if (effect.is(setFaults)) return faultsIn(state.doc, effect.value);
    return marks.map(changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function faultsIn(doc: Text, faults: readonly ShownFault[]): DecorationSet {
  const ranges = faults.flatMap((fault) => {
    const line = lineAt(doc, fault.line);
    const from = Math.min(line.from + fault.column - 1, line.to);
    const word = /^("[^"]*"|'[^']*'|[^\s,{}[\]]+)/.exec(doc.sliceString(from, line.to))?.[0] ?? '';
    // At the end of a line, its last character has the mark.
    const start = from === line.to ? Math.max(line.from, from - 1) : from;
    const to = Math.max(from + word.length, Math.min(start + 1, line.to));
    return to > start ? [faultRange(fault).range(start, to)] : [];
  });
  return Decoration.set(ranges, true);
}

export const faultMarks = (faults: readonly ShownFault[]): TransactionSpec => ({ effects: setFaults.of(faults) });

/** The sentences of an error under the pointer, with the button that fixes it. */
const faultHelp = (fix: (fault: ShownFault) => void): Extension =>
  hoverTooltip((view, at) => {
    let found: { fault: ShownFault; from: number; to: number } | undefined;
    view.state.field(faultField).between(at, at, (from, to, mark) => {
      found ??= { fault: (mark.spec as { fault: ShownFault }).fault, from, to };
    });
    if (!found) return null;
    const { fault, from, to } = found;
    return { pos: from, end: to, create: () => ({ dom: faultBox(fault, fix) }) };
  });

function faultBox(fault: ShownFault, fix: (fault: ShownFault) => void): HTMLElement {
  const box = document.createElement('div');
  box.className = 'key-help';
  const { message, remedy = '' } = fault;
  box.append(`${capitalize(message)}. ${remedy}`.replaceAll('`', ''));
  if (fault.isFixable) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button';
    button.textContent = 'Fix it for me';
    button.addEventListener('click', () => fix(fault));
    box.append(button);
  }
  return box;
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

/** @param fix fixes an error */
export const marks = (fix: (fault: ShownFault) => void): Extension => [faultField, faultHelp(fix), writtenField];
