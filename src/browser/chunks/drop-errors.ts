/** Errors that are over before the screen is left: of a field that is asked no longer, or that was answered anew. */
import { errorsInWords } from '../../form/runtime/text.ts';
import { clearErrors } from '../errors.ts';
import type { PageContext } from '../page-context.ts';

/** Nobody can correct what nobody sees. */
export const dropHidden = (page: PageContext): void => dropErrors(page, (field) => !field.offsetParent);

/** What was wrong with a file is over once another one is chosen; what is wrong with that one is told after this. */
export function dropReplaced(page: PageContext, { target }: Event): void {
  const input = target as HTMLInputElement;
  if (input.type === 'file') dropErrors(page, (field) => field.contains(input));
}

/** Takes the errors of the fields that are `over` out of the summary, and from beside the fields. */
function dropErrors({ form, data: { words }, view }: PageContext, over: (field: HTMLElement) => boolean): void {
  const summary = form.querySelector('.now .summary');
  const links = [...(summary?.querySelectorAll<HTMLAnchorElement>('a') ?? [])];
  const left = links.filter((link) => {
    const field = form.querySelector<HTMLElement>(`[data-field="${link.hash.slice(3)}"]`);
    if (!field || !over(field)) return true;
    link.parentElement?.remove();
    field.classList.remove('bad');
    clearErrors(field);
    return false;
  });
  if (left.length === links.length) return;
  const [heading] = summary?.children ?? [];
  if (heading) heading.textContent = errorsInWords(words, left.length);
  if (left[0]) return;
  summary?.remove();
  document.title = view.title;
}
