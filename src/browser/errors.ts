/** GOV.UK's error pattern: a focused summary that links to each field, and the same sentence at the field. */
import { errorsInWords } from '../form/runtime/text.ts';
import type { PageData } from '../contract/page.ts';
import { element } from './element.ts';
import { controlsOf, flagOf } from './controls.ts';
import { markComposite } from './composite-errors.ts';

const DESCRIBED = 'aria-describedby';
const INVALID = 'aria-invalid';

/** Removes all errors in `within`, including the summary and errors rendered by the server. */
export function clearErrors(within: HTMLElement): void {
  for (const one of within.querySelectorAll(`.summary,.error,.bad,[${INVALID}=true],[${DESCRIBED}*="-e"]`)) {
    if (one.matches('.summary,.error')) one.remove();
    one.classList.remove('bad');
    // Set to false instead of removed: else browsers announce a required choice as invalid before it is made.
    if (one.matches(`[${INVALID}]`)) one.setAttribute(INVALID, 'false');
    const others = one.getAttribute(DESCRIBED)?.replace(/\S+-e( |$)/, '');
    if (others) one.setAttribute(DESCRIBED, others);
    else one.removeAttribute(DESCRIBED);
  }
}

/** Shows `errors` (sentences by field) on `screen`, and moves the focus to their summary. */
export function showErrors(
  form: HTMLFormElement,
  screen: HTMLElement,
  errors: Record<string, string>,
  words: PageData['words'],
): void {
  clearErrors(form);
  const links = Object.entries(errors).map(([id, sentence]) => {
    const target = markField(form, id, sentence, words.error);
    const link = element('a', { href: `#f-${id}`, textContent: sentence });
    link.onclick = () => {
      target?.focus();
      return false;
    };
    return element('li', {}, link);
  });
  const summary = element(
    'div',
    { className: 'summary', tabIndex: -1, role: 'alert' },
    element('h2', {}, errorsInWords(words, links.length)),
    element('ul', {}, ...links),
  );
  screen.prepend(summary);
  summary.focus();
}

/** @returns the control to correct */
function markField(form: HTMLFormElement, id: string, sentence: string, prefix: string): HTMLElement | undefined {
  const controls = controlsOf(form, id);
  const wrong = controls.find(flagOf) ?? controls[0];
  const field = form.querySelector(`[data-field="${id}"]`);
  const error = element(
    'p',
    { className: 'error', id: `f-${id}-e` },
    element('span', {}, element('span', { className: 'hide' }, prefix), sentence),
  );
  const group = field?.querySelector('fieldset');
  const described = group ?? wrong;
  described?.setAttribute(DESCRIBED, `${error.id} ${described.getAttribute(DESCRIBED) ?? ''}`.trim());
  // In a group of choices no single control is invalid. In a composite answer some are.
  if (wrong && (!group || wrong.name !== id)) wrong.setAttribute(INVALID, 'true');
  markComposite(id, controls);
  field?.classList.add('bad');
  const labelElement = document.getElementById(`f-${id}-h`) ?? field?.querySelector('legend,label:not(.card)');
  if (labelElement) labelElement.after(error);
  else field?.prepend(error);
  return wrong;
}
