/** The errors of the text: one list for all views. */
import { useState } from 'preact/hooks';
import type { EditorFault } from '../../contract/editor.ts';
import type { Path } from '../../form/edit/edit.ts';
import { capitalize } from '../../form/capitalize.ts';
import { useEditor } from '../context.tsx';
import { faultCount, faultInWords, faultPlace } from './fault-words.ts';

const MAX_SHOWN = 20;

interface FaultListProps {
  /** Whether errors are named by their line. Otherwise they are named by the title of their part, if it is known. */
  areLines: boolean;
  /** Opens the part of an error, or its line in the text. */
  onShow: (fault: EditorFault, part: Path | undefined) => void;
}

export function FaultList({ areLines, onShow }: FaultListProps) {
  const { model, form, guide } = useEditor();
  const faults = model.faults.value;
  const [all, setAll] = useState(false);
  if (!faults.length) return null;
  const shown = all ? faults : faults.slice(0, MAX_SHOWN);
  const { outline, data, isOld } = form.value;
  return (
    <section class="card faults" aria-labelledby="t-faults">
      <div class="title">
        <h2 id="t-faults">{faultCount(faults)}</h2>
      </div>
      <ol>
        {shown.map((fault) => {
          const isLine = areLines && fault.kind !== 'untranslated';
          const place = isLine || isOld ? undefined : faultPlace(outline, data, fault.line);
          const { message, remedy } = isLine ? fault : faultInWords(fault, data, guide.types);
          return (
            <li key={`${fault.line}:${fault.column}:${fault.message}`}>
              <button type="button" class="line quiet" onClick={() => onShow(fault, place?.path)}>
                <bdi>{place?.title ?? `Line ${fault.line}`}</bdi>
              </button>
              <div>
                <p>
                  <Words text={`${capitalize(message)}.`} />
                </p>
                {remedy && (
                  <p class="dim">
                    <Words text={remedy} />
                  </p>
                )}
              </div>
              {fault.isFixable && (
                <p>
                  <button type="button" class="button" onClick={() => model.fix(fault)}>
                    Fix it for me
                  </button>
                </p>
              )}
            </li>
          );
        })}
      </ol>
      {shown.length < faults.length && (
        <p class="pad">
          <button type="button" class="quiet" onClick={() => setAll(true)}>
            Show {faults.length - shown.length} more
          </button>
        </p>
      )}
    </section>
  );
}

/** A sentence with its `code` in the font of code. */
const Words = ({ text }: { text: string }) => (
  <>{text.split('`').map((piece, at) => (at % 2 ? <code key={at}>{piece}</code> : <bdi key={at}>{piece}</bdi>))}</>
);
