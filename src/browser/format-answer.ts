/** Answers as they are shown again: piped into texts, computed, reviewed. */
import { answerTo, type Answers } from '../form/runtime/condition.ts';
import { codeIn, grouped } from '../form/runtime/grouped.ts';
import type { PageData } from '../contract/page.ts';
import type { Device } from './device.ts';

export interface PipeContext {
  data: PageData;
  form: HTMLFormElement;
  device: Device;
}

/** An answer as the person knows it: the label of what was chosen, an amount with its currency, else what was typed. */
export function formatAnswer(
  { data: { locale }, form, device }: PipeContext,
  id: string,
  answers: Answers = device.state.answers,
): string {
  const answer = answerTo(id, answers) ?? device.state.params[id];
  if (answer === undefined) return '';
  const field = form.querySelector<HTMLElement>(`[data-field="${id}"]`);
  const clock = field?.querySelector<HTMLInputElement>('[type=date],[type=time]')?.type;
  const { groups, between = '' } = field?.querySelector('input')?.dataset ?? {};
  // What nobody was asked, such as the country of an address in a form for one country, is not told back.
  const asked = (part: string) => Array.isArray(answer) || form.elements.namedItem(`${id}.${part}`);
  const values = typeof answer === 'object' ? Object.entries(answer).flatMap(([part, one]) => (asked(part) ? [one] : [])) : [answer]; // prettier-ignore
  const shown = values.map((value) => {
    if (groups) return grouped(codeIn(String(value)), groups, between);
    if (clock) return momentInWords(locale, clock, String(value));
    // The value is that of an option or a card; what was typed is nobody's value.
    const one = field?.querySelector(`[value="${CSS.escape(String(value))}"]`);
    const label = (one?.closest('label')?.querySelector('span')?.firstChild ?? one)?.textContent?.trim();
    return label || (typeof value === 'number' ? numberInWords(locale, value, field?.dataset['format']) : value);
  });
  return shown.join(', ');
}

const numberInWords = (locale: string, value: number, format = '{"maximumFractionDigits":10}'): string =>
  new Intl.NumberFormat(locale, JSON.parse(format)).format(value);

function momentInWords(locale: string, clock: string, value: string): string {
  const moment = Date.parse(clock === 'date' ? value : `1970-01-01T${value}Z`);
  const style = clock === 'date' ? ({ dateStyle: 'long' } as const) : ({ timeStyle: 'short' } as const);
  return Number.isNaN(moment) ? value : new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' }).format(moment);
}

/** Fills in what is piped into the texts of `section`. */
export function fillPipes(around: PipeContext, section: HTMLElement): void {
  for (const pipe of section.querySelectorAll<HTMLElement>('[data-pipe]')) {
    pipe.textContent = formatAnswer(around, pipe.dataset['pipe'] ?? '');
  }
}

/** Shows what is computed of `answers`. */
export function showComputed(around: PipeContext, section: HTMLElement, answers: Answers): void {
  for (const output of section.querySelectorAll('output')) {
    const id = output.closest<HTMLElement>('[data-field]')?.dataset['field'] ?? '';
    output.textContent = formatAnswer(around, id, answers) || '–';
  }
}
