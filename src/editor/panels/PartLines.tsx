/** The lines of a part in the text, on demand. Those that a panel wrote last are marked for a moment. */
import { useState } from 'preact/hooks';
import type { Path } from '../../form/edit/edit.ts';
import { rangeOf } from '../../form/edit/locate.ts';
import { useEditor } from '../context.tsx';

export function PartLines({ path }: { path: Path }) {
  const { model, openText } = useEditor();
  const [isOpen, setOpen] = useState(false);
  const isWritten = (number: number) =>
    model.written.value.some(({ first, last }) => first <= number && number <= last);
  return (
    <div class="part-lines">
      <div class="row">
        <button type="button" class="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide its text' : 'Show its text'}
        </button>
        <button type="button" class="quiet" onClick={() => openText(path)}>
          Edit in Text
        </button>
      </div>
      {isOpen && (
        <pre tabIndex={0} dir="ltr" aria-label="The lines of this part">
          {linesOf(model.text.value, path).map(([number, line]) => (
            <span class={isWritten(number) ? 'cm-written' : ''}>{`${line}\n`}</span>
          ))}
        </pre>
      )}
    </div>
  );
}

/** The lines at `path`, at the left edge, each after its number from 1. */
function linesOf(text: string, path: Path): [number, string][] {
  const range = path.length ? rangeOf(text, path) : { from: 0, to: text.length };
  if (!range) return [];
  const start = text.lastIndexOf('\n', range.from - 1) + 1;
  const first = text.slice(0, start).split('\n').length;
  const lines = text.slice(start, range.to).trimEnd().split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return lines.map((line, at) => [first + at, line.slice(indent)]);
}
