/** Checks whether the environment has the secrets that forms name for their webhooks. */
import { statSync } from 'node:fs';
import { notifyFaultsFor } from '../../form/check/notify.ts';
import { readForms } from '../../form/folder.ts';
import type { Form } from '../../form/schema.ts';
import type { ManagedIn } from '../../record/forms/form-states.ts';
import type { DoctorFinding } from './finding.ts';

/** A form as the database has it. */
export type LiveForm = { form: Form; managedIn: ManagedIn };

/** For the database: the published forms that are not archived, and whose files are there. */
export const LIVE_FORMS = `select definition, owner from forms
  join versions on versions.form = forms.slug and versions.version = forms.version
  where removed_at is null and archived_at is null order by slug`;

/** Of a row of `LIVE_FORMS`. */
export const toLiveForm = (row: { definition: string; owner: string }): LiveForm => ({
  form: JSON.parse(row.definition) as Form,
  managedIn: row.owner as ManagedIn,
});

/**
 * Checks the valid forms in `folder`, and the live forms that have no valid file or are managed in the dashboard. For
 * files with errors there is `npm run check`.
 * @param secret the value of a variable that forms may name
 */
export function checkWebhookSecrets(
  folder: string,
  live: LiveForm[],
  secret: (name: string) => string | undefined,
): DoctorFinding[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return [
      {
        level: 'error',
        message: `The folder of forms does not exist: ${folder}. Create it, or set FORMS_DIR to another folder.`,
      },
    ];
  const ofDashboard = new Set(live.flatMap(({ form, managedIn }) => (managedIn === 'dashboard' ? [form.slug] : [])));
  const files = readForms(folder, new Date()).flatMap(({ file, parsed }) =>
    parsed.ok && !ofDashboard.has(parsed.form.slug)
      ? [{ form: parsed.form, isWanting: `${file} cannot be published` }]
      : [],
  );
  const inFiles = new Set(files.map(({ form }) => form.slug));
  const others = live.flatMap(({ form }) =>
    inFiles.has(form.slug) ? [] : [{ form, isWanting: `The live form ${form.slug} cannot sign its webhooks` }],
  );
  const forms = [...files, ...others];
  const wanting = forms.flatMap(({ form, isWanting }) =>
    notifyFaultsFor(form, { secret, refuses: () => undefined }).map(
      ({ message, remedy }) => `${isWanting}: ${message}. ${remedy}`,
    ),
  );
  if (wanting.length) return [...new Set(wanting)].map((message) => ({ level: 'error', message }));
  const names = forms.flatMap(({ form }) => (form.notify ?? []).flatMap(({ secret_env: name }) => name ?? []));
  return names.length ? [{ level: 'ok', message: `Forms sign their webhooks with ${[...new Set(names)].join(', ')}.` }] : []; // prettier-ignore
}
