/** An answer in several parts, such as an address: all that is wrong with it is told at once. */
import type { PageData, PageField } from '../contract/page.ts';
import { flagOf, type PageControl } from './controls.ts';

/** The sentences for all parts of an answer, as one; nothing for an answer that has no parts. */
export function compositeError(
  id: string,
  controls: PageControl[],
  say: PageField['say'],
  { between, checkAnswer }: PageData['words'],
): string | undefined {
  if (controls[0]?.name === id) return undefined;
  const told = controls.flatMap((control) => {
    const flag = flagOf(control);
    return flag ? (say[`${control.name}:${flag}`.slice(id.length + 1)] ?? say['typeMismatch'] ?? checkAnswer) : [];
  });
  return [...new Set(told)].join(between);
}

/** Marks each part that is wrong, beside the first one. */
export function markComposite(id: string, controls: PageControl[]): void {
  for (const one of controls) if (one.name !== id && flagOf(one)) one.setAttribute('aria-invalid', 'true');
}
