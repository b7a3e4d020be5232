/** The editor in the page: takes the place of the plain form, which stays for a browser that cannot run this. */
import { render } from 'preact';
import type { EditorStart } from '../contract/editor.ts';
import { openKeptTexts } from './kept-texts.ts';
import { Editor } from './Editor.tsx';
import { createModel } from './model/model.ts';
import { draftSender } from './server.ts';
import { createViews } from './views.ts';

const place = document.getElementById('editor');
const plain = document.getElementById('plain');
const area = document.getElementById('text');

if (place && plain && area instanceof HTMLTextAreaElement) {
  const start = JSON.parse(place.dataset['start'] ?? '{}') as EditorStart;
  const address = (name: string): string => new URL(name, location.href.replace(/[?#].*$/, '')).href;
  const device = openKeptTexts(storage(), `${start.slug}:${start.member}`);
  const model = createModel({ ...start, text: area.value }, { send: draftSender(address('draft')), device });
  const views = createViews(location, history);

  async function publish(): Promise<void> {
    if (await model.saveNow()) location.assign(address('publish'));
  }

  addEventListener('pagehide', () => model.keep());
  addEventListener('beforeunload', (event) => {
    if (!model.isUnsaved()) return;
    model.keep();
    event.preventDefault();
  });
  render(<Editor {...{ model, views, nonce: start.nonce, publish: () => void publish() }} />, place);
  plain.hidden = true;
}

/** Undefined where the browser gives a page no store. */
function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
