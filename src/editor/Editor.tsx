/** The page of the editor: its bar, its views, the open part and the preview. */
import { useMemo } from 'preact/hooks';
import { guide } from 'virtual:guide';
import { createParts, EditorContext } from './context.tsx';
import type { EditorModel } from './model/model.ts';
import type { SaveState } from './model/autosave.ts';
import { FaultList } from './faults/FaultList.tsx';
import { MapView } from './map/MapView.tsx';
import { OutlineView } from './outline/OutlineView.tsx';
import { Panel } from './panel/Panel.tsx';
import { Preview } from './preview/Preview.tsx';
import { TextView } from './text/TextView.tsx';
import type { ViewName, Views } from './views.ts';

const VIEW_TITLES: Record<ViewName, string> = { outline: 'Outline', text: 'Text', map: 'Map' };

export interface EditorServices {
  model: EditorModel;
  views: Views;
  nonce: string;
  /** Goes to the page that publishes the form, after saving. */
  publish(): void;
}

export function Editor({ model, views, nonce, publish }: EditorServices) {
  const view = views.view.value;
  const parts = useMemo(() => createParts(model, views, guide), [model, views]);
  const openPanel = () => void (views.page.value = 'panel');
  return (
    <EditorContext.Provider value={parts}>
      <div class="editor" data-page={views.page.value} data-view={view}>
        <div class="editor-bar between">
          <nav class="tabs" aria-label="Views of the form">
            <ul>
              {Object.entries(VIEW_TITLES).map(([name, title]) => (
                <li key={name}>
                  <a
                    href={`#${name}`}
                    aria-current={name === view ? 'page' : undefined}
                    onClick={(event) => {
                      event.preventDefault();
                      views.open(name as ViewName);
                    }}
                  >
                    {title}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="row">
            <Status state={model.saved.value} />
            <button type="button" class="button" disabled={!model.canUndo.value} onClick={model.undo}>
              Undo
            </button>
            <button type="button" class="button" disabled={!model.canRedo.value} onClick={model.redo}>
              Redo
            </button>
            <button type="button" class="button" onClick={() => (views.page.value = 'preview')}>
              Preview
            </button>
            <button type="button" class="button go" onClick={publish}>
              Publish…
            </button>
          </div>
        </div>
        {model.refusal.value && (
          <p class="trouble" role="alert">
            {sentence(model.refusal.value.message)} {model.refusal.value.remedy}
          </p>
        )}
        <FaultList
          model={model}
          onShow={({ line }) => {
            views.line.value = line;
            views.open('text');
          }}
        />
        <div class="editor-panes">
          <section class="pane list" aria-label={VIEW_TITLES[view]}>
            {view === 'text' ? (
              <TextView {...{ model, views, nonce }} />
            ) : view === 'map' ? (
              <MapView onOpen={openPanel} />
            ) : (
              <OutlineView onOpen={openPanel} />
            )}
          </section>
          <section class="pane panel" aria-label="Edit">
            <Panel />
          </section>
          <section class="pane preview" aria-label="Preview">
            <Preview model={model} />
          </section>
        </div>
      </div>
    </EditorContext.Provider>
  );
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function Status({ state }: { state: SaveState }) {
  const words = {
    saved: 'Draft, saved',
    saving: 'Saving…',
    away: 'Not saved',
    refused: 'Not saved',
    conflict: 'Not saved',
  }[state.is];
  return (
    <p class="dim" role="status">
      {words}
    </p>
  );
}
