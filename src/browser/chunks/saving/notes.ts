/** Sentences below the form that few people need. */
import type { Answers } from '../../../form/runtime/condition.ts';
import type { PageField, PageScreen } from '../../../contract/page.ts';
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
 * Saves the answers in the controls of a screen that the server does not have. Browsers can tell a tab late about another
 * tab's changes, and a save can get lost.
 * @returns nothing, or why it saves nothing: the refusal of a screen without controls, or one that asks to check answers that
 * the device does not have either. Their questions were not shown when the screen was left, so no review had them. No one can
 * check fields that are never shown, and computed ones
 */
export function saveAgain(
  { data, device, entered, navigation, uuid }: PageContext,
  id: string,
  refusal: ServerError,
): ServerError | undefined {
  const screen = navigation.screen(id);
  if (!screen || screen.wink) return refusal;
  const { answers } = entered(screen);
  const isUnseen = ({ id: name, kind, value }: PageField) => name in answers && !(name in device.state.answers) && kind !== 'hidden' && !value; // prettier-ignore
  const unseen = screen.fields.filter(isUnseen).map(({ id: name }) => [name, data.words.checkAnswer]);
  if (unseen[0]) return { ...refusal, fields: Object.fromEntries(unseen) as Record<string, string> };
  device.update(({ saves }) => ({ saves: [...saves, { key: uuid(), screen: id, answers }] }));
  return undefined;
}
