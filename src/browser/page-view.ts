/** The visible screen: its conditional fields, its progress, the answers in its texts. */
import { stepInWords } from '../form/runtime/progress.ts';
import type { PageData, PageScreen } from '../contract/page.ts';
import type { Device } from './device.ts';
import { element } from './element.ts';
import { clearErrors } from './errors.ts';
import { readControls } from './fields.ts';
import { answerTexts, fillPipedTexts, showComputed } from './format-answer.ts';
import type { Navigation } from './navigation.ts';

/** Leaves unchanged content alone, to avoid a new layout. */
function setText(where: Element | null, text: string, ...more: Node[]): void {
  if (where?.textContent !== text) where?.replaceChildren(text, ...more);
}

export function openPageView(data: PageData, form: HTMLFormElement, device: Device, navigation: Navigation) {
  const { words } = data;
  const context = { data, form, device };
  const { title } = document;
  const sectionOf = (id: string) => document.getElementById(`s-${id}`) as HTMLElement;

  /** Shows conditional and computed fields, and labels the button. */
  function update(screen: PageScreen): void {
    const section = sectionOf(screen.id);
    const { shown, answers } = navigation.evaluate(screen, readControls(form, screen));
    for (const { id, show_when: when } of screen.fields) {
      if (when) section.querySelector(`[data-field="${id}"]`)?.classList.toggle('now', shown.includes(id));
    }
    showComputed(context, section, answers);
    const isLast = 'ending' in navigation.next(screen, answers) && !data.chunks.review;
    setText(section.querySelector('[data-next]'), words[isLast ? 'send' : 'next']);
  }

  function progress(screen: PageScreen, path: string[]): void {
    const at = path.indexOf(screen.id);
    if (at < 0) return;
    const marks = path.map((_, index) => element('i', { className: index <= at ? 'on' : '' }));
    const bar = element('span', { className: 'bar' }, ...marks);
    setText(sectionOf(screen.id).querySelector('.step'), stepInWords(data, words, path, at), bar);
  }

  function focusHeading(section: HTMLElement): void {
    section.querySelector('h1')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  return {
    title,
    sectionOf,
    update,
    ...answerTexts(context),
    focusHeading,
    /** Shows only the section of `screen`. */
    screen(screen: PageScreen): void {
      const section = sectionOf(screen.id);
      for (const one of form.querySelectorAll('.screen')) one.classList.toggle('now', one === section);
      for (const link of document.querySelectorAll<HTMLAnchorElement>('a[hreflang]')) {
        link.search = location.search;
        link.hash = screen.id;
      }
      form.hidden = false;
      clearErrors(form);
      document.title = title;
      const { path, answers } = navigation.complete();
      fillPipedTexts(context, section, answers);
      update(screen);
      progress(screen, path);
    },
    /** Shows a status in the line that screen readers announce. */
    note(text: string, ...more: Node[]): void {
      document.getElementById('status')?.replaceChildren(text, ...more);
    },
  };
}

export type PageView = ReturnType<typeof openPageView>;
