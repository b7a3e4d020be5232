/** Errors of an answer with several inputs, such as an address: the person sees all of them at once. */
import type { PageData, PageField } from '../contract/page.ts';
import { flagOf, type PageControl } from './controls.ts';

/** The sentences of all inputs, joined; undefined for an answer with one input. */
export function compositeError(
  id: string,
  controls: PageControl[],
  say: PageField['say'],
  { between, checkAnswer }: PageData['words'],
): string | undefined {
  if (controls[0]?.name === id) return undefined;
  const sentences = controls.flatMap((control) => {
    const flag = flagOf(control);
    return flag ? (say[`${control.name}:${flag}`.slice(id.length + 1)] ?? say['typeMismatch'] ?? checkAnswer) : [];
  });
  return [...new Set(sentences)].join(between);
}

/** Marks each invalid input. */
export function markComposite(id: string, controls: PageControl[]): void {
  for (const one of controls) if (one.name !== id && flagOf(one)) one.setAttribute('aria-invalid', 'true');
}
