/** The save status as text. A screen reader announces only trouble and its end, not each save. */
import { effect, signal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { SaveState } from './model/autosave.ts';
import type { EditorModel } from './model/model.ts';
import { savedTime } from './times.ts';

/** Words that change with each key are a flicker, and the browser would draw each of them. In ms. */
const CALM_MS = 400;

/** The state, but "saved" only once it stays so. */
function calm(saved: ReadonlySignal<SaveState>): ReadonlySignal<SaveState> {
  const shown = signal(saved.peek());
  let timer: ReturnType<typeof setTimeout>;
  effect(() => {
    const state = saved.value;
    clearTimeout(timer);
    if (state.is === 'saved') timer = setTimeout(() => (shown.value = state), CALM_MS);
    else shown.value = state;
  });
  return shown;
}

/** @param isPublishedText whether people see this text already */
export function SaveStatus({
  model,
  isPublishedText,
}: {
  model: EditorModel;
  isPublishedText: ReadonlySignal<boolean>;
}) {
  const state = useMemo(() => calm(model.saved), [model]).value;
  const hasError = state.is === 'away' || state.is === 'refused' || state.is === 'conflict';
  const [hadError, setHadError] = useState(false);
  useEffect(() => {
    if (hasError) setHadError(true);
  }, [hasError]);
  return (
    <>
      <p class={hasError ? 'pill warn' : 'dim saved'}>
        {state.is === 'saved' && model.isInField.value
          ? 'Not saved until you leave this field'
          : wordsOf(state, isPublishedText.value)}
      </p>
      <p class="hide" role="status">
        {hasError ? 'Your text is not saved' : hadError && state.is === 'saved' ? 'Your text is saved' : ''}
      </p>
    </>
  );
}

function wordsOf(state: SaveState, isPublishedText: boolean): string {
  switch (state.is) {
    case 'saved':
      return isPublishedText
        ? 'Everything here is published'
        : `Draft, saved${state.at ? ` ${savedTime(state.at)}` : ''}`;
    case 'saving':
      return 'Saving…';
    case 'away':
    case 'refused':
    case 'conflict':
      return 'Not saved';
    default:
      return state satisfies never;
  }
}
