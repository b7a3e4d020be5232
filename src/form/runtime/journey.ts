/**
 * The only code that knows the path through a form. The browser, the server and the check run it, each on the answers
 * that it has. A stored path never decides the next screen.
 */
import { answerTo, holds, type Answers, type Condition } from './condition.ts';
import { compute, type Expression } from './expression.ts';

export interface Rule {
  when?: Condition | undefined;
  go: string;
}

/** The part of a form that decides the path. The full form and the page's compact copy both have this shape. */
export interface FlowDefinition {
  screens: {
    id: string;
    fields: { id: string; show_when?: Condition | undefined; value?: Expression | undefined }[];
    wink?: unknown;
    next: Rule[];
  }[];
  endings: { id: string }[];
}

export type Next = { screen: string } | { ending: string };

export interface Walk {
  /** Ids of the screens passed or reached, in order. The last one is where the person is, unless `ending` is set. */
  path: string[];
  /** The ending, if the person passed every screen on the path. */
  ending?: string;
  /** The answers that count: those of shown fields (and Wink states) on the path. Anything else is not on the journey. */
  answers: Answers;
}

type FlowScreen = FlowDefinition['screens'][number];
type FlowField = FlowScreen['fields'][number];

/**
 * The ids of the shown fields of `screen`, and the answers to them that count.
 * @param pathAnswers those of earlier screens that count. Those of `screen` are added: a copy for each screen would take
 * long on a large form
 */
export const onScreen = (
  screen: FlowScreen,
  pathAnswers: Answers,
  answers: Answers,
): { shown: string[]; answers: Answers } => readScreen(screen, pathAnswers, ({ id }) => answerTo(id, answers));

/** The same. `read` returns the answer to each shown field that is not computed, in their order. */
export function readScreen<Field extends FlowField>(
  { fields }: { fields: readonly Field[] },
  pathAnswers: Answers,
  read: (field: Field) => Answers[string] | undefined,
): { shown: string[]; answers: Answers } {
  const shown: string[] = [];
  const screenAnswers: Answers = {};
  for (const field of fields) {
    if (!holds(field.show_when, pathAnswers)) continue;
    shown.push(field.id);
    const answer = field.value === undefined ? read(field) : compute(field.value, pathAnswers);
    if (answer !== undefined) screenAnswers[field.id] = pathAnswers[field.id] = answer;
  }
  return { shown, answers: screenAnswers };
}

/**
 * The screen or ending after `screen`: of the first rule that holds, or else the next screen in the file, or else the
 * first ending.
 */
export function nextOf(form: FlowDefinition, screen: FlowScreen, pathAnswers: Answers): Next {
  const rule = screen.next.find((one) => holds(one.when, pathAnswers));
  const target = rule?.go ?? form.screens[form.screens.indexOf(screen) + 1]?.id ?? form.endings[0]?.id ?? '';
  return form.screens.some((one) => one.id === target) ? { screen: target } : { ending: target };
}

/**
 * Walks `form` with `answers` (the state of a Wink screen is under the screen's id) until an ending, or until a screen
 * that `passed` says is not done yet. The check refuses loops. In a loop, the walk would stop at a repeated screen.
 * @param passed gets the answers from before the screen, and the state of a Wink screen. The walk changes them later
 */
export function walk(
  form: FlowDefinition,
  answers: Answers,
  passed: (screen: string, pathAnswers: Answers) => boolean,
): Walk {
  const path: string[] = [];
  const pathAnswers: Answers = {};
  let screen = form.screens[0];
  while (screen && !path.includes(screen.id)) {
    path.push(screen.id);
    const state = screen.wink ? answerTo(screen.id, answers) : undefined;
    if (state !== undefined) pathAnswers[screen.id] = state;
    const isPassed = passed(screen.id, pathAnswers);
    onScreen(screen, pathAnswers, answers);
    if (!isPassed) break;
    const next = nextOf(form, screen, pathAnswers);
    if ('ending' in next) return { path, answers: pathAnswers, ending: next.ending };
    screen = form.screens.find((one) => one.id === next.screen);
  }
  return { path, answers: pathAnswers };
}
