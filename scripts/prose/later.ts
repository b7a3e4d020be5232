/**
 * Files whose English is older than the rules. Their links are checked, and their sentences are not. Remove a file when
 * you rewrite it. A file that is being renamed has both names. `node scripts/prose/command.ts --all` reads these files too.
 */
const LATER = new Set([
  'docs/contribute/benchmarks.md',
  'src/form/brand.ts',
  'src/form/check/layout.ts',
  'src/form/fields/text/text.ts',
  'src/form/wording/en.ts',
  'src/record/versions.ts',
]);

/** @param file its path from the root of the project */
export const isLater = (file: string): boolean => LATER.has(file);
