/** The errors of the text: one list for all views. */
import { useState } from 'preact/hooks';
import type { EditorFault } from '../../contract/editor.ts';
import { formatCount } from '../../form/format-count.ts';
import type { EditorModel } from '../model/model.ts';

const MAX_SHOWN = 20;

/** @param onShow opens the place of an error in the text */
export function FaultList({ model, onShow }: { model: EditorModel; onShow: (fault: EditorFault) => void }) {
  const faults = model.faults.value;
  const [all, setAll] = useState(false);
  if (!faults.length) return null;
  const shown = all ? faults : faults.slice(0, MAX_SHOWN);
  return (
    <section class="card faults" aria-labelledby="t-faults">
      <div class="title">
        <h2 id="t-faults">{formatCount(faults.length, 'thing to fix', 'things to fix')}</h2>
      </div>
      <ol>
        {shown.map((fault) => (
          <li key={`${fault.line}:${fault.column}:${fault.message}`}>
            <button type="button" class="line quiet" onClick={() => onShow(fault)}>
              Line {fault.line}
            </button>
            <div>
              <p>
                <WithCode text={`${fault.message.charAt(0).toUpperCase()}${fault.message.slice(1)}.`} />
              </p>
              {fault.remedy && (
                <p class="dim">
                  <WithCode text={fault.remedy} />
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
        ))}
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

/** A sentence with its `code` in the type of code. */
const WithCode = ({ text }: { text: string }) => (
  <>{text.split('`').map((piece, at) => (at % 2 ? <code key={at}>{piece}</code> : piece))}</>
);
