/** The progress of a person, as a sentence that stays true when answers change the path. */
import type { FlowDefinition } from './journey.ts';
import { fillPipes } from './text.ts';

/** @param path ids of the screens on the path as it is now. The person is on the one `at` this index, from 0 */
export function stepInWords(
  { screens }: Pick<FlowDefinition, 'screens'>,
  words: { step: string; stepAbout: string },
  path: string[],
  at: number,
): string {
  const certain = screens.every(({ id, next }) => path.indexOf(id) < at || next.every((rule) => !rule.when));
  return fillPipes(words[certain ? 'step' : 'stepAbout'], { n: at + 1, of: path.length });
}
