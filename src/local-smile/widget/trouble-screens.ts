import type { WidgetProvider } from './api.ts';
import { codeForm } from './code-form.ts';
import { widgetButton, h } from './dom.ts';
import { alert } from './notes.ts';
import type { WidgetScreen } from './view.ts';
import { explain, words } from './words.ts';

export function failure(
  provider: WidgetProvider,
  errorCode: string,
  on: {
    onRetry: () => void;
    /** Sends another verification code for the same sign-in, while there are tries left. */
    onCode: ((code: string) => void) | undefined;
    onExit: () => void;
    back: (() => void) | undefined;
  },
): WidgetScreen {
  const { problem, remedy } = explain(errorCode, provider.name);
  return {
    name: 'error',
    heading: words.failure.heading,
    back: on.back,
    body: [
      h(
        'div',
        { class: 'panel near' },
        alert(problem),
        h('p', {}, words.failure.nothingShared),
        h('p', { class: 'dim' }, on.onCode ? words.failure.codeAgain : remedy),
      ),
      ...(on.onCode ? [codeForm(on.onCode)] : []),
      retryOrExit(on.onRetry, on.onExit, on.onCode ? 'other' : 'main'),
    ],
  };
}

export function unreachable(onRetry: () => void, onExit: () => void): WidgetScreen {
  return {
    name: 'unreachable',
    heading: words.problem.heading,
    body: [alert(words.problem.message), h('p', {}, words.problem.remedy), retryOrExit(onRetry, onExit)],
  };
}

export function expired(): WidgetScreen {
  return { name: 'expired', heading: words.expired.heading, body: [h('p', { role: 'alert' }, words.expired.message)] };
}

function retryOrExit(onRetry: () => void, onExit: () => void, retry: 'main' | 'other' = 'main') {
  return h(
    'div',
    { class: 'actions' },
    widgetButton(retry, words.tryAgain, onRetry),
    widgetButton('other', words.exit, onExit),
  );
}
