/** Formats answers that are shown again: in texts, computed fields, the review. */
import { answerTo, type Answers } from '../form/runtime/condition.ts';
import { codeIn, grouped } from '../form/runtime/grouped.ts';
import type { PageData } from '../contract/page.ts';
import { controlsOf } from './controls.ts';
import type { Device } from './device.ts';

export interface PipeContext {
  data: PageData;
  form: HTMLFormElement;
  device: Device;
}

/** An answer as the person knows it: the label of an option, an amount with its currency, or the typed text. */
function formatAnswer({ data: { locale, comma }, form, device }: PipeContext, id: string, answers: Answers): string {
  // A value that the address filled in, and that the person removed, is no answer.
  const answer = answerTo(id, answers) ?? (controlsOf(form, id)[0] ? undefined : device.state.params[id]);
  if (answer === undefined) return '';
  const field = form.querySelector<HTMLElement>(`[data-field="${id}"]`);
  const clock = field?.querySelector<HTMLInputElement>('[type=date],[type=time]')?.type;
  const { groups, between = '' } = field?.querySelector('input')?.dataset ?? {};
  // Each value, with the element that has its options: only one part of an address has any. Inputs that are not shown, such
  // as the country in a form for one country, are left out.
  const partsOf = (parts: Record<string, string>) => Object.entries(parts).flatMap(([part, value]) => controlsOf(form, `${id}.${part}`).map((control) => [value, control] as const)); // prettier-ignore
  const values = typeof answer === 'object' && !Array.isArray(answer) ? partsOf(answer) : [answer].flat().map((value) => [value, field] as const); // prettier-ignore
  const shown = values.map(([value, place]) => {
    if (groups) return grouped(codeIn(String(value)), groups, between);
    if (clock) return formatMoment(locale, clock, String(value));
    // Matches options and cards. No typed text is such a value.
    const one = place?.querySelector(`[value="${CSS.escape(String(value))}"]`);
    const label = (one?.closest('label')?.querySelector('span')?.firstChild ?? one)?.textContent?.trim();
    return label || (typeof value === 'number' ? formatNumber(locale, value, field?.dataset['format']) : value);
  });
  return shown.join(comma);
}

const formatNumber = (locale: string, value: number, format = '{"maximumFractionDigits":10}'): string =>
  new Intl.NumberFormat(locale, JSON.parse(format)).format(value);

function formatMoment(locale: string, clock: string, value: string): string {
  const moment = Date.parse(clock === 'date' ? value : `1970-01-01T${value}Z`);
  const style = clock === 'date' ? ({ dateStyle: 'long' } as const) : ({ timeStyle: 'short' } as const);
  return Number.isNaN(moment) ? value : new Intl.DateTimeFormat(locale, { ...style, timeZone: 'UTC' }).format(moment);
}

/** Fills `answers` into the texts of `section`. */
export function fillPipedTexts(context: PipeContext, section: HTMLElement, answers: Answers): void {
  for (const pipe of section.querySelectorAll<HTMLElement>('[data-pipe]')) {
    pipe.textContent = formatAnswer(context, pipe.dataset['pipe'] ?? '', answers);
  }
}

/** How chunks show answers, with the context of the page. */
export const answerTexts = (context: PipeContext) => ({
  shownAnswer: (id: string, answers: Answers) => formatAnswer(context, id, answers),
  fillPipes: (section: HTMLElement, answers: Answers) => fillPipedTexts(context, section, answers),
});

/** Shows the computed fields for `answers`. */
export function showComputed(context: PipeContext, section: HTMLElement, answers: Answers): void {
  for (const output of section.querySelectorAll('output')) {
    const id = output.closest<HTMLElement>('[data-field]')?.dataset['field'] ?? '';
    output.textContent = formatAnswer(context, id, answers) || '–';
  }
}
