/**
 * A layout of a graph in layers, from the top down. Each edge leads to a lower layer, long edges go around boxes, and
 * edges to the same box share a lane. It does not know about forms.
 */

export interface LayoutNode {
  id: string;
  width: number;
  height: number;
}

export interface LayoutEdge {
  from: string;
  to: string;
  /** The size of the text on it. */
  label?: { width: number; height: number };
  /** The weight of the edge. A heavier edge is straighter, and the main way has the highest weight. */
  weight: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface PlacedEdge {
  /** From the box it leaves to the box it enters. Between two points at different `x`, the line is a curve. */
  points: Point[];
  /** The top left corner of its text. */
  label: Point | undefined;
  /** Whether it leads up, so that it goes around everything on the right. */
  isBack: boolean;
}

export interface LayeredLayout {
  /** The top left corner of each box, in the order of the nodes. */
  nodes: Point[];
  edges: PlacedEdge[];
  width: number;
  height: number;
}

/** Distances in pixels. */
const GAP = { column: 40, lane: 22, row: 28, empty: 8, margin: 24, back: 18 };

/** A place in a layer: a box, the text of an edge, or a piece of a lane. */
interface Cell {
  layer: number;
  width: number;
  height: number;
  /** The center, once it is known. */
  x: number;
  up: Link[];
  down: Link[];
  isBox: boolean;
}

interface Link {
  cell: Cell;
  weight: number;
}

/** Places all boxes and edges. Edges from a box to itself, and from or to a box that is not there, are left out. */
export function layOutLayers(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[]): LayeredLayout {
  const indexes = new Map(nodes.map(({ id }, at) => [id, at]));
  const ends = edges.map(({ from, to }) => [indexes.get(from), indexes.get(to)] as const);
  const isBack = backEdges(nodes.length, ends);
  const ranks = ranksOf(nodes.length, ends, isBack);
  const boxes = nodes.map(({ width, height }, at): Cell => cell((ranks[at] ?? 0) * 2, width, height, true));
  const cells = [...boxes];
  const lanes = new Map<string, Cell>();
  const routes = edges.map((): Cell[] => []);
  // The heaviest edges come first, so that they are on the left.
  for (const [at, edge] of [...edges.entries()].sort(([, one], [, other]) => other.weight - one.weight)) {
    const [from, to] = ends[at] ?? [];
    const [source, target] = [boxes[from ?? -1], boxes[to ?? -1]];
    if (!source || !target || isBack[at]) continue;
    const route = [source];
    for (let layer = source.layer + 1; layer < target.layer; layer++) {
      const isFirst = layer === source.layer + 1;
      const key = isFirst && (edge.label || target.layer - source.layer > 2) ? `${at}` : `${edge.to}@${layer}`;
      const known = lanes.get(key);
      const lane = known ?? cell(layer, isFirst ? (edge.label?.width ?? 0) : 0, isFirst ? (edge.label?.height ?? 0) : 0, false); // prettier-ignore
      if (!known) cells.push(lane);
      lanes.set(key, lane);
      route.push(lane);
    }
    route.push(target);
    routes[at] = route;
    for (let step = 1; step < route.length; step++) connect(route[step - 1], route[step], edge.weight + (step > 1 && step < route.length - 1 ? LANE_WEIGHT : 0)); // prettier-ignore
  }
  const layers = ordered(cells);
  placeColumns(layers);
  const tops = placeRows(layers);
  const left = cells.length ? Math.min(...cells.map(({ x, width }) => x - width / 2)) : 0;
  for (const one of cells) one.x = Math.round(one.x - left + GAP.margin);
  const right = Math.max(0, ...cells.map(({ x, width }) => x + width / 2));
  const topOf = (one: Cell) => (tops[one.layer]?.top ?? 0) + ((tops[one.layer]?.height ?? 0) - one.height) / 2;
  let backs = 0;
  const placed = edges.map((edge, at): PlacedEdge => {
    const route = routes[at] ?? [];
    const [from, to] = ends[at] ?? [];
    const [source, target] = [boxes[from ?? -1], boxes[to ?? -1]];
    if (isBack[at] && source && target && source !== target) {
      const x = right + GAP.back * ++backs;
      const [y1, y2] = [topOf(source) + source.height / 2, topOf(target) + target.height / 2];
      const points = [{ x: source.x + source.width / 2, y: y1 }, { x, y: y1 }, { x, y: y2 }, { x: target.x + target.width / 2, y: y2 }]; // prettier-ignore
      return { points, label: undefined, isBack: true };
    }
    if (!route.length || !source || !target) return { points: [], label: undefined, isBack: false };
    const [first] = route.slice(1);
    const inner = route.slice(1, -1).flatMap((one): Point[] => {
      const row = tops[one.layer] ?? { top: 0, height: 0 };
      return [{ x: one.x, y: row.top }, { x: one.x, y: row.top + row.height }]; // prettier-ignore
    });
    const points = [{ x: source.x, y: topOf(source) + source.height }, ...inner, { x: target.x, y: topOf(target) }];
    const label = edge.label && first && first !== target ? { x: first.x - edge.label.width / 2, y: (tops[first.layer]?.top ?? 0) + ((tops[first.layer]?.height ?? 0) - edge.label.height) / 2 } : undefined; // prettier-ignore
    return { points, label, isBack: false };
  });
  const last = tops.at(-1);
  return {
    nodes: boxes.map((box) => ({ x: box.x - box.width / 2, y: topOf(box) })),
    edges: placed,
    width: right + GAP.margin + GAP.back * backs,
    height: (last ? last.top + last.height : 0) + GAP.margin,
  };
}

/** Lanes are straighter than the ways into and out of them. */
const LANE_WEIGHT = 100;

const cell = (layer: number, width: number, height: number, isBox: boolean): Cell => ({ layer, width, height, x: 0, up: [], down: [], isBox }); // prettier-ignore

function connect(one: Cell | undefined, other: Cell | undefined, weight: number): void {
  if (!one || !other) return;
  const known = one.down.find((link) => link.cell === other);
  const back = other.up.find((link) => link.cell === one);
  if (known && back) {
    known.weight += weight;
    back.weight += weight;
    return;
  }
  one.down.push({ cell: other, weight });
  other.up.push({ cell: one, weight });
}

type Ends = readonly (readonly [number | undefined, number | undefined])[];

/** Edges that close a circle, in a walk from the first box. */
function backEdges(count: number, ends: Ends): boolean[] {
  const state = new Array<'new' | 'open' | 'done'>(count).fill('new');
  const isBack = ends.map(([from, to]) => from === to);
  const leaving = new Map<number, number[]>();
  ends.forEach(([from], at) => {
    if (from !== undefined) leaving.set(from, [...(leaving.get(from) ?? []), at]);
  });
  for (let start = 0; start < count; start++) {
    // Without recursion: a form can have more screens than the stack has room for.
    const stack = state[start] === 'new' ? [{ node: start, next: 0 }] : [];
    if (stack.length) state[start] = 'open';
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const at = leaving.get(top.node)?.[top.next++];
      if (at === undefined) {
        state[top.node] = 'done';
        stack.pop();
        continue;
      }
      const to = ends[at]?.[1];
      if (to === undefined) continue;
      if (state[to] === 'open') isBack[at] = true;
      if (state[to] !== 'new') continue;
      state[to] = 'open';
      stack.push({ node: to, next: 0 });
    }
  }
  return isBack;
}

/** The length of the longest path from a box without one before it. So each edge leads to a higher rank. */
function ranksOf(count: number, ends: Ends, isBack: readonly boolean[]): number[] {
  const ranks = new Array<number>(count).fill(0);
  const waiting = new Array<number>(count).fill(0);
  const down = new Map<number, number[]>();
  ends.forEach(([from, to], at) => {
    if (from === undefined || to === undefined || isBack[at]) return;
    waiting[to] = (waiting[to] ?? 0) + 1;
    down.set(from, [...(down.get(from) ?? []), to]);
  });
  const open = waiting.flatMap((one, at) => (one ? [] : [at]));
  for (let at = open.shift(); at !== undefined; at = open.shift()) {
    for (const to of down.get(at) ?? []) {
      ranks[to] = Math.max(ranks[to] ?? 0, (ranks[at] ?? 0) + 1);
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) open.push(to);
    }
  }
  return ranks;
}

const SWEEPS = 12;

/** The cells of each layer from left to right, so that few edges cross. */
function ordered(cells: readonly Cell[]): Cell[][] {
  const layers: Cell[][] = Array.from({ length: Math.max(0, ...cells.map(({ layer }) => layer)) + 1 }, () => []);
  for (const one of cells) layers[one.layer]?.push(one);
  const number = () => layers.forEach((layer) => layer.forEach((one, at) => (one.x = at - (layer.length - 1) / 2)));
  number();
  let best = layers.map((layer) => [...layer]);
  let fewest = crossings(layers);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : layers.toReversed()) {
      const wanted = new Map(layer.map((one) => [one, mean(isDown ? one.up : one.down) ?? one.x]));
      layer.sort((one, other) => (wanted.get(one) ?? 0) - (wanted.get(other) ?? 0));
      layer.forEach((one, at) => (one.x = at - (layer.length - 1) / 2));
    }
    const count = crossings(layers);
    if (count >= fewest) continue;
    fewest = count;
    best = layers.map((layer) => [...layer]);
  }
  return best;
}

function mean(links: readonly Link[]): number | undefined {
  const weight = links.reduce((sum, link) => sum + link.weight, 0);
  return weight ? links.reduce((sum, link) => sum + link.cell.x * link.weight, 0) / weight : undefined;
}

function crossings(layers: readonly Cell[][]): number {
  let count = 0;
  for (const layer of layers) {
    const places = new Map((layers[(layer[0]?.layer ?? 0) + 1] ?? []).map((one, at) => [one, at]));
    const edges = layer.flatMap((one, at) => one.down.map((link) => [at, places.get(link.cell) ?? 0] as const));
    for (const [index, [a, b]] of edges.entries())
      for (const [c, d] of edges.slice(index + 1)) if ((a - c) * (b - d) < 0) count++;
  }
  return count;
}

const ROUNDS = 40;

/** Cells in one column, because the edges between them are straight. */
interface Column {
  cells: Cell[];
  x: number;
}

/** Puts cells that follow each other in straight columns, and moves each column to the middle of its neighbors. */
function placeColumns(layers: readonly Cell[][]): void {
  const columns = columnsOf(layers);
  const columnOf = new Map(columns.flatMap((column) => column.cells.map((one) => [one, column] as const)));
  const beside = layers.flatMap((layer) =>
    layer.slice(1).flatMap((one, at) => {
      const [left, right] = [columnOf.get(layer[at] ?? one), columnOf.get(one)];
      return left && right && left !== right ? [{ left, right, apart: distance(layer[at], one) }] : [];
    }),
  );
  // As far left as the columns beside it allow, from the left to the right.
  for (let moved = true, rounds = 0; moved && rounds <= columns.length; rounds++) {
    moved = false;
    for (const { left, right, apart } of beside) {
      if (right.x >= left.x + apart) continue;
      right.x = left.x + apart;
      moved = true;
    }
  }
  const lefts = Map.groupBy(beside, ({ right }) => right);
  const rights = Map.groupBy(beside, ({ left }) => left);
  for (let round = 0; round < ROUNDS; round++) {
    const order = columns.toSorted((one, other) => (round % 2 ? one.x - other.x : other.x - one.x));
    for (const column of order) column.x = wantedPlace(column, columnOf, lefts.get(column), rights.get(column));
  }
  for (const { cells, x } of columns) for (const one of cells) one.x = x;
}

type Beside = { left: Column; right: Column; apart: number }[];

/** The middle of its neighbors, between the columns at its left and at its right. */
function wantedPlace(
  column: Column,
  columnOf: ReadonlyMap<Cell, Column>,
  lefts: Beside = [],
  rights: Beside = [],
): number {
  const links = column.cells.flatMap((one) => [...one.up, ...one.down]).filter((link) => columnOf.get(link.cell) !== column); // prettier-ignore
  const weight = links.reduce((sum, link) => sum + link.weight, 0);
  const wanted = weight ? links.reduce((sum, link) => sum + (columnOf.get(link.cell)?.x ?? 0) * link.weight, 0) / weight : column.x; // prettier-ignore
  const least = Math.max(...lefts.map(({ left, apart }) => left.x + apart));
  const most = Math.min(...rights.map(({ right, apart }) => right.x - apart));
  return Math.max(least, Math.min(most, wanted));
}

/** Each cell with the one straight above and the one straight below it. The heaviest edges are straight, and no two of them cross. */
function columnsOf(layers: readonly Cell[][]): Column[] {
  const below = new Map<Cell, Cell>();
  const above = new Map<Cell, Cell>();
  const places = new Map(layers.flatMap((layer) => layer.map((one, at) => [one, at] as const)));
  for (const layer of layers) {
    const links = layer.flatMap((one) => one.down.map((link) => ({ one, other: link.cell, weight: link.weight })));
    const chosen: [number, number][] = [];
    for (const { one, other } of links.sort((a, b) => b.weight - a.weight)) {
      const [from, to] = [places.get(one) ?? 0, places.get(other) ?? 0];
      if (below.has(one) || above.has(other) || chosen.some(([a, b]) => (a - from) * (b - to) < 0)) continue;
      chosen.push([from, to]);
      below.set(one, other);
      above.set(other, one);
    }
  }
  return layers.flat().filter((one) => !above.has(one)).map((first): Column => {
    const cells = [first];
    for (let next = below.get(first); next; next = below.get(next)) cells.push(next);
    return { cells, x: 0 };
  }); // prettier-ignore
}

const distance = (one: Cell | undefined, other: Cell): number =>
  ((one?.width ?? 0) + other.width) / 2 + (one?.isBox || other.isBox || one?.width || other.width ? GAP.column : GAP.lane); // prettier-ignore

/** The top and the height of each layer. */
function placeRows(layers: readonly Cell[][]): { top: number; height: number }[] {
  let top = GAP.margin;
  return layers.map((layer) => {
    const height = Math.max(0, ...layer.map((one) => one.height));
    const row = { top, height };
    top += height ? height + GAP.row : GAP.empty;
    return row;
  });
}
