/** Limits of date fields that move with the calendar. */
import { resolveDate } from '../form/runtime/relative-date.ts';

/** Resolves the limits in `form`, now and again before a picker opens, which offers days by them: phones keep a page open for days. */
export function followDates(form: HTMLElement): void {
  resolveDates(form);
  form.addEventListener('focusin', () => resolveDates(form));
}

/** Resolves limits such as `data-min="today - 18 years"` by the person's own date. */
export function resolveDates(part: HTMLElement): void {
  const now = new Date();
  const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  for (const control of part.querySelectorAll<HTMLInputElement>('[type=date]')) {
    for (const limit of ['min', 'max'] as const) {
      const rule = control.dataset[limit];
      const day = rule && resolveDate(rule, today);
      // Chromium empties a date that is not complete at each change, even to the same limit.
      if (day && control[limit] !== day) control[limit] = day;
    }
  }
}
