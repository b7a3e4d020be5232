/** What the person sees of a screen: its conditional fields, its progress, the answers in its texts. */
import type { Answers } from '../form/runtime/condition.ts';
import { stepInWords } from '../form/runtime/progress.ts';
import type { PageData, PageScreen } from '../contract/page.ts';
import type { Device } from './device.ts';
import { element } from './element.ts';
import { clearErrors } from './errors.ts';
import { readControls } from './fields.ts';
import { fillPipes, showComputed, formatAnswer } from './format-answer.ts';
import type { Navigation } from './navigation.ts';

/** Nothing that stands there already, as the first step does, is laid out again. */
function put(where: Element | null, text: string, ...more: Node[]): void {
  if (where?.textContent !== text) where?.replaceChildren(text, ...more);
}

export function openPageView(data: PageData, form: HTMLFormElement, device: Device, way: Navigation) {
  const { words } = data;
  const around = { data, form, device };
  const { title } = document;
  const sectionOf = (id: string) => document.getElementById(`s-${id}`) as HTMLElement;

  /** Shows the fields whose condition holds and what is computed, and words the button for what comes next. */
  function update(screen: PageScreen): void {
    const section = sectionOf(screen.id);
    const { shown, given } = way.on(screen, readControls(form, screen));
    for (const { id, show_when: when } of screen.fields) {
      if (when) section.querySelector(`[data-field="${id}"]`)?.classList.toggle('now', shown.includes(id));
    }
    showComputed(around, section, given);
    const last = 'ending' in way.next(screen, given) && !data.parts.review;
    put(section.querySelector('[data-next]'), words[last ? 'send' : 'next']);
  }

  function progress(screen: PageScreen): void {
    const path = way.outlook();
    const at = path.indexOf(screen.id);
    if (at < 0) return;
    const marks = path.map((_, index) => element('i', { className: index <= at ? 'on' : '' }));
    const bar = element('span', { className: 'bar' }, ...marks);
    put(sectionOf(screen.id).querySelector('.step'), stepInWords(data, words, path, at), bar);
  }

  function focusHeading(section: HTMLElement): void {
    section.querySelector('h1')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  return {
    title,
    sectionOf,
    update,
    shownAnswer: (id: string, answers: Answers) => formatAnswer(around, id, answers),
    fillPipes: (section: HTMLElement) => fillPipes(around, section),
    focusHeading,
    /** Shows the section of `screen` alone. */
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
      fillPipes(around, section);
      update(screen);
      progress(screen);
    },
    /** What is being done, or cannot be done, in a line that is announced. */
    note(text: string, ...more: Node[]): void {
      document.getElementById('status')?.replaceChildren(text, ...more);
    },
  };
}

export type PageView = ReturnType<typeof openPageView>;
