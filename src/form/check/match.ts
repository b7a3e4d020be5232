/**
 * Comparisons: the form has fields with the declared values, and a Wink screen that reads the values to compare with.
 */
import { currencyOf } from '../fields/amounts/currency.ts';
import type { PersonFact } from '../fields/field-type.ts';
import { canHold, type Field } from '../fields/fields.ts';
import { nameFields } from '../settings/match.ts';
import { didYouMean } from '../faults/nearest.ts';
import { fieldsOf, type DataPoint, type Form } from '../schema.ts';
import { isTouched, type Refused } from '../repair.ts';
import { widgetsOf } from '../runtime/wink.ts';
import type { Doubts } from './doubts.ts';
import type { Finding } from './finding.ts';

/** For each comparison: the fact, a type of field for it, and the data of an account that can be compared with it. */
const SIDES = {
  name: { fact: 'name', type: 'text', points: ['identities'] },
  employer: { fact: 'employer', type: 'text', points: ['employments', 'incomes'] },
  monthly_income: { fact: 'income', type: 'money', points: ['incomes', 'eincomes', 'transactions'] },
} as const satisfies Record<string, { fact: PersonFact; type: Field['type']; points: DataPoint[] }>;

type Side = keyof typeof SIDES;

export function matchFaults(form: Form, refused: Refused, { kinds }: Doubts): Finding[] {
  const { match } = form;
  if (!match) return [];
  const sides = (Object.keys(SIDES) as Side[]).filter((side) => match[side] !== undefined);
  if (!sides.length && !isTouched(refused, ['match'])) {
    return [{
      place: { path: ['match'] },
      message: '`match` names nothing to compare',
      remedy: 'Name the fields to compare, like `match: { name: full_name, employer: employer }`.',
    }]; // prettier-ignore
  }
  const widgets = form.screens.every((_, at) => !isTouched(refused, ['screens', at, 'wink'])) && !refused.names;
  return sides.flatMap((side) => [...fieldFaults(form, side, kinds), ...(widgets ? readFaults(form, side) : [])]);
}

function fieldFaults(form: Form, side: Side, kinds: ReadonlySet<string>): Finding[] {
  const match = form.match ?? {};
  const ids = side === 'name' ? nameFields(match) : [(side === 'employer' ? match.employer : match.monthly_income?.field) ?? '']; // prettier-ignore
  return ids.flatMap((id, at) => (kinds.has(id) ? [] : fieldFault(form, side, id, pathOf(form, side, at))));
}

function pathOf(form: Form, side: Side, at: number): PropertyKey[] {
  const path: PropertyKey[] = ['match', side];
  if (side === 'monthly_income') return [...path, 'field'];
  return side === 'name' && Array.isArray(form.match?.name) ? [...path, at] : path;
}

function fieldFault(form: Form, side: Side, id: string, path: PropertyKey[]): Finding[] {
  const { fact, type } = SIDES[side];
  const fields = fieldsOf(form);
  const fitting = fields.filter((one) => canHold(one, fact)).map(({ id: fit }) => fit);
  const instead = fitting.length ? `Use one of: ${fitting.join(', ')}.` : `Add a field of type ${type}.`;
  const field = fields.find((one) => one.id === id);
  if (!field) {
    const remedy = didYouMean(id, fields.map((one) => one.id), instead); // prettier-ignore
    return [{ place: { path }, message: `there is no field \`${id}\``, remedy, unknown: true }];
  }
  if (!canHold(field, fact)) {
    const message = `\`${side}\` cannot be compared with field \`${id}\`, which has the type ${field.type}`;
    return [{ place: { path }, message, remedy: instead }];
  }
  if (side !== 'monthly_income') return [];
  const own = currencyOf(field);
  const currency = form.match?.monthly_income?.currency;
  if (!own && !currency) {
    const message = `field \`${id}\` has no currency, so its amounts cannot be compared`;
    return [{ place: { path: ['match', side] }, message, remedy: 'Add `currency: PHP` here, or use a field of type money.' }]; // prettier-ignore
  }
  if (own && currency && own !== currency) {
    const message = `field \`${id}\` is in ${own}, but \`currency\` is ${currency}`;
    return [{ place: { path: ['match', side, 'currency'] }, message, remedy: 'Delete `currency`. The field has its own.' }]; // prettier-ignore
  }
  return [];
}

function readFaults(form: Form, side: Side): Finding[] {
  const points: readonly DataPoint[] = SIDES[side].points;
  const read = form.screens.flatMap((screen) => widgetsOf(screen.wink).flatMap(({ retrieve }) => retrieve));
  if (points.some((point) => read.includes(point))) return [];
  const message = `\`${side}\` has nothing to compare with, because no Wink screen retrieves ${points.join(' or ')}`;
  const remedy = form.screens.some(({ wink }) => wink)
    ? `Add \`retrieve: [${points[0]}]\` to a Wink screen.`
    : 'Add a Wink screen, or delete `match` from the text.';
  return [{ place: { path: ['match', side] }, message, remedy }];
}

/** Without reading data first, revoking would only throw away the new connection. */
export function revokeFaults(form: Form): Finding[] {
  return form.screens.flatMap((screen, at) =>
    widgetsOf(screen.wink)
      .filter(({ revoke, retrieve }) => revoke === 'after_retrieval' && !retrieve.some((point) => point !== 'archives'))
      .map(() => ({
        place: { path: ['screens', at, 'wink'], find: 'revoke' },
        message: `screen \`${screen.id}\` disconnects the account before it reads anything from it`,
        remedy: 'Add `retrieve: [identities, incomes]`, or delete `revoke`.',
      })),
  );
}
