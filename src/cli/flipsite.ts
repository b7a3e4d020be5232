/** `flipsite COMMAND`: the command of the package. Each command is the one that npm runs in a clone. */
import { programVersion } from '../built.ts';

type Command = { description: string; load: () => Promise<unknown> };

const COMMANDS: Record<string, Command> = {
  init: { description: 'puts a first form and the settings into this folder', load: () => import('./init.ts') },
  start: { description: 'starts the site', load: () => import('./start.ts') },
  check: { description: 'finds all errors in the forms', load: () => import('./check.ts') },
  forms: { description: 'lists, pulls, pushes and imports forms', load: () => import('./forms.ts') },
  member: { description: 'adds and lists members of the dashboard', load: () => import('./member.ts') },
  backup: { description: 'copies the data while the site runs', load: () => import('./backup.ts') },
  restore: { description: 'puts a backup in place', load: () => import('./restore.ts') },
  compact: { description: 'removes free space from the database', load: () => import('./compact.ts') },
  rebuild: { description: 'computes stored summaries again from events', load: () => import('./rebuild.ts') },
  doctor: { description: 'looks for problems of this site', load: () => import('./doctor.ts') },
  static: { description: 'writes the pages for a static host', load: () => import('./static.ts') },
  smile: { description: "runs local Smile, or manages this site's webhook", load: () => import('./smile.ts') },
};

const [name = '', ...args] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
if (command) {
  // Each command reads its own arguments.
  process.argv = [...process.argv.slice(0, 2), ...args];
  await command.load();
} else if (['version', '--version', '-v'].includes(name)) console.log(programVersion);
else if (['', 'help', '--help', '-h'].includes(name)) console.log(usage());
else {
  console.error(`There is no command ${name}.\n\n${usage()}`);
  process.exitCode = 1;
}

function usage(): string {
  const lines = Object.entries(COMMANDS).map(([one, { description }]) => `  ${one.padEnd(9)} ${description}`);
  return [
    `Flipsite ${programVersion}`,
    '',
    'Usage: npx flipsite COMMAND',
    '',
    ...lines,
    '  version   prints the version',
    '',
    'npx flipsite COMMAND --help has the options of a command.',
  ].join('\n');
}
