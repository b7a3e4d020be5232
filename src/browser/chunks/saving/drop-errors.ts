/** Removes errors that are over: of fields that are hidden now, or were answered again. */
import { errorsInWords } from '../../../form/runtime/text.ts';
import { clearErrors } from '../../errors.ts';
import type { PageContext } from '../../page-context.ts';

/** The person cannot correct a hidden field. */
export const dropHidden = (page: PageContext): void => dropErrors(page, (field) => !field.offsetParent);

/** A new file ends the error of the old one. Errors of the new file come later. */
export function dropReplaced(page: PageContext, { target }: Event): void {
  const input = target as HTMLInputElement;
  if (input.type === 'file') dropErrors(page, (field) => field.contains(input));
}

/** Removes the errors of fields that are `isOver` from the summary and from the fields. */
function dropErrors({ form, data: { words }, view }: PageContext, isOver: (field: HTMLElement) => boolean): void {
  const summary = form.querySelector('.now .summary');
  const links = [...(summary?.querySelectorAll<HTMLAnchorElement>('a') ?? [])];
  const remaining = links.filter((link) => {
    const field = form.querySelector<HTMLElement>(`[data-field="${link.hash.slice(3)}"]`);
    if (!field || !isOver(field)) return true;
    link.parentElement?.remove();
    field.classList.remove('bad');
    clearErrors(field);
    return false;
  });
  if (remaining.length === links.length) return;
  const [heading] = summary?.children ?? [];
  if (heading) heading.textContent = errorsInWords(words, remaining.length);
  if (remaining[0]) return;
  summary?.remove();
  document.title = view.title;
}
