/** The text of a form, with the code that loads when the view is opened. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { EditorModel } from '../model/model.ts';
import type { Views } from '../views.ts';

const HELP = 'text-view-help';

export function TextView({ model, views, nonce }: { model: EditorModel; views: Views; nonce: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<'loading' | 'open' | 'failed'>('loading');
  // The cleanup of `useEffect` runs after the next frame. Until then the old text would take the focus of the next one.
  useLayoutEffect(() => {
    const gone = new AbortController();
    const open = async (): Promise<void> => {
      const { openCode } = await import('./code.ts');
      if (place.current) await openCode(place.current, { model, views, nonce, helpId: HELP, gone: gone.signal });
    };
    open().then(
      () => setState('open'),
      () => setState('failed'),
    );
    return () => gone.abort();
  }, [model, views, nonce]);
  return (
    <>
      <div class="code-view" ref={place} />
      {state === 'loading' && <p class="pad dim">Opening the text…</p>}
      {state === 'failed' && (
        <div class="pad">
          {/* A browser does not ask again for a script that failed to load. After an update, it has another name. */}
          <p>The text could not be loaded. Check the network, then load the page again.</p>
          <button type="button" class="button" onClick={() => location.reload()}>
            Load the page again
          </button>
        </div>
      )}
      <p id={HELP} class="dim code-help">
        Tab indents the line. To leave the text with the keyboard, press Escape, then Tab.
      </p>
    </>
  );
}
