/** The steps of Results. This is the one list of them: the filters of the API and all labels are made for it. */
import type { Screen } from '../../form/schema.ts';

/** The steps before the first screen, and after the last one. `clicks` is last, because no list of people has it. */
const FIRST_STEPS = ['opened', 'started'] as const;
const LAST_STEPS = ['not_eligible', 'completed', 'clicks'] as const;

/** The steps in a sign-in window, in their order. */
export const WINK_STEPS = ['window', 'blocked', 'provider', 'signed_in', 'failed', 'connected', 'uploaded'] as const;
export type WinkStep = (typeof WINK_STEPS)[number];

/** The kind of a step decides its label and its definition. */
export type StepKind = (typeof FIRST_STEPS)[number] | 'screen' | WinkStep | (typeof LAST_STEPS)[number];

/** The ids of all steps of these screens. A step of a screen has its id, as `screen:about`. A connected person counts once more. */
export function stepIds(screens: readonly Screen[]): string[] {
  const ofScreens = screens.flatMap(({ id, wink }) =>
    ['screen', ...(wink ? WINK_STEPS : [])].map((kind) => `${kind}:${id}`),
  );
  const connected = screens.some(({ wink }) => wink) ? ['connected'] : [];
  return [...FIRST_STEPS, ...ofScreens, ...connected, ...LAST_STEPS];
}
