import { Command } from 'commander';

/**
 * A command of npm, to which the caller adds arguments and an action. `--help` only prints. Commander refuses unknown
 * options and extra arguments with exit status 1.
 * @param example a complete line for the terminal
 */
export const npmCommand = (name: string, description: string, example = `npm run ${name}`): Command =>
  // npm takes options before `--` for itself.
  new Command(`npm run ${name} --`)
    .description(description)
    .addHelpText('after', `\nExample:\n  ${example}`)
    .showHelpAfterError();
