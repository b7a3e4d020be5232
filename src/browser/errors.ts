/** GOV.UK's error pattern: a summary that takes the focus and links to each field, and the same words beside it. */
import { errorsInWords } from '../form/runtime/text.ts';
import type { PageData } from '../contract/page.ts';
import { element } from './element.ts';
import { controlsOf, flagOf } from './controls.ts';
import { markComposite } from './composite-errors.ts';

const DESCRIBED = 'aria-describedby';
const INVALID = 'aria-invalid';

/** Takes away every error in `within`, and the summary if it stands there, those that came with the page included. */
export function clearErrors(within: HTMLElement): void {
  for (const one of within.querySelectorAll(`.summary,.error,.bad,[${INVALID}=true],[${DESCRIBED}*="-e"]`)) {
    if (one.matches('.summary,.error')) one.remove();
    one.classList.remove('bad');
    // Not taken away: without it browsers say of a choice that is required and not made yet that it is wrong.
    if (one.matches(`[${INVALID}]`)) one.setAttribute(INVALID, 'false');
    const others = one.getAttribute(DESCRIBED)?.replace(/\S+-e( |$)/, '');
    if (others) one.setAttribute(DESCRIBED, others);
    else one.removeAttribute(DESCRIBED);
  }
}

/** Shows `errors` (sentences by field) on `screen` and moves the focus to their summary. */
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

/** @returns the control that is to be corrected */
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
  // Of a group of choices none is the wrong one; of an answer in parts some are.
  if (wrong && (!group || wrong.name !== id)) wrong.setAttribute(INVALID, 'true');
  markComposite(id, controls);
  field?.classList.add('bad');
  const asked = document.getElementById(`f-${id}-h`) ?? field?.querySelector('legend,label:not(.card)');
  if (asked) asked.after(error);
  else field?.prepend(error);
  return wrong;
}
