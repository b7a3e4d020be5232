/** Boxes of one question that do not go together: too few, too many, or "none of these" beside another. */
import { controlsOf, type PageControl } from './controls.ts';

/** Unticks what cannot stand beside what was just ticked: "none of these" stands alone. */
export function keepExclusive(form: HTMLFormElement, ticked: EventTarget | null): void {
  if (!(ticked instanceof HTMLInputElement && ticked.type === 'checkbox' && ticked.checked)) return;
  for (const other of controlsOf(form, ticked.name)) {
    const alone = 'alone' in ticked.dataset || 'alone' in other.dataset;
    if (other !== ticked && alone) (other as HTMLInputElement).checked = false;
  }
}

/** What is wrong with how many of a question's boxes are `ticked`, of which there is one. @param limits as its element has them */
export function countProblem(
  ticked: PageControl[],
  { min = '0', max = 'Infinity' }: DOMStringMap,
): 'few' | 'many' | undefined {
  if ('alone' in (ticked[0] as PageControl).dataset) return undefined;
  return ticked.length < +min ? 'few' : ticked.length > +max ? 'many' : undefined;
}
