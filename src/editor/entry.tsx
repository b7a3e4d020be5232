/**
 * The editor in the page, and the thread that reads its texts. It replaces the plain form, which stays for browsers
 * that cannot run this.
 */
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import type { DraftToSave, EditorStart } from '../contract/editor.ts';
import { EditorRoot } from './context.tsx';
import { Editor } from './Editor.tsx';
import { keepFocus } from './keep-focus.ts';
import { findSteps, keepSteps } from './kept-steps.ts';
import { openKeptTexts } from './kept-texts.ts';
import type { SaveAnswer } from './model/autosave.ts';
import { createModel } from './model/model.ts';
import { createFormComments } from './comments/open-comments.ts';
import { sendDraft } from './send-draft.ts';
import { serveWorker, threadAt } from './thread.ts';
import { hasUnfinished } from './rules/unfinished.ts';
import { createViews } from './views.ts';

if ('document' in globalThis) start();
else serveWorker(globalThis as unknown as MessagePort);

function start(): void {
  const place = document.getElementById('editor');
  const plain = document.getElementById('plain');
  const area = document.getElementById('text');
  if (place && plain && area instanceof HTMLTextAreaElement) open(place, plain, area);
}

function open(place: HTMLElement, plain: HTMLElement, area: HTMLTextAreaElement): void {
  const start = JSON.parse(place.dataset['start'] ?? '{}') as EditorStart;
  const address = (name: string): string => new URL(name, location.href.replace(/[?#].*$/, '')).href;
  // A browser may have restored an earlier text in the field.
  const text = area.defaultValue;
  const name = `${start.slug}:${start.member}`;
  const device = openKeptTexts(storage(), name);
  const undoKey = `flipsite:undo:${name}`;
  const kept = device.find(text);
  const isPublishedText = signal(!start.isChanged);
  // The head of a live form says so too.
  const note = document.querySelector<HTMLElement>('[data-unpublished]');
  if (note) effect(() => void (note.hidden = isPublishedText.value));
  const thread = threadAt(() => new Worker(import.meta.url, { type: 'module' }));
  const edit: typeof thread.edit = async (...given) => (await frameDrawn(), thread.edit(...given));
  const model = createModel(
    { ...start, text, steps: findSteps(undoKey, text) },
    { send, device, thread: { ...thread, edit } },
  );

  async function send(draft: DraftToSave): Promise<SaveAnswer> {
    const answer = (await thread.save(address('draft'), draft)) ?? (await sendDraft(address('draft'), draft));
    if (answer.is === 'saved') isPublishedText.value = !answer.isChanged;
    return answer;
  }

  async function publish(): Promise<void> {
    if (await model.saveNow()) location.assign(address('publish'));
  }

  /** The plain form goes back to the published text, as it does without scripts. */
  async function discard(): Promise<void> {
    if (!confirm('Discard all unpublished changes? You cannot undo this.')) return;
    await model.saveNow();
    const form = plain.querySelector('form');
    const base = form?.querySelector<HTMLInputElement>('[name="base"]');
    if (model.saved.value.is !== 'saved' || !form || !base) return;
    base.value = String(model.revision());
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'do', value: 'discard' }));
    form.submit();
  }

  /** Some fields change the form when a person leaves them, which a page that closes does not do. */
  function leaveField(): void {
    const field = document.activeElement;
    if (field instanceof HTMLElement && field.matches('#editor input, #editor textarea')) field.blur();
  }

  /** The page goes away, or is hidden, after which a phone may close it. */
  function keep(): void {
    model.keep();
    keepSteps(undoKey, model.text.value, model.steps());
  }

  addEventListener('pagehide', () => {
    leaveField();
    keep();
  });
  addEventListener('visibilitychange', keep);
  // The network is back, or the member comes back from another tab and is signed in again.
  for (const event of ['online', 'focus'])
    addEventListener(event, () => {
      if (model.saved.value.is === 'away') void model.saveNow();
    });
  addEventListener('beforeunload', (event) => {
    leaveField();
    if (!model.isUnsaved() && !place.querySelector('[data-unadded]') && !hasUnfinished(services.views, model.data.value ?? {})) return; // prettier-ignore
    // It is stored while the person reads the question, so that the page has it after a reload.
    void model.saveNow();
    model.keep();
    event.preventDefault();
  });
  addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    // ⌘Y is the history of the browser.
    const isRedo = event.ctrlKey && key === 'y';
    const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey && (key === 'z' || isRedo);
    // An input has its own undo while a person types in it. A tick and a date have none. A dialog is about the text as it is.
    const isTyped = event.target instanceof Element && event.target.closest('dialog, input:not([type=checkbox],[type=radio],[type=date],[type=color]), textarea, [contenteditable]'); // prettier-ignore
    if (!isUndo || isTyped) return;
    event.preventDefault();
    if (event.shiftKey || isRedo) model.redo();
    else model.undo();
  });
  const services = {
    model,
    views: createViews(window),
    preview: start.preview,
    nonce: start.nonce,
    isPublishedText,
    kept,
  };
  if (start.part) {
    model.selection.value = start.part;
    services.views.goTo('panel');
  }
  place.replaceChildren();
  render(
    <EditorRoot
      model={model}
      views={services.views}
      comments={createFormComments(start.comments, address('preview'))}
      member={start.member}
    >
      <Editor
        {...services}
        discardKept={() => kept && device.discard(kept)}
        publish={() => void publish()}
        discard={start.isPublished ? () => void discard() : undefined}
      />
    </EditorRoot>,
    place,
  );
  keepFocus(place);
  plain.hidden = true;
  // The thread starts and reads before the first key, which would otherwise wait for it.
  void thread.read(text);
}

/**
 * Ends when the browser has drawn the frame of a key. Work on another thread would take the processor from it. A page that is
 * hidden draws none, but its model has made all changes by then.
 */
const frameDrawn = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** Undefined if the browser has no storage for the page. */
function storage(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
