/** The sums of a cohort: how many people reached each step, and how long each screen took them. */
import type { SubmissionProgress } from './submission-progress.ts';

/** People by step. A step without anyone is absent. */
export type StepCounts = Record<string, number>;
/** People by screen and active seconds. The empty screen is the complete form. */
export type Times = Record<string, Record<string, number>>;

export type Numbers = { counts: StepCounts; times: Times };

/** The sums of a cohort without people. */
export const noNumbers = (): Numbers => ({ counts: {}, times: {} });

/** Adds the numbers of one submission to its cohort. @param by -1 subtracts them */
export function addProgress({ counts, times }: Numbers, progress: SubmissionProgress, by: 1 | -1): void {
  if (progress.state === 'spam') return add(counts, 'spam', by);
  for (const step of stepsIn(progress)) add(counts, step, by);
  if (progress.at_screen !== null) add(counts, `at:${progress.at_screen}`, by);
  for (const [screen, seconds] of Object.entries(JSON.parse(progress.times) as Record<string, number>)) {
    const own = (times[screen] ??= {});
    add(own, String(seconds), by);
    if (Object.keys(own).length === 0) delete times[screen];
  }
}

/** The ids of the steps that a person reached. */
export const stepsIn = ({ steps }: Pick<SubmissionProgress, 'steps'>): string[] => steps.split(' ').filter(Boolean);

/** Adds the numbers of `more` to `sum`. */
export function addNumbers(sum: Numbers, more: Numbers): void {
  for (const [step, count] of Object.entries(more.counts)) add(sum.counts, step, count);
  for (const [screen, seconds] of Object.entries(more.times)) {
    const own = (sum.times[screen] ??= {});
    for (const [second, count] of Object.entries(seconds)) add(own, second, count);
  }
}

function add(counts: StepCounts, name: string, by: number): void {
  const count = (counts[name] ?? 0) + by;
  if (count === 0) delete counts[name];
  else counts[name] = count;
}

/** Whether a cohort counts no one. */
export const isEmpty = ({ counts, times }: Numbers): boolean =>
  Object.keys(counts).length === 0 && Object.keys(times).length === 0;

/** The seconds within which half of the people finished; null without anyone. */
export function medianOf(seconds: Record<string, number> = {}): number | null {
  const bySeconds = Object.entries(seconds).map(([second, count]) => ({ second: Number(second), count }));
  bySeconds.sort((a, b) => a.second - b.second);
  const half = bySeconds.reduce((sum, { count }) => sum + count, 0) / 2;
  let passed = 0;
  return bySeconds.find(({ count }) => (passed += count) >= half)?.second ?? null;
}
