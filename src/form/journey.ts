/**
 * The only place that knows the way through a form. The browser, the server and the check run this same code, each on
 * the answers it has; nothing about the way is ever stored.
 */
import { answerTo, holds, type Answers, type Condition } from './condition.ts';

export interface Rule {
  when?: Condition | undefined;
  go: string;
}

/** The part of a form that decides the way. The full form and the page's compact copy both have this shape. */
export interface Way {
  screens: {
    id: string;
    fields: { id: string; show_when?: Condition | undefined }[];
    wink?: unknown;
    next: Rule[];
  }[];
  endings: { id: string }[];
}

export type Next = { screen: string } | { ending: string };

export interface Walk {
  /** Ids of the screens passed or reached, in order. The last one is where the person is, unless `ending` is set. */
  path: string[];
  /** The ending that was reached, if every screen on the way was passed. */
  ending?: string;
  /** The answers that count: those of shown fields (and Wink states) on the path. Anything else is not on the journey. */
  known: Answers;
}

type WayScreen = Way['screens'][number];

/** The ids of the fields of `screen` that are shown, given `known` from earlier screens and `answers` of this one. */
export function shownFields(screen: WayScreen, known: Answers, answers: Answers): string[] {
  const seen = { ...known };
  const shown: string[] = [];
  for (const field of screen.fields) {
    if (!holds(field.show_when, seen)) continue;
    shown.push(field.id);
    const answer = answerTo(field.id, answers);
    if (answer !== undefined) seen[field.id] = answer;
  }
  return shown;
}

/** Where the way goes from `screen`: the first rule that holds, else the next screen in the file, else the first ending. */
export function nextOf(form: Way, screen: WayScreen, known: Answers): Next {
  const rule = screen.next.find((one) => holds(one.when, known));
  const target = rule?.go ?? form.screens[form.screens.indexOf(screen) + 1]?.id ?? form.endings[0]?.id ?? '';
  return form.screens.some((one) => one.id === target) ? { screen: target } : { ending: target };
}

/**
 * Walks `form` with `answers` (a Wink screen's state stands under the screen's id) until an ending, or until a screen
 * that `passed` says is not done yet. A loop, which the check refuses, would stop at the screen met twice.
 */
export function walk(form: Way, answers: Answers, passed: (screen: string, known: Answers) => boolean): Walk {
  const path: string[] = [];
  const known: Answers = {};
  let screen = form.screens[0];
  while (screen && !path.includes(screen.id)) {
    path.push(screen.id);
    const before = { ...known };
    const ids = screen.wink ? [screen.id] : shownFields(screen, known, answers);
    for (const id of ids) {
      const answer = answerTo(id, answers);
      if (answer !== undefined) known[id] = answer;
    }
    if (!passed(screen.id, before)) return { path, known };
    const next = nextOf(form, screen, known);
    if ('ending' in next) return { path, known, ending: next.ending };
    screen = form.screens.find((one) => one.id === next.screen);
  }
  return { path, known };
}
