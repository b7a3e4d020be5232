/** "Finish later": a link that opens this submission on any device, to copy or to mail to oneself. */
import { fill } from '../../form/text.ts';
import { button, element } from '../element.ts';
import type { Page, Parts } from '../parts.ts';
import { keep, later as words } from 'virtual:words';

export function mount(page: Page): Parts['later'] {
  return {
    open(later) {
      const panel = linkPanel(page);
      later.replaceWith(panel);
      panel.focus();
    },
  };
}

function linkPanel({ device, view }: Page): HTMLElement {
  const { id, token } = device.kept;
  // The token stands in the fragment, which browsers never send.
  const link = `${location.origin}${location.pathname}#resume=${id}.${token}`;
  const field = element('input', { readOnly: true, value: link, dir: 'ltr' });
  field.setAttribute('aria-label', words.copyLink);
  field.onfocus = () => field.select();
  const copy = button(words.copyLink, () => {
    field.select();
    void navigator.clipboard?.writeText(link).then(() => (copy.textContent = keep.copied));
  });
  const subject = fill(words.mailSubject, { form: view.title });
  const mail = element('a', {
    className: 'button',
    textContent: words.mailLink,
    href: `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(`${view.title}\n${link}`)}`,
  });
  return element(
    'div',
    { className: 'panel near', id: 'later', tabIndex: -1 },
    element('p', { textContent: words.text }),
    field,
    copy,
    mail,
  );
}
