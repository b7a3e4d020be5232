/** What the person sees of a screen: its conditional fields, its progress, the answers in its texts, its ending. */
import { answerTo } from '../form/condition.ts';
import { fill } from '../form/text.ts';
import type { PageData, PageScreen } from '../publish/page-data.ts';
import type { Device, Ended } from './device.ts';
import { clearErrors, element } from './errors.ts';
import { controlsOf, readScreen } from './fields.ts';
import type { OnTheWay } from './way.ts';

export function openView(data: PageData, form: HTMLFormElement, device: Device, way: OnTheWay) {
  const { words } = data;
  const title = document.title;
  const sectionOf = (id: string) => document.getElementById(`s-${id}`) as HTMLElement;

  /** Shows the fields whose condition holds, and words the button for what comes next. */
  function update(screen: PageScreen): void {
    const section = sectionOf(screen.id);
    const given = readScreen(form, screen);
    const shown = way.shown(screen, given);
    for (const { id, show_when: when } of screen.fields) {
      if (when) section.querySelector(`[data-field="${id}"]`)?.classList.toggle('now', shown.includes(id));
    }
    const button = section.querySelector('[data-next]');
    if (button) button.textContent = 'ending' in way.next(screen, given) ? words.send : words.next;
  }

  function progress(screen: PageScreen): void {
    const path = way.outlook();
    const at = path.indexOf(screen.id);
    const step = sectionOf(screen.id).querySelector('.step');
    if (!step || at < 0) return;
    const certain = path.slice(at).every((id) => way.screen(id)?.next.every((rule) => !rule.when));
    const text = fill(certain ? words.step : words.stepAbout, { n: String(at + 1), of: String(path.length) });
    const bar = element('span', { className: 'bar', ariaHidden: 'true' });
    bar.append(...path.map((_, index) => element('i', { className: index <= at ? 'on' : '' })));
    step.replaceChildren(text, bar);
  }

  /** An answer as the person knows it: the label of what was chosen, else what was typed. */
  function shownAnswer(id: string): string {
    const answer = answerTo(id, device.kept.answers);
    if (answer === undefined) return device.kept.params[id] ?? '';
    const labels = [answer].flat().map((value) => {
      const control = controlsOf(form, id).find((one) => one.value === String(value));
      const option = control instanceof HTMLSelectElement ? control.selectedOptions[0] : undefined;
      const label = control?.closest('label')?.querySelector('span')?.firstChild;
      return option?.text ?? label?.textContent?.trim() ?? String(value);
    });
    return labels.join(', ');
  }

  function focusHeading(section: HTMLElement): void {
    const heading = section.querySelector<HTMLElement>('h1');
    if (heading) heading.tabIndex = -1;
    heading?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  return {
    title,
    sectionOf,
    update,
    focusHeading,
    screen(screen: PageScreen): void {
      const section = sectionOf(screen.id);
      for (const one of form.querySelectorAll('.screen')) one.classList.toggle('now', one === section);
      form.hidden = false;
      clearErrors(section);
      document.title = title;
      for (const pipe of section.querySelectorAll<HTMLElement>('[data-pipe]')) {
        pipe.textContent = shownAnswer(pipe.dataset['pipe'] ?? '');
      }
      update(screen);
      progress(screen);
    },
    ending({ reference, ending }: Ended): void {
      const section = document.getElementById('ending') as HTMLElement;
      const texts: Record<string, string> = { title: ending.title, text: ending.text ?? '', reference };
      for (const place of section.querySelectorAll<HTMLElement>('[data-ending]')) {
        place.textContent = texts[place.dataset['ending'] ?? ''] ?? '';
      }
      form.hidden = true;
      section.hidden = false;
      document.title = ending.title;
      focusHeading(section);
    },
    /** What is being done, or cannot be done, in a line that is announced. */
    note(text: string): void {
      const place = document.getElementById('status');
      if (place) place.textContent = text;
    },
    /** While something is under way, pressing again starts nothing twice. */
    busy(busy: boolean): void {
      form.ariaBusy = String(busy);
      for (const button of form.querySelectorAll<HTMLButtonElement>('[data-next]')) button.disabled = busy;
    },
  };
}
