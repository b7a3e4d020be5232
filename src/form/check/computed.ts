/**
 * Computed fields: each value is a number. It reads only numbers, choices and yes/no answers that the person can have
 * given before.
 */
import { reads, type Expression } from '../runtime/expression.ts';
import { formulaOf, typeOf, type Field } from '../fields/fields.ts';
import { didYouMean } from '../faults/nearest.ts';
import { fieldCalled, fieldsOf, type Form, type Screen } from '../schema.ts';
import { canBe, insteadOf, kindInWords, possibleWords, type ComparisonWords } from './compare.ts';
import type { Doubts } from './doubts.ts';
import type { Journeys } from './explore.ts';
import { pathOfField, type Finding } from './finding.ts';

type Wrong = Omit<Finding, 'place'>;

export function computedFaults(form: Form, { before, reached }: Journeys, { kinds }: Doubts): Finding[] {
  return form.screens.flatMap((screen, at) =>
    screen.fields.flatMap((field, index): Finding[] => {
      const formula = formulaOf(field);
      if (formula === undefined) return [];
      const place = { path: [...pathOfField(screen, at, index), 'value'] };
      const earlier = new Set([...(before.get(screen.id) ?? []), ...screen.fields.slice(0, index).map(({ id }) => id)]);
      const unread = [...new Set(reads(formula))].flatMap((id) => {
        if (kinds.has(id)) return [];
        const wrong = readFault(form, field, id, reached.has(screen.id) ? earlier : undefined);
        return wrong ? [wrong] : [];
      });
      const wrong = unread.length ? unread : valueFaults(form, formula, kinds);
      return wrong.map((words) => ({ place, ...words }));
    }),
  );
}

/**
 * @param earlier the ids that can be answered before; empty on a screen that no journey reaches, which has its own
 * fault
 */
function readFault(form: Form, own: Field, id: string, earlier: Set<string> | undefined): Wrong | undefined {
  const example = 'Use number, yes/no and choice fields, like hours * rate.';
  if (id === own.id) return { message: `the formula of \`${id}\` uses \`${id}\` itself`, remedy: example };
  const field = fieldCalled(form, id);
  if (!field) return unknown(form, own, id);
  if (earlier && !earlier.has(id)) {
    return {
      message: `this formula uses \`${id}\` before it is asked`,
      remedy: `Ask \`${id}\` before \`${own.id}\`, or use earlier answers.`,
    };
  }
  if (typeIn(field) !== undefined) return undefined;
  return { message: `\`${id}\` is ${kindInWords(field)}, which a formula cannot use`, remedy: example };
}

function unknown(form: Form, own: Field, id: string): Wrong {
  const screen: Screen | undefined = form.screens.find((one) => one.id === id);
  if (screen) {
    const message = `\`${id}\` is a screen, which a formula cannot use`;
    return { message, remedy: 'Use the ids of fields, like hours * rate.', unknown: true };
  }
  const known = fieldsOf(form)
    .filter((field) => field.id !== own.id && typeIn(field) !== undefined)
    .map((field) => field.id);
  const all = known.length ? `Use one of: ${known.join(', ')}.` : 'Add a number field before it.';
  return { message: `there is no field \`${id}\``, remedy: didYouMean(id, known, all), unknown: true };
}

/**
 * The result of a part of a value: a number, yes or no, one of a choice's texts, or anything if its fault is reported
 * already.
 */
type Type = 'number' | 'boolean' | 'choice' | 'any';

function typeIn(field: Field): Type | undefined {
  const { kind, values } = typeOf(field);
  if (kind === 'number') return 'number';
  if (kind === 'boolean') return 'boolean';
  return kind === 'text' && values(field) ? 'choice' : undefined;
}

function valueFaults(form: Form, value: Expression, kinds: ReadonlySet<string>): ComparisonWords[] {
  const faults: ComparisonWords[] = [];
  const wrong = (message: string, remedy: string): Type => {
    faults.push({ message, remedy });
    return 'any';
  };
  const result = typed(value);
  if (result === 'boolean') {
    wrong(
      `${written(value)} gives yes or no, not a number`,
      `Write ${written(value)} ? 1 : 0, and replace 1 and 0 with the values you want.`,
    );
  }
  if (result === 'choice') wrong(`${written(value)} gives text, not a number`, textRemedy(value));
  return faults;

  function typed(part: Expression): Type {
    if (!Array.isArray(part))
      return typeof part === 'number' ? 'number' : typeof part === 'boolean' ? 'boolean' : 'choice';
    const [operator, ...operands] = part;
    if (operator === 'get') {
      const field = kinds.has(String(part[1])) ? undefined : fieldCalled(form, String(part[1]));
      return (field && typeIn(field)) ?? 'any';
    }
    const parts = operands as Expression[];
    if (operator === '?') {
      const [test = true, yes = 0, no = 0] = parts;
      expectBoolean(test, (shown) => `Write ${shown} > 0 ? … : …`);
      const [one, other] = [typed(yes), typed(no)];
      return one === other || other === 'any' ? one : one === 'any' ? other : mixed(part, one, other);
    }
    if (operator === '&&' || operator === '||' || operator === '!') {
      for (const one of parts) expectBoolean(one, (shown) => `Write a comparison, like ${shown} > 0`);
      return 'boolean';
    }
    if (operator === '==' || operator === '!=') return same(parts, operator);
    for (const one of parts) countable(one, operator);
    return ['<', '<=', '>', '>='].includes(operator) ? 'boolean' : 'number';
  }

  /**
   * The type of two different results: yes/no beside a number counts as 1 or 0; a text beside a number does not fit.
   */
  function mixed(part: Expression, one: Type, other: Type): Type {
    if (one !== 'choice' && other !== 'choice') return 'number';
    return wrong(
      `${written(part)} gives a number in one case and text in the other`,
      'Write a number on both sides of the colon.',
    );
  }

  function expectBoolean(part: Expression, remedy: (shown: string) => string): void {
    const type = typed(part);
    if (type === 'number')
      wrong(`${written(part)} is a number, but yes or no is needed here`, `${remedy(written(part))}.`);
    if (type === 'choice') wrong(`${written(part)} is text, but yes or no is needed here`, textRemedy(part));
  }

  function countable(part: Expression, operator: string): void {
    if (typed(part) !== 'choice') return;
    wrong(`${written(part)} is text, but \`${operator}\` works with numbers only`, textRemedy(part));
  }

  function same(parts: Expression[], operator: '==' | '!='): Type {
    const [left = 0, right = 0] = parts;
    const types = [typed(left), typed(right)];
    if (types.includes('any')) return 'boolean';
    if (types[0] !== types[1]) {
      wrong(
        `${written(left)} is ${WORDS[types[0] ?? 'any']}, and ${written(right)} is ${WORDS[types[1] ?? 'any']}, so they are never equal`,
        `Compare ${written(left)} with ${WORDS[types[0] ?? 'any']}: ${written(left)} ${operator} ${sample(left, types[0])}.`,
      );
    }
    for (const [asked, literal] of [[left, right] as const, [right, left] as const]) {
      const field = Array.isArray(asked) && asked[0] === 'get' ? fieldCalled(form, String(asked[1])) : undefined;
      if (!field || Array.isArray(literal) || types[0] !== types[1] || canBe(field, literal)) continue;
      const possible = possibleWords(field);
      wrong(`\`${field.id}\` can never be ${written(literal)}`, insteadOf(literal, possible));
    }
    return 'boolean';
  }

  function sample(part: Expression, type: Type | undefined): string {
    if (type === 'number') return '3';
    if (type === 'boolean') return 'true';
    return `"${choiceOf(form, part)}"`;
  }

  function textRemedy(part: Expression): string {
    return Array.isArray(part) && part[0] === 'get'
      ? `Give each choice a number: ${written(part)} == "${choiceOf(form, part)}" ? 1 : 0.`
      : 'Write a number without quotes, like 3.';
  }
}

const WORDS: Record<Type, string> = { number: 'a number', boolean: 'yes or no', choice: 'text', any: 'anything' };

function choiceOf(form: Form, part: Expression): string {
  const field = Array.isArray(part) && part[0] === 'get' ? fieldCalled(form, String(part[1])) : undefined;
  return String((field && typeOf(field).values(field)?.[0]) ?? 'employed');
}

/** A part of a value as its author would write it. */
function written(part: Expression): string {
  if (!Array.isArray(part)) return typeof part === 'string' ? `"${part}"` : String(part);
  const [operator, ...operands] = part;
  if (operator === 'get') return String(part[1]);
  const [a = '', b = '', c = ''] = (operands as Expression[]).map((one) =>
    Array.isArray(one) && one[0] !== 'get' && !/^[a-z]/.test(one[0]) ? `(${written(one)})` : written(one),
  );
  if (operator === '?') return `${a} ? ${b} : ${c}`;
  if (/^[a-z]/.test(operator)) return `${operator}(${(operands as Expression[]).map(written).join(', ')})`;
  return operands.length === 1 ? `${operator}${a}` : `${a} ${operator} ${b}`;
}
