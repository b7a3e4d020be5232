/** The measured values, compared with the goals, as Markdown. */
import type { Subject, Visit } from './visit.ts';

export type Measured = Record<Subject['name'], (Visit & { script: number })[]>;

interface Figure {
  what: string;
  of: Exclude<keyof Measured['ours'][number], 'moved'>;
  unit: Unit;
  /** The goal for our value, and whether it is met. Undefined if the value has no goal. */
  goal?: { text: string; holds: (ours: number, floor: number) => boolean };
  /** Does not depend on the machine, so that it must hold on every visit. */
  exact?: true;
}

type Unit = (value: number) => string;

const count: Unit = (value) => String(value);
const kilobytes: Unit = (bytes) => `${(bytes / 1_000).toFixed(2)} kB`;
const megabytes: Unit = (bytes) => `${(bytes / 1_000_000).toFixed(2)} MB`;
const milliseconds: Unit = (value) => `${Math.round(value)} ms`;
const score: Unit = (value) => value.toFixed(3);

const atMost = (most: number, unit: Unit) => ({ text: `≤ ${unit(most)}`, holds: (ours: number) => ours <= most });
const none = (unit: Unit) => ({ text: unit(0), holds: (ours: number) => ours === 0 });
const above = (more: number) => ({
  text: `floor + ${more} ms`,
  holds: (ours: number, floor: number) => ours <= floor + more,
});

const FIGURES: Figure[] = [
  { what: 'Requests before the first control works', of: 'requests', unit: count, goal: atMost(1, count), exact: true },
  { what: 'Bytes until then', of: 'bytes', unit: kilobytes, goal: atMost(10_000, kilobytes), exact: true },
  { what: 'Script in it', of: 'script', unit: kilobytes, goal: atMost(4_000, kilobytes), exact: true },
  { what: 'Requests until the page rests', of: 'requestsAtRest', unit: count, goal: atMost(1, count), exact: true },
  { what: 'Bytes from the first answer to the end', of: 'bytesLater', unit: kilobytes },
  { what: 'First control works', of: 'usable', unit: milliseconds, goal: above(100) },
  { what: 'Total blocking time', of: 'blocked', unit: milliseconds, goal: above(50) },
  { what: 'Memory of the script engine', of: 'heap', unit: megabytes, goal: atMost(1_150_000, megabytes) },
  { what: 'Layout shift while loading', of: 'shiftAtLoad', unit: score, goal: none(score), exact: true },
  { what: 'Layout shift from then on', of: 'shiftLater', unit: score, goal: none(score), exact: true },
  { what: 'What a press moves, not counted', of: 'shiftExcused', unit: score },
  { what: 'Next → error', of: 'toError', unit: milliseconds, goal: above(20) },
  { what: 'Next → next screen', of: 'toNext', unit: milliseconds, goal: above(20) },
  { what: 'Fetched in between', of: 'waitedFor', unit: count, goal: none(count), exact: true },
  { what: 'Choice → field that depends on it', of: 'toField', unit: milliseconds, goal: above(20) },
  { what: 'Next → next screen without a network', of: 'toNextOffline', unit: milliseconds, goal: above(20) },
];

export function table(measured: Measured): string {
  const rows = FIGURES.map((figure) => {
    const { what, unit, goal } = figure;
    const [floor, ours] = [spread(measured.floor, figure), spread(measured.ours, figure)];
    const gap = ours.median - floor.median;
    const holds = goal ? (isMet(figure, measured) ? 'yes' : '**no**') : '';
    return [what, written(floor, unit), written(ours, unit), signed(gap, unit), goal?.text ?? '', holds];
  });
  const head = ['Figure', 'Floor', 'Ours', 'Gap', 'Goal', 'Holds'];
  return [head, ['---', '---:', '---:', '---:', '---:', '---'], ...rows].map(row).join('\n');
}

/** The elements of our page that moved and should not have, a line for each. */
export const moved = ({ ours }: Measured): string[] => [...new Set(ours.flatMap((visit) => visit.moved))];

/** Whether every goal is met that does not depend on the machine. */
export const holdsExactly = (measured: Measured): boolean =>
  FIGURES.every((figure) => !figure.exact || isMet(figure, measured));

/** The measured values in one row of the table in docs/contribute/benchmarks.md. */
export function line(measured: Measured): string {
  const told = (of: Figure['of']) => {
    const figure = FIGURES.find((one) => one.of === of) as Figure;
    const [floor, ours] = [spread(measured.floor, figure).median, spread(measured.ours, figure).median];
    return `${figure.unit(ours)} (${signed(ours - floor, figure.unit)})`;
  };
  return row([
    'A form of three screens and eleven fields on an emulated cheap phone, and how far from one written by hand: bytes and script before the first answer, first control works, memory, Next → error, Next → next screen',
    (['bytes', 'script', 'usable', 'heap', 'toError', 'toNext'] as const).map(told).join(', '),
    '`npm run bench -- page`',
  ]);
}

function isMet({ of, goal, exact }: Figure, { floor, ours }: Measured): boolean {
  const [least, most] = [spread(floor, { of }), spread(ours, { of })];
  return !goal || goal.holds(exact ? most.highest : most.median, least.median);
}

function spread(visits: Measured['ours'], { of }: Pick<Figure, 'of'>) {
  const values = visits.map((visit) => visit[of]).sort((a, b) => a - b);
  const at = (index: number) => values[index] ?? NaN;
  const middle = (values.length - 1) / 2;
  return {
    lowest: at(0),
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    highest: at(values.length - 1),
  };
}

function written({ lowest, median, highest }: ReturnType<typeof spread>, unit: Unit): string {
  const [low, high] = [unit(lowest), unit(highest)];
  return low === high ? unit(median) : `${unit(median)} (${parseFloat(low)}–${parseFloat(high)})`;
}

const signed = (value: number, unit: Unit) => (value > 0 ? '+' : '') + unit(value);

const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
