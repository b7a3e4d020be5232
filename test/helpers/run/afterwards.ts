/**
 * Steps that run after a test. `each-test.ts` runs them for every file, because a worker loads this module once for
 * many files.
 */
const steps: (() => unknown)[] = [];

/** Runs `step` after the test, before everything that was opened earlier is removed. */
export const afterwards = (step: () => unknown): void => void steps.push(step);

/** Does all of it, the last first. */
export async function doAfterwards(): Promise<void> {
  for (const step of steps.splice(0).reverse()) await step();
}
