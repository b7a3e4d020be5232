/**
 * Files whose English is older than the rules. Their links are checked, and their sentences are not. Remove a file when
 * you rewrite it. A file that is being renamed has both names. `node scripts/prose/command.ts --all` reads these files too.
 */
const LATER = new Set([
  'docs/contribute/benchmarks.md',
  'src/cli/check.ts',
  'src/cli/check.ts',
  'src/deliver/webhook-post.ts',
  'src/deliver/webhook-post.ts',
  'src/environment.ts',
  'src/form/brand.ts',
  'src/form/check/computed.ts',
  'src/form/check/layout.ts',
  'src/form/check/match.ts',
  'src/form/check/notes.ts',
  'src/form/faults/syntax.ts',
  'src/form/fields/text.ts',
  'src/form/limits.ts',
  'src/form/schema.ts',
  'src/form/faults/syntax.ts',
  'src/form/wording/en.ts',
  'src/invite/people.ts',
  'src/local-smile/control-api.ts',
  'src/local-smile/invite-pages.ts',
  'src/local-smile/control-api.ts',
  'src/local-smile/main.ts',
  'src/local-smile/widget/words.ts',
  'src/members/codes.ts',
  'src/record/jobs/worker.ts',
  'src/record/jobs/worker.ts',
  'src/record/versions.ts',
  'src/respond/api-error.ts',
  'src/respond/erase.ts',
  'src/respond/api-error.ts',
  'src/site/follow-forms.ts',
]);

/** @param file its path from the root of the project */
export const isLater = (file: string): boolean => LATER.has(file);
