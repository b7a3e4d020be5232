import { Command } from 'commander';

/**
 * A command of npm, to which the caller adds arguments and an action. `--help` only prints. Commander refuses unknown
 * options and extra arguments with exit status 1.
 * @param example a complete line for the terminal
 */
export const npmCommand = (name: string, description: string, example = `npm run ${name}`): Command =>
  // npm takes options before `--` for itself, and sets variables instead.
  new Command(`npm run ${name} --`)
    .description(description)
    .addHelpText('after', `\nExample:\n  ${example}`)
    .showHelpAfterError()
    .hook('preAction', (_, action) => refuseTakenOption(name, action));

function refuseTakenOption(name: string, action: Command): void {
  const isTaken = (option: string) => process.env[`npm_config_${option.replaceAll('-', '_')}`];
  const taken = action.options.find((option) => isTaken(option.name()) && action.getOptionValueSource(option.attributeName()) !== 'cli'); // prettier-ignore
  if (taken) action.error(`error: npm took ${taken.long} for itself. Write -- before the options: npm run ${name} -- … ${taken.long} …`); // prettier-ignore
}
