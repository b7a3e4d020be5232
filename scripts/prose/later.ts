/**
 * Files whose English is older than the rules. Their links are checked, and their sentences are not. Remove a file when
 * you rewrite it. A file that is being renamed has both names. `node scripts/prose/command.ts --all` reads these files too.
 */
const LATER = new Set([
  'docs/contribute/benchmarks.md',
  'src/cli/check.ts',
  'src/cli/check.ts',
  'src/components/dashboard/EraseInvitation.astro',
  'src/components/dashboard/InviteForms.astro',
  'src/dashboard/describe-event.ts',
  'src/dashboard/documents.ts',
  'src/dashboard/error-message-page.ts',
  'src/dashboard/describe-event.ts',
  'src/dashboard/event-labels.ts',
  'src/dashboard/event-labels.ts',
  'src/dashboard/error-message-page.ts',
  'src/dashboard/invitation-actions.ts',
  'src/dashboard/invitation-actions.ts',
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
  'src/members/codes.ts',
  'src/pages/admin/code.astro',
  'src/pages/admin/deliveries/index.astro',
  'src/pages/admin/forms/[slug]/index.astro',
  'src/pages/admin/forms/[slug]/invitations.astro',
  'src/pages/admin/setup.astro',
  'src/pages/admin/sign-in.astro',
  'src/pages/admin/smile.astro',
  'src/record/jobs/worker.ts',
  'src/record/jobs/worker.ts',
  'src/record/versions.ts',
]);

/** @param file its path from the root of the project */
export const isLater = (file: string): boolean => LATER.has(file);
