/** Errors whose field is asked no longer: nobody can correct what nobody sees. */
import { fill } from '../../form/text.ts';
import type { Page } from '../parts.ts';

/** Takes the errors of fields that are hidden by now out of the summary, and from beside the fields. */
export function dropHidden({ form, data: { words }, view }: Page): void {
  const summary = form.querySelector('.now .summary');
  const links = [...(summary?.querySelectorAll<HTMLAnchorElement>('a') ?? [])];
  const left = links.filter((link) => {
    const field = form.querySelector<HTMLElement>(`[data-field="${link.hash.slice(3)}"]`);
    if (!field || field.offsetParent) return true;
    link.parentElement?.remove();
    field.classList.remove('bad');
    field.querySelector('.error')?.remove();
    return false;
  });
  if (left.length === links.length) return;
  const [heading] = summary?.children ?? [];
  if (heading) heading.textContent = left[1] ? fill(words.checkSome, { n: String(left.length) }) : words.checkOne;
  if (left[0]) return;
  summary?.remove();
  document.title = view.title;
}
