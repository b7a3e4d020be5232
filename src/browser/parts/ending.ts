/** What stands in place of the form at the end: the ending with the reference to keep, or why there is none. */
import type { Ended } from '../device.ts';
import { element } from '../element.ts';
import type { Page } from '../parts.ts';
import { keep as words } from 'virtual:words';

/** Why the form takes no answers, in its place. What was entered stays on the device. */
export function showClosed({ form, view }: Page, message: string): void {
  document.getElementById('ending')?.remove();
  const title = element('h1', { textContent: view.title });
  const said = element('p', { className: 'said', textContent: message });
  const section = element('section', { className: 'flow', id: 'ending' }, title, said);
  form.hidden = true;
  form.after(section);
  view.note('');
  view.focusHeading(section);
}

export function showEnding({ form, view, device }: Page, { reference, ending }: Ended): void {
  document.getElementById('ending')?.remove();
  const copy = element('button', { type: 'button', className: 'quiet', textContent: words.copy });
  copy.onclick = () => void navigator.clipboard?.writeText(reference).then(() => (copy.textContent = words.copied));
  const again = element('button', { type: 'button', className: 'quiet', textContent: words.again });
  again.onclick = () => {
    device.forget();
    location.assign(location.pathname);
  };
  const section = element(
    'section',
    { className: 'flow', id: 'ending' },
    element('h1', { textContent: ending.title }),
    ...(ending.text ? [element('p', { className: 'said', textContent: ending.text })] : []),
    element(
      'div',
      { className: 'panel' },
      element('p', { className: 'dim', textContent: words.reference }),
      element('div', { className: 'head' }, element('p', { className: 'ref', textContent: reference }), copy),
    ),
    again,
  );
  form.hidden = true;
  form.after(section);
  document.title = ending.title;
  view.note('');
  view.focusHeading(section);
}
