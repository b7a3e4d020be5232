import { Command } from 'commander';

/** A command of npm, to which arguments are added: `--help` only prints, an unknown option or a further argument is refused. */
export const npmCommand = (name: string, description: string): Command =>
  // npm keeps for itself what stands before `--`.
  new Command(`npm run ${name} --`).description(description).showHelpAfterError();
