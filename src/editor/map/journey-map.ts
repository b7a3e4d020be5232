/** The map of a form: its screens and endings as boxes, and its rules as arrows with the questions that they read. */
import { wrap, widthOf } from '../../form/check/wrap.ts';
import type { Path, Value } from '../../form/edit/edit.ts';
import { languagesOf } from '../../form/edit/value.ts';
import { capitalize } from '../../form/capitalize.ts';
import { endingsOf, idOf, listOf, mapOf, screensOf, textIn, type DataMap } from '../form-data.ts';
import { namesFor, questionsOf, type AnswerKinds } from '../rules/questions.ts';
import { readSentence, wordsOfCondition, type Clause } from '../rules/sentence.ts';
import type { ConditionNames } from '../../form/check/words.ts';
import { reachedFrom, transitionsOf, type MapTransition } from './graph.ts';
import { layOutLayers, type Point } from './layers.ts';

export interface MapBox {
  id: string;
  path: Path;
  kind: 'screen' | 'wink' | 'text' | 'ending' | 'disqualified';
  /** The place of the screen in the form, from 1; undefined for endings. */
  number: number | undefined;
  title: string;
  /** The title in lines that fit. */
  lines: string[];
  /** "3 questions" */
  meta: string;
  isReached: boolean;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface MapArrow {
  from: string;
  to: string;
  /** The line as an SVG path. */
  d: string;
  /** Its conditions; empty if it has none. */
  conditions: { text: string; rule: Path | undefined; lines: string[] }[];
  label: { x: number; y: number; width: number; height: number } | undefined;
  /** Whether it is the transition to the next screen. */
  isMain: boolean;
  isBack: boolean;
}

export interface JourneyMap {
  boxes: MapBox[];
  arrows: MapArrow[];
  width: number;
  height: number;
}

/** Measures in pixels. */
export const MAP = { box: 284, ending: 244, pad: 16, title: 15, line: 20, meta: 18, label: 204, small: 13, smallLine: 18, labelPad: 10 }; // prettier-ignore

/** Titles are bold, which is wider. */
const BOLD = 17;
const MAX_TITLE_LINES = 3;
/** The transition to the next screen is nearly straight, whatever others leave the screen. */
const MAIN_WEIGHT = 400;
const MAX_CONDITION_LINES = 4;
const MAX_CONDITIONS = 4;

/** The map of `data`, in the form's first language. */
export function journeyMap(data: Value, kinds: AnswerKinds): JourneyMap {
  const language = languagesOf(data)[0];
  const reached = reachedFrom(data, kinds);
  const boxes = [
    ...screensOf(data).map((screen, at) => screenBox(screen, at, language, kinds)),
    ...endingsOf(data).map((ending, at) => endingBox(ending, at, language)),
  ].filter(({ id }, at, all) => id !== '' && all.findIndex((one) => one.id === id) === at);
  const names = namesFor(questionsOf(data, kinds, language));
  const arrows = arrowsOf(transitionsOf(data, kinds), boxes, names);
  const layout = layOutLayers(
    boxes,
    arrows.map(({ from, to, label, isMain }) => ({
      from,
      to,
      ...(label && { label }),
      weight: isMain ? MAIN_WEIGHT : 1,
    })),
  );
  return {
    boxes: boxes.map((box, at) => ({ ...box, ...rounded(layout.nodes[at]), isReached: reached.has(box.id) })),
    arrows: arrows.map((arrow, at) => {
      const { points = [], label, isBack = false } = layout.edges[at] ?? {};
      return { ...arrow, d: isBack ? angular(points) : curved(points), isBack, label: label && arrow.label && { ...arrow.label, ...rounded(label) } }; // prettier-ignore
    }),
    width: Math.ceil(layout.width),
    height: Math.ceil(layout.height),
  };
}

type Unplaced = Omit<MapBox, 'x' | 'y' | 'isReached'>;

function screenBox(screen: DataMap, at: number, language: string, kinds: AnswerKinds): Unplaced {
  const wink = screen['wink'];
  const questions = listOf(screen['fields']).filter(
    (field) => kinds[String(mapOf(field)['type'])] !== 'nothing',
  ).length;
  const kind = wink ? 'wink' : questions ? 'screen' : 'text';
  const widgets = Array.isArray(wink) ? wink.length : 1;
  const meta = wink ? (widgets > 1 ? `${widgets} work accounts` : 'Work account') : questions ? `${questions} ${questions > 1 ? 'questions' : 'question'}` : 'Text'; // prettier-ignore
  const title = plain(textIn(screen['title'], language)) || idOf(screen);
  const lines = wrap(title, BOLD, MAP.box - 2 * MAP.pad - (wink ? 28 : 0), MAX_TITLE_LINES);
  const height = 2 * MAP.pad + lines.length * MAP.line + MAP.meta;
  return { id: idOf(screen), path: ['screens', at], kind, number: at + 1, title, lines, meta, width: MAP.box, height };
}

function endingBox(ending: DataMap, at: number, language: string): Unplaced {
  const isDisqualified = ending['outcome'] === 'disqualified';
  const title = plain(textIn(ending['title'], language)) || idOf(ending);
  const lines = wrap(title, BOLD, MAP.ending - 3 * MAP.pad, MAX_TITLE_LINES);
  const meta = isDisqualified ? 'Ending, not eligible' : 'Ending';
  const height = 2 * MAP.pad + lines.length * MAP.line + MAP.meta;
  return { id: idOf(ending), path: ['endings', at], kind: isDisqualified ? 'disqualified' : 'ending', number: undefined, title, lines, meta, width: MAP.ending, height }; // prettier-ignore
}

/** A text in one line, with `…` for the answers in it. */
const plain = (text: string): string =>
  text
    .replace(/\{[a-z][a-z0-9_]*\}/g, '…')
    .replace('….', '…')
    .replace(/\s+/g, ' ')
    .trim();

type UnplacedArrow = Omit<MapArrow, 'd' | 'label' | 'isBack'> & {
  label: { width: number; height: number } | undefined;
};

/** One arrow for all transitions between the same two boxes. */
function arrowsOf(
  transitions: readonly MapTransition[],
  boxes: readonly Unplaced[],
  names: ConditionNames,
): UnplacedArrow[] {
  const known = new Set(boxes.map(({ id }) => id));
  const pairs = new Map<string, MapTransition[]>();
  for (const transition of transitions) {
    const key = JSON.stringify([transition.from, transition.to]);
    // A screen that leads to itself has no arrow. The list of errors says so.
    if (known.has(transition.from) && known.has(transition.to) && transition.from !== transition.to)
      pairs.set(key, [...(pairs.get(key) ?? []), transition]);
  }
  return [...pairs.values()].flatMap((all): UnplacedArrow[] => {
    const [first] = all;
    if (!first) return [];
    const isFree = all.some(({ when, isOtherwise }) => when === undefined && !isOtherwise);
    const named = isFree ? [] : all.map((one) => ({ text: plain(transitionInWords(one, names)), rule: one.rule }));
    const conditions = named.map((one, at) => ({ ...one, lines: at < MAX_CONDITIONS ? wrap(capitalize(one.text), MAP.small, MAP.label - 2 * MAP.labelPad, MAX_CONDITION_LINES) : [] })); // prettier-ignore
    const lines = conditions.flatMap((one) => one.lines);
    const width = Math.min(MAP.label, Math.max(...lines.map((line) => widthOf(line, MAP.small)), 0) + 2 * MAP.labelPad);
    const gaps = Math.max(0, conditions.filter((one) => one.lines.length).length - 1) * 4;
    const label = lines.length ? { width: Math.ceil(width), height: lines.length * MAP.smallLine + gaps + MAP.labelPad } : undefined; // prettier-ignore
    const isMain = all.some(({ when }) => when === undefined);
    return [{ from: first.from, to: first.to, conditions, label, isMain }];
  });
}

/** "Are you 21 or older? No" */
export function transitionInWords({ when, from }: Pick<MapTransition, 'when' | 'from'>, names: ConditionNames): string {
  if (when === undefined) return 'Otherwise';
  const sentence = readSentence(when);
  if (!sentence) return wordsOfCondition(when, names);
  return sentence.clauses.map((clause) => answerInWords(clause, from, names)).join(sentence.join === 'or' ? ' or ' : ' and '); // prettier-ignore
}

function answerInWords({ question, operator, values }: Clause, from: string, names: ConditionNames): string {
  // The state of the Wink screen that the arrow leaves. The title of the screen is above.
  if (question === from && operator === 'is') return values.map((value) => names.value(question, value)).join(' or '); // prettier-ignore
  const subject = names.subject(question).trim();
  const answers = values.map((value) => names.value(question, value)).join(' or ');
  const colon = /[?？؟]$/.test(subject) ? ' ' : ': ';
  switch (operator) {
    case 'is':
    case 'contains':
      return `${subject}${colon}${answers}`;
    case 'is_not':
      return `${subject}${colon}not ${answers}`;
    case 'answered':
      return `${subject}${colon}answered`;
    case 'not_answered':
      return `${subject}${colon}not answered`;
    default:
      return `${subject}${colon}${operator.replace('_', ' ')} ${answers}`;
  }
}

const rounded = (point: Point | undefined): Point => ({ x: Math.round(point?.x ?? 0), y: Math.round(point?.y ?? 0) });

/** A soft line from the top down. */
function curved(points: readonly Point[]): string {
  return points
    .map(({ x, y }, at) => {
      const before = points[at - 1];
      if (!before) return `M${r(x)} ${r(y)}`;
      if (before.x === x) return `V${r(y)}`;
      const middle = r((before.y + y) / 2);
      return `C${r(before.x)} ${middle} ${r(x)} ${middle} ${r(x)} ${r(y)}`;
    })
    .join('');
}

const ROUND = 10;

/** A line around the boxes, with round corners. */
function angular([start, out, up, end]: readonly Point[]): string {
  if (!start || !out || !up || !end) return '';
  return `M${r(start.x)} ${r(start.y)}H${r(out.x - ROUND)}q${ROUND} 0 ${ROUND} -${ROUND}V${r(up.y + ROUND)}q0 -${ROUND} -${ROUND} -${ROUND}H${r(end.x)}`;
}

const r = (value: number): number => Math.round(value * 10) / 10;

/** The map as sentences, for people who hear it: each screen with its transitions to other parts. */
export function mapInWords({ boxes, arrows }: JourneyMap): { box: MapBox; ways: string[] }[] {
  const titleOf = (id: string) => boxes.find((box) => box.id === id)?.title ?? id;
  return boxes.map((box) => ({
    box,
    ways: arrows
      .filter(({ from }) => from === box.id)
      .flatMap(({ conditions, to }) =>
        conditions.length
          ? conditions.map(({ text }) => (text === 'Otherwise' ? `Otherwise, go to ${titleOf(to)}.` : `If ${text}, go to ${titleOf(to)}.`)) // prettier-ignore
          : [`Then ${titleOf(to)}.`],
      ),
  }));
}
