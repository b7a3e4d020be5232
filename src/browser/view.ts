/** What the person sees of a screen: its conditional fields, its progress, the answers in its texts. */
import type { Answers } from '../form/condition.ts';
import { fill } from '../form/text.ts';
import type { PageData, PageScreen } from '../publish/page-data.ts';
import type { Device } from './device.ts';
import { element } from './element.ts';
import { clearErrors } from './errors.ts';
import { readScreen } from './fields.ts';
import { fillPipes, showComputed, shownAnswer } from './shown.ts';
import type { OnTheWay } from './way.ts';

export function openView(data: PageData, form: HTMLFormElement, device: Device, way: OnTheWay) {
  const { words } = data;
  const around = { data, form, device };
  const { title } = document;
  const sectionOf = (id: string) => document.getElementById(`s-${id}`) as HTMLElement;

  /** Shows the fields whose condition holds and what is computed, and words the button for what comes next. */
  function update(screen: PageScreen): void {
    const section = sectionOf(screen.id);
    const answers = readScreen(form, screen);
    const { shown, given } = way.on(screen, answers);
    for (const { id, show_when: when } of screen.fields) {
      if (when) section.querySelector(`[data-field="${id}"]`)?.classList.toggle('now', shown.includes(id));
    }
    showComputed(around, section, given);
    const next = section.querySelector('[data-next]');
    const last = 'ending' in way.next(screen, answers) && !data.parts.review;
    next?.replaceChildren(last ? words.send : words.next);
  }

  function progress(screen: PageScreen): void {
    const path = way.outlook();
    const at = path.indexOf(screen.id);
    const step = sectionOf(screen.id).querySelector('.step');
    if (!step || at < 0) return;
    const certain = path.slice(at).every((id) => way.screen(id)?.next.every((rule) => !rule.when));
    const text = fill(certain ? words.step : words.stepAbout, { n: String(at + 1), of: String(path.length) });
    const bar = element('span', { className: 'bar' });
    bar.append(...path.map((_, index) => element('i', { className: index <= at ? 'on' : '' })));
    step.replaceChildren(text, bar);
  }

  function focusHeading(section: HTMLElement): void {
    const heading = section.querySelector('h1') as HTMLElement;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  return {
    title,
    sectionOf,
    update,
    shownAnswer: (id: string, answers: Answers) => shownAnswer(around, id, answers),
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
      document.getElementById('status')?.replaceChildren(...(text ? [text, ...more] : more));
    },
  };
}

export type View = ReturnType<typeof openView>;
