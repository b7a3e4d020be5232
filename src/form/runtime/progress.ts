/** How far along a person is, in words that stay true where answers can still change the way. */
import type { FlowDefinition } from './journey.ts';
import { fillPipes } from './text.ts';

/** @param path ids of the screens as the way looks now; the person is on the one `at` this place, from 0 */
export function stepInWords(
  { screens }: Pick<FlowDefinition, 'screens'>,
  words: { step: string; stepAbout: string },
  path: string[],
  at: number,
): string {
  const certain = screens.every(({ id, next }) => path.indexOf(id) < at || next.every((rule) => !rule.when));
  return fillPipes(words[certain ? 'step' : 'stepAbout'], { n: at + 1, of: path.length });
}
