/** Long tables and heavy loads run whole in `npm run test:long`, and in part in `npm test`, which has to stay short. */

/** Whether this is the long run, as `vitest.config.ts` and `playwright.long.config.ts` say. */
export const LONG = process.env['FLIPSITE_TEST_LONG'] === 'yes';

/** All cases in the long run; otherwise `count` of them, the first and others spread over the list. */
export function someOf<T>(cases: readonly T[], count: number): readonly T[] {
  if (LONG || cases.length <= count) return cases;
  return Array.from(
    { length: count },
    (_, at) => cases[Math.round((at * (cases.length - 1)) / Math.max(count - 1, 1))] as T,
  );
}
