/** Whether the environment has the secrets that forms name for their webhooks. */
import { statSync } from 'node:fs';
import { notifyFaultsFor } from '../../form/check/notify.ts';
import { readForms } from '../../form/folder.ts';
import type { DoctorFinding } from './finding.ts';

/**
 * Of the forms in `folder` that have no fault of their own; of those `npm run check` tells.
 * @param secret the value of a variable that forms may name
 */
export function missingWebhookSecrets(folder: string, secret: (name: string) => string | undefined): DoctorFinding[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return [
      {
        how: 'bad',
        says: `The folder of forms does not exist: ${folder}. Create it, or set FORMS_DIR to another folder.`,
      },
    ];
  const forms = readForms(folder, new Date()).flatMap(({ file, parsed }) => (parsed.ok ? [{ file, ...parsed }] : []));
  const wanting = forms.flatMap(({ file, form }) =>
    notifyFaultsFor(form, { secret, refuses: () => undefined }).map(
      ({ message, remedy }) => `${file} cannot be published: ${message}. ${remedy}`,
    ),
  );
  if (wanting.length) return [...new Set(wanting)].map((says) => ({ how: 'bad', says }));
  const names = forms.flatMap(({ form }) => (form.notify ?? []).flatMap(({ secret_env: name }) => name ?? []));
  return names.length ? [{ how: 'good', says: `Forms sign their webhooks with ${[...new Set(names)].join(', ')}.` }] : []; // prettier-ignore
}
