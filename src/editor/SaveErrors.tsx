/** The error that prevents saving the text, and the way out. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { OtherDraft } from '../contract/editor.ts';
import { formatCount } from '../form/format-count.ts';
import { withoutPictures } from '../form/settings/logo-name.ts';
import { differenceRows, type DifferenceRow } from './text/difference.ts';
import type { KeptText } from './kept-texts.ts';
import type { EditorModel } from './model/model.ts';
import { SIGNED_OUT } from './send-draft.ts';
import { savedTime } from './times.ts';

export function SaveErrors({ model }: { model: EditorModel }) {
  const state = model.saved.value;
  switch (state.is) {
    case 'saved':
    case 'saving':
      return null;
    case 'conflict':
      return <Conflict {...{ model, other: state.other }} />;
    case 'away':
    case 'refused':
      return (
        <div class="trouble" role="alert">
          <p>{state.message}</p>
          <p class="row">
            {state.message === SIGNED_OUT && (
              <a class="button" href="/admin" target="_blank">
                Sign in (new tab)
              </a>
            )}
            <button type="button" class="button" onClick={() => void model.saveNow()}>
              Save now
            </button>
          </p>
        </div>
      );
    default:
      return state satisfies never;
  }
}

/** Both texts, and a choice between them. The choice comes before anything is overwritten. */
function Conflict({ model, other }: { model: EditorModel; other: OtherDraft }) {
  const card = useRef<HTMLElement>(null);
  // The member may be far below it, in the middle of typing.
  useEffect(() => card.current?.scrollIntoView({ block: 'nearest' }), []);
  const isOwn = other.by === 'you';
  const who = isOwn ? 'You saved another change in another window' : `${other.by} saved another change`;
  return (
    <section ref={card} class="card conflict" role="alert" aria-labelledby="t-conflict">
      <div class="pad">
        <h2 id="t-conflict">{isOwn ? 'You changed this form in two windows' : 'Two people changed this form'}</h2>
        <p>
          <bdi>{who}</bdi> at {savedTime(other.at)}. Nothing is lost. Look at both texts, then keep one.
        </p>
        <p class="row">
          <button type="button" class="button go" onClick={() => model.resolve('mine')}>
            Keep the text of this window
          </button>
          <button type="button" class="button" onClick={() => model.resolve('other')}>
            Use the saved text
          </button>
        </p>
        <p class="dim">Lines with − are in the saved text only. Lines with + are in this window only.</p>
      </div>
      <Difference before={other.text} after={model.text.value} />
    </section>
  );
}

/** The lines that differ between two texts. */
function Difference({ before, after }: { before: string; after: string }) {
  const rows = useMemo(() => differenceRows(before, after), [before, after]);
  return (
    <div class="difference" role="region" aria-label="Difference between the two texts" tabIndex={0} dir="ltr">
      {rows.map((row, at) => (
        <DifferenceLine key={at} row={row} />
      ))}
    </div>
  );
}

function DifferenceLine({ row }: { row: DifferenceRow }) {
  switch (row.is) {
    case 'skipped':
      return <div class="skipped">{formatCount(row.count, 'line', 'lines')} without a change</div>;
    case 'removed':
      return <del>{withoutPictures(row.text) || ' '}</del>;
    case 'added':
      return <ins>{withoutPictures(row.text) || ' '}</ins>;
    case 'same':
      return <div>{withoutPictures(row.text) || ' '}</div>;
    default:
      return row satisfies never;
  }
}

/** Offers a text that a page on this device could not save. */
export function KeptOffer({
  model,
  kept,
  onUse,
  onDiscard,
}: {
  model: EditorModel;
  kept: KeptText;
  onUse: () => void;
  onDiscard: () => void;
}) {
  const time = savedTime(kept.at);
  const isOlder = model.saved.value.is !== 'saved' || model.revision() > kept.base;
  return (
    <div class="note between" role="status">
      <p>
        This device has a text from {time} that was not saved.
        {isOlder && ' Using it replaces newer changes.'}
      </p>
      <div class="row">
        <button type="button" class="button" onClick={onUse}>
          Use the text from {time}
        </button>
        <button type="button" class="quiet" onClick={onDiscard}>
          Delete that text
        </button>
      </div>
    </div>
  );
}
