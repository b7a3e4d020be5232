/** Rules between checkboxes of one question: too few, too many, or "none of these" beside another. */
import { controlsOf, type PageControl } from './controls.ts';

/** Unticks boxes that exclude the one just ticked: "none of these" excludes all others. */
export function keepExclusive(form: HTMLFormElement, ticked: EventTarget | null): void {
  if (!(ticked instanceof HTMLInputElement && ticked.type === 'checkbox' && ticked.checked)) return;
  for (const other of controlsOf(form, ticked.name)) {
    const isExclusive = 'alone' in ticked.dataset || 'alone' in other.dataset;
    if (other !== ticked && isExclusive) (other as HTMLInputElement).checked = false;
  }
}

/**
 * The problem with the number of `ticked` boxes, of which there is at least one. @param limits the data of the
 * question's element
 */
export function countProblem(
  ticked: PageControl[],
  { min = '0', max = 'Infinity' }: DOMStringMap,
): 'few' | 'many' | undefined {
  if ('alone' in (ticked[0] as PageControl).dataset) return undefined;
  return ticked.length < +min ? 'few' : ticked.length > +max ? 'many' : undefined;
}
