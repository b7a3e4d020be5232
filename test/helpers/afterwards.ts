/** What a test leaves to be done after it. `each-test.ts` has it done, for every file: a worker loads this module once for many files. */
const steps: (() => unknown)[] = [];

/** Has `step` done after the test, before what was opened earlier is removed. */
export const afterwards = (step: () => unknown): void => void steps.push(step);

/** Does all of it, the last first. */
export async function doAfterwards(): Promise<void> {
  for (const step of steps.splice(0).reverse()) await step();
}
