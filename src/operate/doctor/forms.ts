/** Checks whether the environment has the secrets that forms name for their webhooks. */
import { statSync } from 'node:fs';
import { notifyFaultsFor, type CheckEnvironment } from '../../form/check/notify.ts';
import { readForms } from '../../form/folder.ts';
import type { Form } from '../../form/schema.ts';
import type { ManagedIn } from '../../record/forms/form-states.ts';
import type { DoctorFinding } from './finding.ts';

/** For the database: the published forms that are not archived, and whose files are there. */
export const LIVE_FORMS = `select definition, owner from forms
  join versions on versions.form = forms.slug and versions.version = forms.version
  where removed_at is null and archived_at is null order by slug`;

/** A row of `LIVE_FORMS`. */
export type LiveFormRow = { definition: string; owner: ManagedIn };

/**
 * Checks the valid forms in `folder`, and the live forms that have no valid file or are managed in the dashboard. For
 * files with errors there is `npm run check`.
 */
export function checkWebhookSecrets(
  folder: string,
  live: LiveFormRow[],
  { secret, isSetting }: Pick<CheckEnvironment, 'secret' | 'isSetting'>,
): DoctorFinding[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return [
      {
        level: 'error',
        message: `The folder of forms does not exist: ${folder}. Create it, or set FORMS_DIR to another folder.`,
      },
    ];
  const liveForms = live.map(({ definition, owner }) => ({ form: JSON.parse(definition) as Form, owner }));
  const ofDashboard = new Set(liveForms.flatMap(({ form, owner }) => (owner === 'dashboard' ? [form.slug] : [])));
  const files = readForms(folder, new Date()).flatMap(({ file, parsed }) =>
    parsed.ok && !ofDashboard.has(parsed.form.slug)
      ? [{ form: parsed.form, problem: `${file} cannot be published` }]
      : [],
  );
  const inFiles = new Set(files.map(({ form }) => form.slug));
  const others = liveForms.flatMap(({ form }) =>
    inFiles.has(form.slug) ? [] : [{ form, problem: `The live form ${form.slug} cannot sign its webhooks` }],
  );
  const forms = [...files, ...others];
  const missing = forms.flatMap(({ form, problem }) =>
    notifyFaultsFor(form, { secret, isSetting, refuses: () => undefined }).map(
      ({ message, remedy }) => `${problem}: ${message}. ${remedy}`,
    ),
  );
  if (missing.length) return [...new Set(missing)].map((message) => ({ level: 'error', message }));
  const names = forms.flatMap(({ form }) => (form.notify ?? []).flatMap(({ secret_env: name }) => name ?? []));
  return names.length ? [{ level: 'ok', message: `Forms sign their webhooks with ${[...new Set(names)].join(', ')}.` }] : []; // prettier-ignore
}
