/** What keeps the text from being saved, and the way out. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { OtherDraft } from '../contract/editor.ts';
import type { KeptText } from './kept-texts.ts';
import type { EditorModel } from './model/model.ts';
import { savedTime } from './times.ts';

export function Trouble({ model, nonce }: { model: EditorModel; nonce: string }) {
  const state = model.saved.value;
  switch (state.is) {
    case 'saved':
    case 'saving':
      return null;
    case 'conflict':
      return <Conflict {...{ model, nonce, other: state.other }} />;
    case 'away':
    case 'refused':
      return (
        <div class="trouble" role="alert">
          <p>{state.message}</p>
          <p>
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

/** Both texts, and a choice between them. Nothing is overwritten before it. */
function Conflict({ model, nonce, other }: { model: EditorModel; nonce: string; other: OtherDraft }) {
  const isOwn = other.by === 'you';
  const who = isOwn ? 'You saved another change in another window' : `${other.by} saved another change`;
  return (
    <section class="card conflict" role="alert" aria-labelledby="t-conflict">
      <div class="pad">
        <h2 id="t-conflict">{isOwn ? 'You changed this form in two windows' : 'Two people changed this form'}</h2>
        <p>
          <bdi>{who}</bdi> at {savedTime(other.at)}. Your text is still here, and nothing is lost. Look at both, then
          keep one.
        </p>
        <p class="row">
          <button type="button" class="button go" onClick={() => model.resolve('mine')}>
            Keep my text
          </button>
          <button type="button" class="button" onClick={() => model.resolve('other')}>
            Use the saved text
          </button>
        </p>
        <p class="dim">Red lines are in the saved text only. Green lines are in your text only.</p>
      </div>
      <Difference {...{ nonce, before: other.text, after: model.text.value }} />
    </section>
  );
}

/** The lines that differ between two texts. Where the code for it does not load, the text `before` stands there. */
function Difference({ before, after, nonce }: { before: string; after: string; nonce: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let close = (): void => undefined;
    let gone = false;
    import('./text/difference.ts').then(
      ({ showDifference }) => {
        if (!gone && place.current) close = showDifference(place.current, { before, after, nonce });
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      close();
    };
  }, [before, after, nonce]);
  return failed ? (
    <pre tabIndex={0} dir="ltr">
      {before}
    </pre>
  ) : (
    <div class="code-view difference" ref={place} />
  );
}

/** Offers a text that a page on this device could not save. */
export function KeptOffer({ kept, onUse, onDiscard }: { kept: KeptText; onUse: () => void; onDiscard: () => void }) {
  return (
    <div class="note between" role="status">
      <p>This device has a text from {savedTime(kept.at)} that was not saved.</p>
      <div class="row">
        <button type="button" class="button" onClick={onUse}>
          Use it
        </button>
        <button type="button" class="quiet" onClick={onDiscard}>
          Discard it
        </button>
      </div>
    </div>
  );
}
