/** The form as a respondent sees it, in a frame that follows the draft. A click in it opens the part in the editor. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FromEditor, FromPreview } from '../../contract/preview.ts';
import { languagesOf } from '../../form/edit/value.ts';
import type { EditorModel } from '../model/model.ts';
import { nameOfLanguage } from '../../form/wording/language-names.ts';
import { createFollower, pathOfPart, openScreen } from './preview-parts.ts';

/** The width of a desktop in the frame, which is shown on a smaller scale. In CSS pixels. */
const DESKTOP = 1_024;

interface PreviewProps {
  model: EditorModel;
  /** The path of the preview. Without it there is none. */
  path: string | undefined;
}

export function Preview({ model, path }: PreviewProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const isReady = useRef(false);
  const [isWide, setWide] = useState(false);
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const [language, setLanguage] = useState('');
  const [width, setWidth] = useState(DESKTOP);
  const dark = useRef(isDark);
  dark.current = isDark;

  const send = (message: FromEditor) => frame.current?.contentWindow?.postMessage(message, location.origin);

  useEffect(() => {
    // A page that only lists the errors of a text can't follow the draft by itself.
    const follower = createFollower((what) => isReady.current && send({ flipsite: what }));
    const noteKey = ({ timeStamp }: KeyboardEvent): void => follower.noteKey(timeStamp);
    function hear({ origin, source, data }: MessageEvent<FromPreview | undefined>): void {
      if (origin !== location.origin || source !== frame.current?.contentWindow || !data) return;
      if (data.flipsite === 'ready') {
        isReady.current = true;
        send({ flipsite: 'look', dark: dark.current });
        // The draft may have changed while the page was loaded.
        follower.follow();
      }
      if (data.flipsite === 'selected') model.selection.value = pathOfPart(model.data.peek(), data.screen, data.field);
    }
    addEventListener('message', hear);
    addEventListener('keydown', noteKey, true);
    // The server answers each saved text with its errors.
    const stop = model.faults.subscribe(() => follower.follow());
    return () => {
      stop();
      follower.stop();
      removeEventListener('message', hear);
      removeEventListener('keydown', noteKey, true);
    };
  }, [model]);

  useEffect(() => send({ flipsite: 'look', dark: isDark }), [isDark]);

  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width || DESKTOP));
    if (stage.current) watch.observe(stage.current);
    return () => watch.disconnect();
  }, []);

  if (path === undefined) return <p class="dim pad">There is no preview on this site.</p>;
  const languages = languagesOf(model.data.value ?? null);
  const shown = languages.includes(language) ? language : undefined;
  const open = openScreen(model.data.value, model.selection.value);
  return (
    <div class="preview-pane">
      <div class="row ways">
        <button type="button" class="button" aria-pressed={!isWide} onClick={() => setWide(false)}>
          Phone
        </button>
        <button type="button" class="button" aria-pressed={isWide} onClick={() => setWide(true)}>
          Desktop
        </button>
        <label class="tap row">
          <input type="checkbox" checked={isDark} onChange={({ currentTarget }) => setDark(currentTarget.checked)} />
          Dark
        </label>
        {languages.length > 1 && (
          <select
            aria-label="Language of the preview"
            value={shown ?? languages[0]}
            onChange={({ currentTarget }) => setLanguage(currentTarget.value)}
          >
            {languages.map((tag) => (
              <option key={tag} value={tag}>
                {nameOfLanguage(tag)}
              </option>
            ))}
          </select>
        )}
        <button
          type="button"
          class="button"
          disabled={open === undefined}
          onClick={() => open !== undefined && send({ flipsite: 'show', screen: open })}
        >
          Show in the preview
        </button>
      </div>
      <div class="preview-stage" ref={stage}>
        <iframe
          ref={frame}
          title="Preview"
          src={shown ? `${path}/${shown}` : path}
          style={isWide ? wideStyle(width / DESKTOP) : undefined}
        />
      </div>
    </div>
  );
}

const wideStyle = (zoom: number) => ({
  maxInlineSize: 'none',
  inlineSize: `${DESKTOP}px`,
  blockSize: `calc(min(46rem, 100vh - 12rem) / ${zoom})`,
  zoom,
});
