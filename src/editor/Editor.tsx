/**
 * The page of the editor: its bar, its views, the open part and the preview. Only small parts of it read signals that
 * change with each key. So a key does not draw a long outline again.
 */
import type { ReadonlySignal } from '@preact/signals';
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { EditorFault } from '../contract/editor.ts';
import type { Path } from '../form/edit/edit.ts';
import { useEditor } from './context.tsx';
import { FaultList } from './faults/FaultList.tsx';
import { BackIcon, RedoIcon, UndoIcon } from './icons.tsx';
import type { KeptText } from './kept-texts.ts';
import type { EditorModel } from './model/model.ts';
import { MapView } from './map/MapView.tsx';
import { OutlineView } from './outline/OutlineView.tsx';
import { Panel } from './panels/Panel.tsx';
import { Preview } from './preview/Preview.tsx';
import { SaveStatus } from './SaveStatus.tsx';
import { TextView } from './text/TextView.tsx';
import { KeptOffer, SaveErrors } from './SaveErrors.tsx';
import type { ViewName, Views } from './views.ts';

const VIEW_TITLES: Record<ViewName, string> = { outline: 'Outline', text: 'Text', map: 'Map' };

export interface EditorServices {
  model: EditorModel;
  views: Views;
  /** The path of the preview, if there is one. */
  preview: string | undefined;
  nonce: string;
  /** A text that a page on this device could not save. */
  kept: KeptText | undefined;
  discardKept(): void;
  isPublishedText: ReadonlySignal<boolean>;
  /** Goes to the page that publishes the form, after saving. */
  publish(): void;
  /** Goes back to the published text, after a question. Absent where nothing is published. */
  discard: (() => void) | undefined;
}

export function Editor({
  model,
  views,
  preview,
  nonce,
  kept,
  discardKept,
  isPublishedText,
  publish,
  discard,
}: EditorServices) {
  const view = views.view.value;
  const offer = useSignal(kept);
  const hidesPreview = useSignal(false);
  const panes = useRef<HTMLDivElement>(null);
  const page = views.page.value;
  // On a phone, a part and the preview begin under the top of the window, and not under the head of the form.
  useLayoutEffect(() => {
    if (page !== 'list' && matchMedia('(max-width: 47.99rem)').matches) panes.current?.scrollIntoView();
    // The Back button has the focus and is hidden now.
    if (!document.activeElement?.checkVisibility())
      panes.current?.querySelector<HTMLElement>('.list [aria-current]')?.focus();
  }, [page]);
  // A link from a doubt names the text that it is about. Another one names the label of a setting, or a line of the text.
  useEffect(() => {
    const asked = new URLSearchParams(location.search);
    const [text, line] = [asked.get('text'), asked.get('line')];
    if (text) findField(panes.current, text)?.focus();
    if (line) views.openText({ line: Number(line) });
  }, []);

  function showFault(fault: EditorFault, part: Path | undefined): void {
    if (part) {
      model.selection.value = part;
      if (view === 'text') views.open('outline');
      views.goTo('panel');
      // The panel is there after the next render. It can be open already, and scrolled to another place.
      return void requestAnimationFrame(() => findField(panes.current, fault.text)?.focus());
    }
    views.openText({ line: fault.line });
  }

  return (
    <div class="editor" data-page={page} data-view={view} data-preview={hidesPreview.value ? 'off' : 'on'}>
      <div class="editor-bar">
        <nav class="tabs" aria-label="Views of the form">
          <ul>
            {Object.entries(VIEW_TITLES).map(([name, title]) => (
              <li key={name}>
                <a
                  href={`#${name}`}
                  aria-current={name === view ? 'true' : undefined}
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
        <SaveStatus model={model} isPublishedText={isPublishedText} />
        {discard && <DiscardButton isPublishedText={isPublishedText} onDiscard={discard} />}
        <div class="row acts-row">
          <UndoButtons model={model} />
          <button type="button" class="button narrow-only" onClick={() => views.goTo('preview')}>
            Preview
          </button>
          <button type="button" class="button wide-only" onClick={() => (hidesPreview.value = !hidesPreview.value)}>
            {hidesPreview.value ? 'Show preview' : 'Hide preview'}
          </button>
          <button type="button" class={isPublishedText.value ? 'button' : 'button go'} onClick={publish}>
            Publish…
          </button>
        </div>
        {offer.value && (
          <KeptOffer
            {...{ model, kept: offer.value }}
            onUse={() => {
              if (offer.value) model.takeText(offer.value.text, offer.value.base);
              offer.value = undefined;
              discardKept();
            }}
            onDiscard={() => {
              offer.value = undefined;
              discardKept();
            }}
          />
        )}
      </div>
      <SaveErrors model={model} />
      <RefusalCard model={model} />
      <FaultList areLines={view === 'text'} onShow={showFault} />
      <div class="editor-panes" ref={panes}>
        <section class="pane list" key={view} aria-label={VIEW_TITLES[view]}>
          {view !== 'text' && <OldNotice view={view} />}
          {view === 'text' ? (
            <TextView {...{ model, views, nonce }} />
          ) : view === 'map' ? (
            <MapView onOpen={() => views.goTo('panel')} />
          ) : (
            <OutlineView onOpen={() => views.goTo('panel')} />
          )}
        </section>
        <section class="pane panel" aria-label="Edit">
          <BackButton to={VIEW_TITLES[view]} views={views} />
          {view !== 'text' && <Panel />}
        </section>
        <section class="pane preview" aria-label="Preview">
          <BackButton to="Back" views={views} />
          <Preview model={model} path={preview} />
        </section>
      </div>
    </div>
  );
}

/** The field with a text, or with a label. Without it, the field that an error names, or the first one of its setting. */
function findField(panes: HTMLElement | null, text: string | undefined): HTMLElement | null | undefined {
  const fields = [...(panes?.querySelectorAll('input') ?? [])];
  const wrong = fields.filter((one) => one.closest('[aria-describedby$="-faults"]'));
  return (
    fields.find(({ value, labels }) => text && [value, labels?.[0]?.textContent].includes(text)) ??
    wrong.find(({ labels }) => panes?.textContent.includes(`“${labels?.[0]?.textContent}”`)) ??
    wrong[0]
  );
}

/** Says that a view does not show the text as it is, because that cannot be read. */
const OldNotice = ({ view }: { view: ViewName }) =>
  useEditor().form.value.isOld ? (
    <p class="trouble" role="status">
      The text has an error, so this {view} can be old or incomplete. Fix the error first.
    </p>
  ) : null;

function UndoButtons({ model }: { model: EditorModel }) {
  return (
    <>
      <button type="button" class="button sign" title="Undo" disabled={!model.canUndo.value} onClick={model.undo}>
        <UndoIcon />
        <span>Undo</span>
      </button>
      <button type="button" class="button sign" title="Redo" disabled={!model.canRedo.value} onClick={model.redo}>
        <RedoIcon />
        <span>Redo</span>
      </button>
    </>
  );
}

const DiscardButton = ({
  isPublishedText,
  onDiscard,
}: {
  isPublishedText: ReadonlySignal<boolean>;
  onDiscard: () => void;
}) =>
  isPublishedText.value ? null : (
    <button type="button" class="quiet" onClick={onDiscard}>
      Discard changes
    </button>
  );

function RefusalCard({ model: { refusal } }: { model: EditorModel }) {
  if (!refusal.value) return null;
  return (
    <div class="trouble between" role="alert">
      <p>
        Nothing was changed, because {refusal.value.message}. {refusal.value.remedy}
      </p>
      <button type="button" class="quiet" onClick={() => (refusal.value = undefined)}>
        Close
      </button>
    </div>
  );
}

const BackButton = ({ to, views }: { to: string; views: Views }) => (
  <button type="button" class="quiet back-button" onClick={views.back}>
    <BackIcon />
    {to}
  </button>
);
