/** GOV.UK's error pattern: a summary that takes the focus and links to each field, and the same words beside it. */
import { fill } from '../form/text.ts';
import type { PageData } from '../publish/page-data.ts';
import { controlsOf } from './fields.ts';

const icon = () => {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS('http://www.w3.org/2000/svg', 'use'));
  svg.firstElementChild?.setAttribute('href', '#i-warn');
  return svg;
};

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Takes away the summary and every error of `screen`, those that came with the page included. */
export function clearErrors(screen: HTMLElement): void {
  screen
    .closest('form')
    ?.querySelectorAll('.summary')
    .forEach((summary) => summary.remove());
  for (const field of screen.querySelectorAll<HTMLElement>('.bad')) {
    field.classList.remove('bad');
    const error = field.querySelector('.error');
    for (const described of field.querySelectorAll('[aria-describedby]')) {
      const rest =
        described
          .getAttribute('aria-describedby')
          ?.split(' ')
          .filter((id) => id !== error?.id) ?? [];
      if (rest.length) described.setAttribute('aria-describedby', rest.join(' '));
      else described.removeAttribute('aria-describedby');
    }
    field.querySelectorAll('[aria-invalid]').forEach((control) => control.removeAttribute('aria-invalid'));
    error?.remove();
  }
}

/** Shows `errors` (sentences by field) on `screen` and moves the focus to their summary. */
export function showErrors(screen: HTMLElement, errors: Record<string, string>, words: PageData['words']): void {
  clearErrors(screen);
  const form = screen.closest('form');
  if (!form) return;
  const list = element('ul');
  for (const [id, sentence] of Object.entries(errors)) {
    const link = element('a', { href: `#f-${id}`, textContent: sentence });
    link.addEventListener('click', (event) => {
      event.preventDefault();
      controlsOf(form, id)[0]?.focus();
    });
    list.append(element('li', {}, link));
    markField(form, id, sentence, words.error);
  }
  const count = list.children.length;
  const heading = count === 1 ? words.checkOne : fill(words.checkSome, { n: String(count) });
  const summary = element(
    'div',
    { className: 'summary', tabIndex: -1, role: 'alert' },
    element('h2', { textContent: heading }),
    list,
  );
  screen.prepend(summary);
  summary.focus();
  summary.scrollIntoView({ block: 'start' });
}

function markField(form: HTMLFormElement, id: string, sentence: string, prefix: string): void {
  const field = form.querySelector<HTMLElement>(`[data-field="${id}"]`);
  if (!field) return;
  const error = element('p', { className: 'error', id: `f-${id}-e` }, icon());
  error.append(element('span', {}, element('span', { className: 'hide', textContent: prefix }), sentence));
  field.classList.add('bad');
  const group = field.querySelector('fieldset');
  const described = group ?? controlsOf(form, id)[0];
  described?.setAttribute(
    'aria-describedby',
    [error.id, described.getAttribute('aria-describedby')].filter(Boolean).join(' '),
  );
  if (!group) described?.setAttribute('aria-invalid', 'true');
  const asked = document.getElementById(`f-${id}-h`) ?? field.querySelector('legend, label:not(.card)');
  if (asked) asked.after(error);
  else field.prepend(error);
}
