/** The lines of a part in the text, on demand, so that people see the result of a panel. */
import { useState } from 'preact/hooks';
import type { Path } from '../../form/edit/edit.ts';
import { rangeOf } from '../../form/edit/locate.ts';
import { useEditor } from '../context.tsx';

export function PartLines({ path }: { path: Path }) {
  const { model, openText } = useEditor();
  const [isOpen, setOpen] = useState(false);
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
          {linesOf(model.text.value, path)}
        </pre>
      )}
    </div>
  );
}

/** The lines at `path`, at the left edge. */
function linesOf(text: string, path: Path): string {
  const range = path.length ? rangeOf(text, path) : { from: 0, to: text.length };
  if (!range) return '';
  const start = text.lastIndexOf('\n', range.from - 1) + 1;
  const lines = text.slice(start, range.to).trimEnd().split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}
