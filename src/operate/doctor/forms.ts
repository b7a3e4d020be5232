/** Checks whether the environment has the secrets that forms name for their webhooks. */
import { statSync } from 'node:fs';
import { notifyFaultsFor } from '../../form/check/notify.ts';
import { readForms } from '../../form/folder.ts';
import type { DoctorFinding } from './finding.ts';

/**
 * Checks the valid forms in `folder`. For the others there is `npm run check`.
 * @param secret the value of a variable that forms may name
 */
export function checkWebhookSecrets(folder: string, secret: (name: string) => string | undefined): DoctorFinding[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    return [
      {
        level: 'error',
        message: `The folder of forms does not exist: ${folder}. Create it, or set FORMS_DIR to another folder.`,
      },
    ];
  const forms = readForms(folder, new Date()).flatMap(({ file, parsed }) => (parsed.ok ? [{ file, ...parsed }] : []));
  const wanting = forms.flatMap(({ file, form }) =>
    notifyFaultsFor(form, { secret, refuses: () => undefined }).map(
      ({ message, remedy }) => `${file} cannot be published: ${message}. ${remedy}`,
    ),
  );
  if (wanting.length) return [...new Set(wanting)].map((message) => ({ level: 'error', message }));
  const names = forms.flatMap(({ form }) => (form.notify ?? []).flatMap(({ secret_env: name }) => name ?? []));
  return names.length ? [{ level: 'ok', message: `Forms sign their webhooks with ${[...new Set(names)].join(', ')}.` }] : []; // prettier-ignore
}
