/**
 * Walks every possible journey. It distinguishes only answers that a rule reads, and of those only values that some
 * rule treats differently. It drops answers that no later rule reads, so that journeys meet again.
 */
import { comparisons, holds, type Answer, type Answers, type Comparison } from '../runtime/condition.ts';
import { NONE } from '../fields/choices/other.ts';
import { typeOf, type Field } from '../fields/fields.ts';
import { nextOf } from '../runtime/journey.ts';
import { fieldsOf, type Form, type Screen } from '../schema.ts';
import { mayLeave, statesLeft } from '../runtime/wink.ts';

interface Edge {
  from: string;
  /** The index of the rule that applied, or -1 for the next screen in the file. */
  rule: number;
  to: string;
}

export interface Journeys {
  /** Every step that some journey takes. */
  edges: Edge[];
  /** Transitions back to an earlier screen in the file. Each loop has one that closes it. */
  loops: Edge[];
  /** The same for loops through a screen with uncertain transitions. They may be no loops. */
  doubtful: Edge[];
  /** The screens and endings that some journey reaches. */
  reached: Set<string>;
  /** By screen or ending: ids of the fields and Wink screens on some journey to it. */
  before: Map<string, Set<string>>;
  /** The work of finding them, in the unit of `MAX_WORK`. */
  work: number;
}

/** The values to try for a question. `undefined` is no answer. */
interface Question {
  id: string;
  show_when?: Field['show_when'];
  values: (Answer | undefined)[];
}

/**
 * The most work: transitions tried, answers carried along on them, and transitions of loops. Beyond it, every rule
 * counts as possible. Each unit takes less than a microsecond. With ten answers that later rules read, this is 50,000
 * transitions.
 */
export const MAX_WORK = 1_000_000;

/**
 * Finds every journey through `form`. If there are too many to try, it judges the rules as they are written: each rule
 * may apply, and each that leads back is a loop.
 * @param possibleTargets by screens with uncertain transitions. All of them are tried, and no loop through such a screen is
 * reported
 */
export function explore(form: Form, possibleTargets: ReadonlyMap<string, string[]> = new Map()): Journeys {
  const written = writtenEdges(form, possibleTargets);
  const isSure = ({ from }: Edge) => !possibleTargets.has(from);
  const sure = possibleTargets.size ? written.filter(isSure) : written;
  const looped = screensOn(closingEdges(form, sure), sure);
  const decisive = decisiveComparisons(form);
  const read = [...decisive.values()].flat();
  const hasTooMany = countChoices(form, read) > MAX_CHOICES;
  const questions = new Map(hasTooMany ? [] : form.screens.map((screen) => [screen.id, questionsOf(screen, read)]));
  const live = liveAt(form, written, decisive);
  const edges = new Map<string, Edge>();
  const loops = new Map<string, Edge>();
  const doubtful = new Map<string, Edge>();
  const order = new Map(form.screens.map(({ id }, at) => [id, at]));
  const screens = new Map(form.screens.toReversed().map((screen) => [screen.id, screen]));
  /** A bit for each screen of a loop. One number holds a set of them, so that it costs the same on a long path. */
  const bits = new Map([...looped].map((id, at) => [id, 1n << BigInt(at)]));
  const isBack = ({ from, to }: Edge) => (order.get(to) ?? Infinity) <= (order.get(from) ?? -1);
  const seen = new Set<string>();
  const path = new Set<string>();
  /** The transitions between them. */
  const steps: Edge[] = [];
  let work = hasTooMany ? MAX_WORK + 1 : 0;

  /**
   * @param known in the same order for each visit of a screen
   * @param passed the screens of loops that the journey has passed. They matter where journeys can return
   */
  function visit(screen: Screen, pathAnswers: Answers, passed: bigint): void {
    work += sizeOf(pathAnswers);
    const state = `${JSON.stringify([screen.id, pathAnswers])} ${passed.toString(36)}`;
    if (seen.has(state)) return;
    seen.add(state);
    path.add(screen.id);
    answer(screen, questions.get(screen.id) ?? [], pathAnswers, passed | (bits.get(screen.id) ?? 0n));
    path.delete(screen.id);
  }

  function answer(screen: Screen, [question, ...rest]: Question[], pathAnswers: Answers, passed: bigint): void {
    if (work > MAX_WORK) return;
    if (!question) return step(screen, pathAnswers, passed);
    if (!holds(question.show_when, pathAnswers)) return answer(screen, rest, pathAnswers, passed);
    for (const value of question.values) {
      answer(screen, rest, value === undefined ? pathAnswers : { ...pathAnswers, [question.id]: value }, passed);
    }
  }

  function step(screen: Screen, pathAnswers: Answers, passed: bigint): void {
    work += sizeOf(pathAnswers);
    const targets = possibleTargets.get(screen.id);
    if (targets) {
      for (const to of targets) take(screen, -1, to, pathAnswers, passed);
      return;
    }
    if (!mayLeave(screen, pathAnswers)) return;
    const next = nextOf(form, screen, pathAnswers);
    const rule = screen.next.findIndex((one) => holds(one.when, pathAnswers));
    take(screen, rule, 'ending' in next ? next.ending : next.screen, pathAnswers, passed);
  }

  function take(screen: Screen, rule: number, to: string, pathAnswers: Answers, passed: bigint): void {
    if (work > MAX_WORK) return;
    work++;
    const edge = { from: screen.id, rule, to };
    edges.set(`${screen.id} ${rule} ${to}`, edge);
    const target = screens.get(to);
    if (!target) return;
    steps.push(edge);
    if (path.has(to)) {
      const loop = steps.slice([...path].indexOf(to));
      work += loop.length;
      const found = loop.every(isSure) ? loops : doubtful;
      for (const one of loop.filter(isBack)) found.set(`${one.from} ${one.rule}`, one);
    } else visit(target, pick(pathAnswers, live.get(to) ?? new Set()), passed);
    steps.pop();
  }

  const first = form.screens[0];
  if (first) visit(first, {}, 0n);
  if (work > MAX_WORK) {
    for (const edge of written) edges.set(`${edge.from} ${edge.rule} ${edge.to}`, edge);
    for (const edge of closingEdges(form, [...edges.values()].filter(isSure)))
      loops.set(`${edge.from} ${edge.rule}`, edge);
  }

  const taken = [...edges.values()];
  return {
    edges: taken,
    loops: [...loops.values()],
    doubtful: [...doubtful.values()],
    reached: new Set([first?.id ?? '', ...taken.map(({ to }) => to)]),
    before: before(form, taken),
    work,
  };
}

/** How many answers there are. Each choice of several options counts. */
function sizeOf(pathAnswers: Answers): number {
  let size = 0;
  for (const answer of Object.values(pathAnswers)) size += Array.isArray(answer) ? answer.length : 1;
  return size;
}

/** Those of `pathAnswers` with these ids, in the order of the ids. */
function pick(pathAnswers: Answers, ids: Iterable<string>): Answers {
  const picked: Answers = {};
  for (const id of ids) {
    const answer = Object.hasOwn(pathAnswers, id) ? pathAnswers[id] : undefined;
    if (answer !== undefined) picked[id] = answer;
  }
  return picked;
}

/** Every transition that the written rules could take, whatever their conditions. */
function writtenEdges(form: Form, possibleTargets: ReadonlyMap<string, string[]>): Edge[] {
  return form.screens.flatMap((screen, at) => {
    const targets = possibleTargets.get(screen.id);
    if (targets) return targets.map((to) => ({ from: screen.id, rule: -1, to }));
    const ruled = screen.next.map((rule, index) => ({ from: screen.id, rule: index, to: rule.go }));
    const onward = form.screens[at + 1]?.id ?? form.endings[0]?.id ?? '';
    const fallsThrough = screen.next.every((rule) => rule.when);
    return fallsThrough ? [...ruled, { from: screen.id, rule: -1, to: onward }] : ruled;
  });
}

/** The transitions in `edges` that lead back in the file and close a loop. Every loop has one. */
function closingEdges(form: Form, edges: Edge[]): Edge[] {
  const at = new Map(form.screens.map(({ id }, index) => [id, index]));
  const back = edges.filter(({ from, to }) => (at.get(to) ?? Infinity) <= (at.get(from) ?? -1));
  const reached = reach(edges);
  return back.filter(({ from, to }) => reached(to).has(from));
}

/** The screens of loops, by the transitions that close the loops. */
function screensOn(closing: Edge[], edges: Edge[]): Set<string> {
  const [after, before] = [reach(edges), reach(edges, 'backwards')];
  return new Set(
    closing.flatMap(({ from, to }) => {
      const earlier = before(from);
      return [...after(to)].filter((id) => earlier.has(id));
    }),
  );
}

/** Ids reachable from `id` along `edges`, `id` itself included. */
export function reachable(edges: Edge[], id: string, direction: 'onwards' | 'backwards' = 'onwards'): Set<string> {
  return reach(edges, direction)(id);
}

/** The same for many ids. It reads the edges once. */
function reach(edges: Edge[], direction: 'onwards' | 'backwards' = 'onwards'): (id: string) => Set<string> {
  const [start, end] = direction === 'onwards' ? (['from', 'to'] as const) : (['to', 'from'] as const);
  const steps = Map.groupBy(edges, (edge) => edge[start]);
  const all = new Set(edges.flatMap(({ from, to }) => [from, to])).size;
  return (id) => {
    const found = new Set([id]);
    for (const one of found) {
      if (found.size === all) break;
      for (const edge of steps.get(one) ?? []) found.add(edge[end]);
    }
    return found;
  };
}

function before(form: Form, edges: Edge[]): Map<string, Set<string>> {
  const backwards = reach(edges, 'backwards');
  return new Map(
    [...form.screens, ...form.endings].map(({ id }) => {
      const earlier = backwards(id);
      earlier.delete(id);
      const passed = form.screens.filter((screen) => earlier.has(screen.id));
      return [
        id,
        new Set(passed.flatMap((screen) => (screen.wink ? [screen.id] : screen.fields.map((field) => field.id)))),
      ];
    }),
  );
}

/** By screen: the ids that a decisive comparison on it, or after it, still reads. */
function liveAt(form: Form, edges: Edge[], decisive: Map<string, Comparison[]>): Map<string, Set<string>> {
  const onwards = reach(edges);
  return new Map(
    form.screens.map(({ id }) => [
      id,
      new Set([...onwards(id)].flatMap((one) => (decisive.get(one) ?? []).map(([, field]) => field))),
    ]),
  );
}

/**
 * By screen: the comparisons that decide where journeys lead. These are in its rules, and in the conditions of fields that
 * such a comparison reads. Whether any other field is shown leads nowhere else.
 */
function decisiveComparisons({ screens }: Form): Map<string, Comparison[]> {
  const fields = new Map(screens.flatMap((screen) => screen.fields.map((field) => [field.id, field])));
  const rules = screens.flatMap(({ next }) => next.flatMap(({ when }) => comparisons(when)));
  const ids = new Set(rules.map(([, id]) => id));
  // The loop also meets the ids that it adds.
  for (const id of ids) for (const [, other] of comparisons(fields.get(id)?.show_when)) ids.add(other);
  return new Map(
    screens.map((screen) => {
      const read = screen.fields.filter((field) => ids.has(field.id));
      const conditions = [...read.map((field) => field.show_when), ...screen.next.map((rule) => rule.when)];
      return [screen.id, conditions.flatMap((condition) => comparisons(condition))];
    }),
  );
}

/** How many answers there are to all checkboxes fields together that rules distinguish. */
const countChoices = (form: Form, read: Comparison[]): number =>
  fieldsOf(form)
    .filter((field) => typeOf(field).kind === 'list')
    .map((field) => 2 ** optionGroups(field, readsOf(field, read)).filter(isRead).length)
    .reduce((sum, count) => sum + count, 0);

const readsOf = (field: Field, read: Comparison[]): Comparison[] => read.filter(([, id]) => id === field.id);

function questionsOf(screen: Screen, read: Comparison[]): Question[] {
  if (screen.wink) return [{ id: screen.id, values: statesLeft(screen) }];
  return screen.fields
    .filter((field) => read.some(([, id]) => id === field.id))
    .map((field) => ({
      id: field.id,
      show_when: field.show_when,
      values: valuesOf(field, readsOf(field, read)),
    }));
}

function valuesOf(field: Field, read: Comparison[]): (Answer | undefined)[] {
  const values = candidates(field, read);
  return field.required && values.length ? values : [...values, undefined];
}

function candidates(field: Field, read: Comparison[]): Answer[] {
  const type = typeOf(field);
  const mentioned = [...new Set(read.flatMap((one) => (one[0] === 'answered' ? [] : one[2])))];
  if (type.kind === 'list') return choicesOf(field, read);
  const all = type.values(field);
  if (all) {
    const other = all.find((value) => !mentioned.includes(value));
    return [...all.filter((value) => mentioned.includes(value)), ...(other === undefined ? [] : [other])];
  }
  if (type.kind === 'number') {
    const limits = type.limits?.(field);
    if (!limits) return around(mentioned.map(Number));
    const { step, min, max } = limits;
    const marks = [...mentioned.map(Number), min ?? 0, max ?? 0];
    const steps = marks.flatMap((mark) => [-1, 0, 1, 2].map((more) => Math.floor((mark - (min ?? 0)) / step) + more));
    return possible(field, [...marks, ...steps.map((count) => Number(((min ?? 0) + count * step).toPrecision(15)))]);
  }
  if (type.kind === 'date') {
    const around = mentioned.map(String).flatMap((day) => [dayFrom(day, -1), day, dayFrom(day, 1)]);
    return possible(field, [...around, ...(type.limitDays?.(field) ?? []), '2000-01-01']);
  }
  return [...mentioned, 'something else'];
}

/**
 * Numbers of which one is in each interval between `marks`: below, on, between, above.
 * The check tries them for a computed field, whatever its formula. Any number that the field can have is in one of the
 * intervals, and no rule distinguishes two numbers of one interval. So some number here walks each real journey. The
 * check may also try journeys that can't happen. These can hide that a rule never applies, or report a loop that no
 * real number causes. They can't hide a journey that does not end.
 */
function around(marks: number[]): number[] {
  const sorted = [...new Set(marks)].sort((a, b) => a - b);
  const between = sorted.slice(1).map((mark, index) => (mark + (sorted[index] ?? mark)) / 2);
  return [(sorted[0] ?? 0) - 1, ...sorted, ...between, (sorted.at(-1) ?? 0) + 1];
}

/** The values that the field accepts, on any day. */
function possible(field: Field, values: Answer[]): Answer[] {
  const anyDay = { earliest: '1000-01-01', latest: '9000-01-01' };
  return [...new Set(values)].filter((value) => 'answer' in typeOf(field).read(field, value, anyDay));
}

/**
 * The most answers to checkboxes fields that are tried. A rule of its own for each of 14 options distinguishes 16,384 answers:
 * each option is chosen or not.
 */
const MAX_CHOICES = 20_000;

/** The options of a checkboxes field in groups: the same rules read all options of one group. */
function optionGroups(field: Field, read: Comparison[]): { readers: string; options: string[] }[] {
  const wanted = read.flatMap((one) => (one[0] === 'has' ? [new Set(one[2])] : []));
  const readersOf = (option: string) => wanted.map((options) => Number(options.has(option))).join('');
  // "None of these" stands alone.
  const combined = (typeOf(field).values(field) ?? []).map(String).filter((option) => !isAlone(field, option));
  return [...Map.groupBy(combined, readersOf)].map(([readers, options]) => ({ readers, options }));
}

const isAlone = (field: Field, option: string): boolean =>
  option === NONE && 'none_of_these' in field && !!field.none_of_these;

/** Whether a rule reads the options of a group. */
const isRead = ({ readers }: { readers: string }): boolean => readers.includes('1');

/** For each set of groups, one answer that has options of these groups only, if the field takes such an answer. */
function choicesOf(field: Field, read: Comparison[]): Answer[] {
  const groups = optionGroups(field, read).filter(isRead);
  const others = optionGroups(field, read).find((group) => !isRead(group))?.options ?? [];
  const min = ('min' in field && Number(field.min)) || 1;
  const sets = groups.reduce<string[][][]>(
    (found, { options }) => [...found, ...found.map((some) => [...some, options])],
    [[]],
  ); // prettier-ignore
  const answers = sets.flatMap((set) => {
    const chosen = set.flatMap(([first = '']) => first);
    const more = [...set.flatMap(([, ...rest]) => rest), ...others].slice(0, Math.max(0, min - chosen.length));
    const answer = [...chosen, ...more];
    return answer.length ? [answer] : [];
  });
  return possible(field, [...answers, [NONE]]);
}

function dayFrom(day: string, days: number): string {
  const moved = Date.parse(day) + days * 86_400_000;
  return Number.isNaN(moved) ? day : new Date(moved).toISOString().slice(0, 10);
}
