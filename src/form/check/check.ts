/**
 * Proves that a form can be completed. The schema has accepted the form, or its refused parts are known. This check
 * looks at references between its parts: ids, rules, computed values, journeys, pipes, options, limits, defaults, examples.
 */
import { NOTHING_REFUSED, type Refused } from '../repair.ts';
import type { Form } from '../schema.ts';
import { computedFaults } from './computed.ts';
import { defaultFaults } from './defaults.ts';
import { doubtsOf, possibleTargetsOf, type Doubts } from './doubts.ts';
import { exampleFaults } from './examples.ts';
import { explore, type Journeys } from './explore.ts';
import type { Finding } from './finding.ts';
import { inviteFaults } from './invite.ts';
import { journeyFaults } from './journeys.ts';
import { limitFaults } from './limits.ts';
import { linkFaults } from './links.ts';
import { matchFaults, revokeFaults } from './match.ts';
import { nameFaults } from './names.ts';
import { notifyFaults } from './notify.ts';
import { optionFaults } from './options.ts';
import { patternFaults } from './patterns.ts';
import { earlyFaults, ruleFaults } from './rules.ts';
import { textFaults } from './texts.ts';

/**
 * Every fault of `form`, in no particular order. Without faults, each of its journeys ends. A fault that only follows
 * from another one is not reported.
 * @param refused the parts of the form that are only placeholders
 */
export function check(form: Form, now: Date, refused: Refused = NOTHING_REFUSED): Finding[] {
  const names = nameFaults(form);
  const rules = [...names, ...ruleFaults(form, doubtsOf(form, refused, names))];
  let doubts = doubtsOf(form, refused, rules);
  let journeys = explore(form, doubts.possibleTargets);
  const early = earlyFaults(form, journeys, doubts);
  if (early.length) {
    rules.push(...early);
    doubts = doubtsOf(form, refused, rules);
    journeys = explore(form, doubts.possibleTargets);
  }
  const { loops } = journeys;
  const back = [...loops, ...journeys.doubtful];
  if (back.length) journeys = explore(form, withoutLoops(form, doubts.possibleTargets, back));
  return [
    ...rules,
    ...computedFaults(form, journeys, doubts),
    ...journeyFaults(form, loops, journeys),
    ...textFaults(form, journeys),
    ...optionFaults(form),
    ...patternFaults(form),
    ...limitFaults(form, doubts),
    ...revokeFaults(form),
    ...matchFaults(form, refused, doubts),
    ...notifyFaults(form, refused),
    ...inviteFaults(form, refused, doubts),
    ...linkFaults(form, now, doubts),
    ...defaultFaults(form, now),
    ...exampleFaults(form, now, { refused, doubts, journeys }),
  ];
}

/**
 * A screen that leads back may also lead to the next one in the file. So a part that only that way reaches is not
 * reported as unreachable.
 */
function withoutLoops(
  form: Form,
  possibleTargets: Doubts['possibleTargets'],
  back: Journeys['loops'],
): Doubts['possibleTargets'] {
  return new Map([
    ...possibleTargets,
    ...back.map(({ from }) => [from, possibleTargets.get(from) ?? possibleTargetsOf(form, from)] as const),
  ]);
}
