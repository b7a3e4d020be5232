/** The layout of a picture of journeys: boxes from top to bottom, and lanes beside them for transitions that skip boxes. */
import { typeOf } from '../fields/fields.ts';
import type { Form } from '../schema.ts';
import { localize } from '../runtime/text.ts';
import { widgetsOf, type Require } from '../runtime/wink.ts';
import type { Journeys } from './explore.ts';
import { transitionsFrom, type Transition } from './transitions.ts';
import { wrap } from './wrap.ts';

/** Measures in pixels. */
export const BOX = { left: 32, width: 416, gap: 36, pad: 20, top: 104 };
const LINE = { title: 21, meta: 18, row: 19 };
/** Titles are 15 px and bold, which is wider. */
const BOLD = 17;
const FIRST_LANE = 32;
const LANE = 16;

export interface LayoutRow {
  transition: Transition;
  /** The condition, line by line. The target has its own line. */
  lines: string[];
  target: string;
  y: number;
  height: number;
}

export interface Box {
  id: string;
  title: string[];
  meta: string;
  mark: 'screen' | 'wink' | 'ending' | 'disqualified';
  y: number;
  height: number;
  /** The height of the part above the rows, where transitions arrive. */
  head: number;
  rows: LayoutRow[];
  /** The transition straight down, if a journey takes one, and the text beside it. */
  down?: { to: string; when: string };
}

/** A transition that leaves a row, follows a lane and enters the head of a box. */
export interface Turn {
  to: string;
  from: number;
  end: number;
  x: number;
  /** Whether it is drawn to its end. Otherwise it joins another one in the same lane. */
  whole: boolean;
}

export interface Layout {
  boxes: Box[];
  turns: Turn[];
  width: number;
  height: number;
}

/** Places each box and each turn, from the top down. Lanes never cross a box. */
export function layOut(form: Form, journeys: Journeys): Layout {
  const boxes: Box[] = [];
  let y = BOX.top;
  const add = (box: Omit<Box, 'y' | 'height' | 'head' | 'rows'>, transitions: Transition[]) => {
    const head = BOX.pad * 2 - 6 + box.title.length * LINE.title + LINE.meta;
    let next = y + head + (transitions.length ? 8 : 0);
    const rows = transitions.map((transition) => {
      const row = rowOf(transition, titleOf(form, transition.to), next);
      next += row.height;
      return row;
    });
    const height = rows.length ? next + 8 - y : head;
    boxes.push({ ...box, y, height, head, rows });
    y += height + BOX.gap;
  };
  for (const screen of form.screens) {
    const transitions = transitionsFrom(form, journeys, screen);
    const straight = transitions.find((transition) => transition.straight && transition.taken);
    const { wink, fields, id } = screen;
    const asked = fields.filter((field) => typeOf(field).kind !== 'nothing' && !field.follows).length;
    const does = wink
      ? widgetsInWords(widgetsOf(wink))
      : asked
        ? `${asked} ${asked > 1 ? 'fields' : 'field'}`
        : 'a text';
    add(
      {
        id,
        title: wrap(titleOf(form, id), BOLD, BOX.width - 2 * BOX.pad - (wink ? 60 : 0), 2),
        meta: `${id} · ${does}`,
        mark: wink ? 'wink' : 'screen',
        ...(straight && { down: { to: straight.to, when: straight.when } }),
      },
      transitions.filter((transition) => !transition.straight),
    );
  }
  for (const { id, outcome, redirect } of form.endings) {
    const label = outcome === 'disqualified' ? 'ending, disqualified' : 'ending';
    const meta = `${id} · ${label}${redirect ? `, continues at ${hostOf(redirect)}` : ''}`;
    const mark = outcome === 'disqualified' ? 'disqualified' : 'ending';
    add(
      {
        id,
        title: wrap(titleOf(form, id), BOLD, BOX.width - 3 * BOX.pad, 2),
        meta: wrap(meta, 13, BOX.width - 3 * BOX.pad, 1).join(''),
        mark,
      },
      [],
    );
  }
  const turns = turnsOf(boxes);
  const right = Math.max(BOX.left + BOX.width, ...turns.map(({ x }) => x)) + 32;
  return { boxes, turns, width: right, height: y - BOX.gap + 32 };
}

const NEEDED = {
  connected: 'must be connected',
  uploaded: 'documents must be uploaded',
  any: 'must be connected, or documents uploaded',
  none: 'optional',
};

/** The widgets of a Wink screen in a few words. Of several widgets the journey waits for all. */
function widgetsInWords(widgets: { require: Require }[]): string {
  const [first, second] = widgets;
  if (first && !second) return `a work account, ${NEEDED[first.require]}`;
  return `${widgets.length} work accounts: ${widgets.map(({ require }) => require).join(', ')}`;
}

const hostOf = (redirect: string): string => redirect.replace(/^https?:\/\//, '').split(/[/?#]/)[0] ?? '';

function titleOf(form: Form, id: string): string {
  const title = [...form.screens, ...form.endings].find((one) => one.id === id)?.title ?? id;
  return localize(title, form.languages[0]).replace(/\s+/g, ' ');
}

function rowOf(transition: Transition, target: string, y: number): LayoutRow {
  const room = BOX.width - 2 * BOX.pad;
  const lines = wrap(transition.when || 'always', 13, room, 4);
  const shown = wrap(`→ ${target}${transition.taken ? '' : ' (no journey takes this)'}`, 13, room, 1).join('');
  const height = (lines.length + 1) * LINE.row + 8;
  return { transition, lines, target: shown, y, height };
}

/** Transitions to the same target share a lane. Lanes that would meet are side by side, with the longest outside. */
function turnsOf(boxes: Box[]): Turn[] {
  const groups = new Map<string, number[]>();
  for (const { rows } of boxes) {
    for (const { transition, y, height } of rows) {
      if (transition.taken) groups.set(transition.to, [...(groups.get(transition.to) ?? []), y + height / 2]);
    }
  }
  const spans = [...groups].map(([to, sources]) => {
    const box = boxes.find(({ id }) => id === to);
    const end = (box?.y ?? 0) + (box?.head ?? 0) / 2;
    return { to, sources, end, top: Math.min(end, ...sources), bottom: Math.max(end, ...sources) };
  });
  const lanes: { top: number; bottom: number }[][] = [];
  return spans
    .sort((a, b) => a.bottom - a.top - (b.bottom - b.top))
    .flatMap((span) => {
      const free = lanes.findIndex((lane) =>
        lane.every((one) => one.bottom + 8 < span.top || span.bottom + 8 < one.top),
      );
      const at = free < 0 ? lanes.push([]) - 1 : free;
      lanes[at]?.push(span);
      const x = BOX.left + BOX.width + FIRST_LANE + at * LANE;
      return span.sources.map((from) => ({
        to: span.to,
        from,
        end: span.end,
        x,
        whole: from === span.top || from === span.bottom,
      }));
    });
}
