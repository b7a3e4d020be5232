/** What stands in place of the form at the end: the ending with the reference to keep, or why there is none. */
import type { Ended } from '../device.ts';
import { button, element } from '../element.ts';
import type { Page } from '../parts.ts';
import { keep as words } from 'virtual:words';

/** Why the form takes no answers, in its place. What was entered stays on the device. */
export function showClosed(page: Page, message: string): void {
  inPlaceOf(page, page.view.title, message);
}

/** The ending, with the reference to keep and the way to fill in another one. */
export function showEnding(page: Page, { reference, ending }: Ended): void {
  const told = () => (copy.textContent = words.copied);
  const copy = button(words.copy, () => void navigator.clipboard.writeText(reference).then(told), 'quiet');
  // Pages without https have none.
  copy.hidden = !navigator.clipboard;
  const again = () => {
    page.device.forget();
    location.assign(location.pathname);
  };
  inPlaceOf(
    page,
    ending.title,
    ending.text,
    element(
      'div',
      { className: 'panel' },
      element('p', { className: 'dim', textContent: words.reference }),
      element('div', { className: 'head' }, element('p', { className: 'ref', textContent: reference }), copy),
    ),
    button(words.again, again, 'quiet'),
  );
  document.title = ending.title;
}

function inPlaceOf({ form, view }: Page, title: string, text: string | undefined, ...more: Node[]): void {
  for (const id of ['ending', 'later']) document.getElementById(id)?.remove();
  const said = text ? [element('p', { className: 'said', textContent: text })] : [];
  const heading = element('h1', { textContent: title, tabIndex: -1 });
  const section = element('section', { className: 'flow', id: 'ending' }, heading, ...said, ...more);
  form.hidden = true;
  form.after(section);
  view.note('');
  view.focusHeading(section);
}
