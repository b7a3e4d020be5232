/**
 * `npm run check [-- FILE…]`: prints all errors in the forms and how to fix them. For each form without errors it prints
 * the journeys, and draws them in DATA_DIR, or with `--privacy` the personal data that it stores. The exit status is 1 if there is an error.
 */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadEnvFile } from '../environment/env-file.ts';
import { environmentSchema } from '../environment/variables.ts';
import { formSecret, isSetting } from '../environment/environment.ts';
import { addressProblem } from '../deliver/webhook-address.ts';
import { printFault, type FormFault } from '../form/faults/faults.ts';
import { readForm, readForms } from '../form/folder.ts';
import type { Form } from '../form/schema.ts';
import { explore } from '../form/check/explore.ts';
import { notesOf } from '../form/check/notes.ts';
import { notifyFaultsFor, type CheckEnvironment } from '../form/check/notify.ts';
import { journeyText } from '../form/check/outline.ts';
import { journeySvg } from '../form/check/picture.ts';
import { formSizeInWords } from '../form/check/transitions.ts';
import { privacyText } from '../form/inspect/privacy.ts';
import { printable } from '../form/printable.ts';
import { makeFolders } from '../record/make-folders.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { explainFileError } from '../operate/file-error.ts';
import { npmCommand } from './npm-command.ts';

const command = npmCommand(
  'check',
  'Finds all errors in the forms, and draws the journeys of the forms without errors.',
  'npm run check -- forms/gig-driver.yaml',
)
  .argument('[files...]', 'YAML files of forms; without any, all files in the folder of forms')
  .option('--privacy', 'print the personal data that each form stores instead, where and for how long, as Markdown')
  .action(() => undefined)
  .parse();
const { args: named } = command;
const { privacy = false } = command.opts<{ privacy?: boolean }>();
// DATA_DIR holds personal data, so no other user of this machine may read it.
process.umask(0o077);
orExit(loadEnvFile);
const { env } = process;
const folder = env['FORMS_DIR'] ?? 'forms';
const pictures = path.join(env['DATA_DIR'] ?? 'data', 'journeys');
const missing = named.filter((file) => !existsSync(file));
if (missing.length || (!named.length && !existsSync(folder))) {
  console.error(named.length ? `There is no file ${missing.join(', ')}.` : `There is no folder ${folder}.`);
  process.exit(1);
}

const allowed = environmentSchema.shape.WEBHOOK_ALLOWED_HOSTS.safeParse(env['WEBHOOK_ALLOWED_HOSTS']?.trim() || undefined); // prettier-ignore
/** As on the server, but a variable that is not set here may be set there. */
const environment: CheckEnvironment = {
  secret: (name) => formSecret(name, env) ?? null,
  isSetting,
  refuses: (address) => addressProblem(address, allowed.data ?? []),
};
const extraCheck = (form: Form) => notifyFaultsFor(form, environment);

const now = new Date();
const forms = orExit(() =>
  named.length ? named.map((file) => readForm(file, now, extraCheck)) : readForms(folder, now, extraCheck),
);
const results = forms.map(({ file, parsed }) =>
  parsed.ok
    ? privacy
      ? privacyText(parsed.form, SITE_LIMITS.unsentDraftDays.value)
      : goodInWords(file, parsed)
    : parsed.faults.map(printFault).join('\n\n'),
);
console.log(printable(results.join('\n\n')));

const faulty = forms.filter(({ parsed }) => !parsed.ok);
const faults = faulty.flatMap(({ parsed }) => (parsed.ok ? [] : parsed.faults)).length;
if (faults) console.error(`\n${faults} ${faults === 1 ? 'error' : 'errors'} to fix.${formsWithErrors()}`);
process.exitCode = faults ? 1 : 0;

/** Runs `read`. Ends the command with a sentence where a file or a folder can't be read. */
function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = explainFileError(error);
    if (!reason) throw error;
    console.error(reason);
    process.exit(1);
  }
}

/** Names the forms with errors, because their messages may be far above. */
function formsWithErrors(): string {
  if (forms.length === 1) return '';
  const files = faulty.map(({ file }) => file).join(', ');
  return ` ${faulty.length} of ${forms.length} forms ${faulty.length === 1 ? 'has' : 'have'} errors: ${files}`;
}

/** The variables with secrets that the site will need, and that are not set here. */
function unsetSecrets(form: Form): string[] {
  const names = (form.notify ?? []).flatMap(({ secret_env: name }) => name ?? []);
  return [...new Set(names)].filter((name) => environment.secret(name) === null);
}

function goodInWords(file: string, { form, doubts }: { form: Form; doubts: FormFault[] }): string {
  const journeys = explore(form);
  const { length } = form.examples;
  return [
    `${file}  OK: ${formSizeInWords(form, journeys)}, ${length} ${length === 1 ? 'example' : 'examples'}`,
    ...notesOf(form).map((note) => `${file}  note: ${note}`),
    ...doubts.map(({ line, message, remedy }) => `${file}:${line}  note: ${message}. ${remedy}`),
    ...unsetSecrets(form).map(
      (name) => `${file}  note: ${name} is not set here. Set it on the server, or this form does not go live`,
    ),
    journeyText(form, journeys).replace(/^/gm, '  '),
    `  Picture: ${writePicture(form.slug, journeySvg(form, journeys))}`,
  ].join('\n');
}

/** Writes a form's picture. If that fails, the check itself is still complete. */
function writePicture(slug: string, svg: string): string {
  const file = path.join(pictures, `${slug}.svg`);
  try {
    makeFolders(pictures);
    writeFileSync(file, svg);
    return path.relative('.', file) || file;
  } catch (error) {
    return `none, because Flipsite cannot write ${file} (${(error as NodeJS.ErrnoException).code})`;
  }
}
