/** `npx flipsite init [FOLDER]`: a folder with a first form and the settings, for the package. It overwrites nothing. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exampleSettings } from '../built.ts';
import { templates } from '../form/templates/templates.ts';
import { makeFolders } from '../record/make-folders.ts';
import { npmCommand } from './npm-command.ts';

await npmCommand('init', 'Puts a first form and the settings into a folder.', 'npm run init -- my-forms')
  .argument('[folder]', 'the folder of the site', '.')
  .action(init)
  .parseAsync();

function init(folder: string): void {
  const forms = path.join(folder, 'forms');
  const first = templates.find(({ name }) => name === 'contact');
  const files: [string, string][] = [
    [path.join(folder, '.env'), exampleSettings()],
    [path.join(folder, '.gitignore'), '.env\ndata/\nbackups/\n'],
  ];
  const hasForms = existsSync(forms) && readdirSync(forms).some((name) => name.endsWith('.yaml'));
  if (!hasForms && first) files.unshift([path.join(forms, 'contact.yaml'), first.text()]);
  try {
    makeFolders(forms);
    for (const [file, text] of files) {
      const isNew = !existsSync(file);
      // Settings have secrets, so no other user of this machine may read them.
      if (isNew) writeFileSync(file, text, { mode: file.endsWith('.env') ? 0o600 : 0o644 });
      console.log(`${isNew ? 'Created' : 'Kept   '}  ${file}`);
    }
  } catch (error) {
    const { code, path: at = folder } = error as NodeJS.ErrnoException;
    console.error(`Flipsite cannot write ${at} (${code}). Choose a folder in which you may write.`);
    process.exitCode = 1;
    return;
  }
  const into = path.relative('.', folder);
  console.log(`\nNext:\n${into ? `  cd ${into}\n` : ''}  npm start\n`);
}
