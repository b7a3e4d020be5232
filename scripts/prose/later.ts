/**
 * Files whose English is older than the rules. Their links are checked, and their sentences are not. Remove a file when
 * you rewrite it. `node scripts/prose/command.ts --all` reads these files too.
 */
const LATER = new Set([
  'docs/contribute/benchmarks.md',
  'src/components/dashboard/EraseInvitation.astro',
  'src/components/dashboard/InviteForms.astro',
  'src/dashboard/documents.ts',
  'src/dashboard/event-in-words.ts',
  'src/dashboard/event-words.ts',
  'src/dashboard/fault-notice.ts',
  'src/dashboard/invitation-acts.ts',
  'src/deliver/post.ts',
  'src/environment.ts',
  'src/form/check/computed.ts',
  'src/form/syntax.ts',
  'src/form/wording/en.ts',
  'src/invite/people.ts',
  'src/local-smile/invite-pages.ts',
  'src/local-smile/knobs.ts',
  'src/local-smile/main.ts',
  'src/local-smile/widget/words.ts',
  'src/members/codes.ts',
  'src/operate.ts',
  'src/operate/backup.ts',
  'src/operate/doctor.ts',
  'src/operate/whole-copy.ts',
  'src/pages/admin/code.astro',
  'src/pages/admin/deliveries/index.astro',
  'src/pages/admin/forms/[slug]/index.astro',
  'src/pages/admin/forms/[slug]/invitations.astro',
  'src/pages/admin/setup.astro',
  'src/pages/admin/sign-in.astro',
  'src/pages/admin/smile.astro',
  'src/record/versions.ts',
  'src/respond/refusal.ts',
  'src/site/follow-forms.ts',
]);

/** @param file its path from the root of the project */
export const isLater = (file: string): boolean => LATER.has(file);
