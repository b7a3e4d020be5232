import type { Provider } from './api.ts';
import { codeForm } from './code-form.ts';
import { button, h } from './dom.ts';
import { alert } from './notes.ts';
import type { Screen } from './view.ts';
import { explain, words } from './words.ts';

export function failure(
  provider: Provider,
  errorCode: string,
  on: {
    onRetry: () => void;
    /** Takes another verification code for the same sign-in, while there are tries left. */
    onCode: ((code: string) => void) | undefined;
    onExit: () => void;
    back: (() => void) | undefined;
  },
): Screen {
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

export function unreachable(onRetry: () => void, onExit: () => void): Screen {
  return {
    name: 'unreachable',
    heading: words.problem.heading,
    body: [alert(words.problem.message), h('p', {}, words.problem.remedy), retryOrExit(onRetry, onExit)],
  };
}

export function expired(): Screen {
  return { name: 'expired', heading: words.expired.heading, body: [h('p', { role: 'alert' }, words.expired.message)] };
}

function retryOrExit(onRetry: () => void, onExit: () => void, retry: 'main' | 'other' = 'main') {
  return h('div', { class: 'actions' }, button(retry, words.tryAgain, onRetry), button('other', words.exit, onExit));
}
