/** The text of a form, with the editor that loads when the view is opened. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { EditorModel } from '../model/model.ts';
import type { Views } from '../views.ts';

const load = () => import('./code.ts');

export function TextView({ model, views, nonce }: { model: EditorModel; views: Views; nonce: string }) {
  const place = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let close = (): void => undefined;
    let gone = false;
    load().then(
      ({ openCode }) => {
        if (!gone && place.current) close = openCode(place.current, { model, views, nonce });
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      close();
    };
  }, [model, views, nonce]);
  return (
    <div class="code-view" ref={place}>
      {failed && <p class="pad">The text could not be loaded. Check the network, then load the page again.</p>}
    </div>
  );
}
