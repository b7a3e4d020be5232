/** Sentences below the form that few people need. */
import type { Answers } from '../../../form/runtime/condition.ts';
import type { PageScreen } from '../../../contract/page.ts';
import type { PageContext, ServerError } from '../../page-context.ts';
import { needsSensitiveAgain } from '../../sensitive.ts';
import { ending, keep } from 'virtual:words';

/**
 * Says why sensitive answers are asked again, if any is.
 * @param typed the values in the controls of screens before the page was loaded
 */
export function askAgain({ data, device, entered, view }: PageContext, typed = device.state.typed): void {
  const isAsked = (screen: PageScreen) => needsSensitiveAgain(screen, entered(screen), typed);
  if (data.screens.some(isAsked)) view.note(ending.askAgain);
}

/** A refusal of answers that are too long together, with the error at the longest one. The person shortens it first. */
export function asTooLong(refusal: ServerError, answers: Answers): ServerError {
  const lengthOf = (id: string) => JSON.stringify(answers[id]).length;
  const [longest = ''] = Object.keys(answers).sort((a, b) => lengthOf(b) - lengthOf(a));
  return { ...refusal, code: 'too_long', fields: { [longest]: keep.tooLong } };
}

/**
 * A refusal that asks to check the answers of which the device has none. Their questions were hidden when the screen was left,
 * so no review has them. Undefined if there are none.
 */
export function asUnseen(
  refusal: ServerError,
  answers: Answers,
  { data, device }: PageContext,
): ServerError | undefined {
  const unseen = Object.keys(answers).filter((id) => !(id in device.state.answers));
  if (!unseen[0]) return undefined;
  return { ...refusal, fields: Object.fromEntries(unseen.map((id) => [id, data.words.checkAnswer])) };
}
