/**
 * Rare sentences: about links to go on, that the page is older than the form, and the question before a link continues a
 * form that this device does not know. The sender of the link could read all that is entered.
 */
import { fillPipes } from '../../../form/runtime/text.ts';
import { button, element } from '../../element.ts';
import type { PageContext } from '../../page-context.ts';
import { isInvitedHere } from '../invited-here.ts';
import { ending, invite, resume as words } from 'virtual:words';

/** @param id the submission of the link. @returns whether the person began it, or was invited to it on this device */
export async function isOwn({ data, device, form, view }: PageContext, id: string): Promise<boolean> {
  const { id: own, ended, saves, typed } = device.state;
  const isReplaced = !ended && (own || saves[0] || Object.keys(typed)[0]);
  if (!isReplaced && isInvitedHere(id)) return true;
  // The id begins with the time at which it was made.
  const began = new Date(parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
  const date = new Intl.DateTimeFormat(data.locale, { dateStyle: 'long' }).format(began);
  return new Promise((resolve) => {
    const answer = (isYes: boolean) => () => {
      section.remove();
      resolve(isYes);
    };
    const section = element(
      'section',
      { className: 'flow' },
      element('h1', { textContent: words.title, tabIndex: -1 }),
      element('p', { textContent: fillPipes(words.text, { date }) }),
      ...(isReplaced ? [element('p', { textContent: words.replaces })] : []),
      button(words.yes, answer(true)),
      button(isReplaced ? words.keepOwn : words.own, answer(false), 'quiet'),
    );
    form.insertAdjacentElement('afterend', section);
    // The page in another language asks the same.
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[hreflang]')) {
      link.search = location.search;
      link.hash = location.hash;
    }
    view.note('');
    view.focusHeading(section);
  });
}

/** The link was cut, or its submission is gone. */
export type BrokenLink = 'cut' | 'gone';

/** Says why the form goes on without the link: at the top, where a person looks first. */
export function explainLink({ form }: PageContext, problem: BrokenLink): void {
  const alert = element('p', {
    className: 'panel',
    role: 'alert',
    textContent: problem === 'cut' ? ending.cut : ending.gone,
  });
  form.querySelector('.now h1')?.after(alert);
  form.addEventListener('submit', () => alert.remove(), { once: true });
}

/** The sentence for a page that is older than the form, where loading it again would lose the answers or change nothing. */
export const old = (): string => ending.old;

/** The way to the current version of the form. */
export function newerForm({ data, device }: PageContext): HTMLElement {
  const href = `${data.api}/${data.slug}/${data.language}?${new URLSearchParams(device.state.params).toString()}`;
  return element('a', { className: 'button', href, textContent: invite.open });
}
