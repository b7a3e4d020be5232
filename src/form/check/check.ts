/**
 * Proof that a form can be completed. The schema has accepted it already; this looks at what its parts say of each
 * other: ids, rules, computed values, journeys, pipes, limits, defaults, examples.
 */
import type { Form } from '../schema.ts';
import { computedFaults } from './computed.ts';
import { defaultFaults } from './defaults.ts';
import { exampleFaults } from './examples.ts';
import { explore } from './explore.ts';
import type { Finding } from './finding.ts';
import { inviteFaults } from './invite.ts';
import { journeyFaults } from './journeys.ts';
import { limitFaults } from './limits.ts';
import { matchFaults, revokeFaults } from './match.ts';
import { nameFaults } from './names.ts';
import { notifyFaults } from './notify.ts';
import { ruleFaults } from './rules.ts';
import { textFaults } from './texts.ts';

/** Every fault of `form`, in no particular order; none means that each of its journeys ends. */
export function check(form: Form, now: Date): Finding[] {
  const names = nameFaults(form);
  if (names.length) return names;
  const journeys = explore(form);
  const rules = [...ruleFaults(form, journeys), ...computedFaults(form, journeys)];
  // A rule that is mistyped leads nowhere; what it does not reach would only be said twice.
  const faults = [
    ...rules,
    ...journeyFaults(form, journeys, rules.length === 0),
    ...textFaults(form, journeys),
    ...limitFaults(form),
    ...revokeFaults(form),
    ...matchFaults(form),
    ...notifyFaults(form),
    ...inviteFaults(form),
    ...defaultFaults(form, now),
  ];
  return faults.length ? faults : exampleFaults(form, now);
}
