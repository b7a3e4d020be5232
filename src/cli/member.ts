/** `npm run member -- list|add|reset|remove [EMAIL]`: lists the members, gives a person access, or takes it away. */
import { Argument, Option } from 'commander';
import type { Config } from '../config.ts';
import { addressOf } from '../environment/site-address.ts';
import { formatCount } from '../form/format-count.ts';
import { CODE_HOURS, giveCode, removeMember } from '../members/codes.ts';
import { ROLES, type Grant, type Role } from '../members/roles.ts';
import { listTeam } from '../members/team.ts';
import { formStates } from '../record/forms/form-states.ts';
import { npmCommand } from './npm-command.ts';
import { onSite, withDatabase } from './on-site.ts';

type Action = 'list' | 'add' | 'reset' | 'remove';
type Options = { role?: Role; form?: string[]; mayReveal?: boolean };

await npmCommand(
  'member',
  'Lists the members, adds one, resets a lost password, or removes a member.',
  'npm run member -- add ana@acme.example --role reviewer --form loan',
)
  .addArgument(new Argument('<action>').choices(['list', 'add', 'reset', 'remove'] satisfies Action[]))
  .argument('[email]', "the member's email address, for all but list")
  .addOption(new Option('--role <role>', 'the role of a new member (default: owner)').choices(ROLES))
  .option('--form <slug>', 'a form that the role is for. Repeat it for several forms (default: all forms)', addTo)
  .option('--may-reveal', 'lets a reviewer see and export private answers')
  .action((action: Action, email: string | undefined, options: Options) =>
    onSite((config) => manageMember(config, action, email, options)),
  )
  .parseAsync();

async function manageMember(
  config: Config,
  action: Action,
  email: string | undefined,
  options: Options,
): Promise<void> {
  if (action !== 'add' && Object.keys(options).length > 0) {
    throw new Error(`--role, --form and --may-reveal belong to add. Run ${action} without them.`);
  }
  if (action === 'list') return printMembers(config);
  if (email === undefined) throw new Error(`Write the email address of the member after ${action}.`);
  if (action === 'remove') {
    const isRemoved = await withDatabase(config, (db) => removeMember(db, email, new Date()));
    if (!isRemoved)
      throw new Error(`There is no member with the email ${email}. If it had an unused code, that no longer works.`);
    return console.log(`${email} no longer has access and is signed out everywhere.`);
  }
  const made = await withDatabase(config, async (db) => {
    const slugs = (await formStates(db)).map(({ slug }) => slug);
    return giveCode(db, { what: action, email, now: new Date(), grants: grantsFrom(options, slugs) });
  });
  if (made.fault !== undefined) throw new Error(made.fault);
  const address = `${addressOf(config)}/admin/code`;
  console.log(
    `Code for ${made.email}: ${made.code}\nIt works once, within ${formatCount(CODE_HOURS, 'hour')}, at ${address}`,
  );
}

/** Prints a line for each member, with the roles. */
async function printMembers(config: Config): Promise<void> {
  const { members } = await withDatabase(config, (db) => listTeam(db, new Date()));
  const rolesOf = (grants: Grant[]) =>
    grants
      .map(
        ({ role, form, mayReveal }) => `${role} of ${form ?? 'all forms'}${mayReveal ? ', with private answers' : ''}`,
      )
      .join('; ') || 'no role';
  console.log(
    members.map(({ email, grants }) => `${email}  ${rolesOf(grants)}`).join('\n') || 'There are no members yet.',
  );
}

/**
 * The roles that these options name.
 * @param slugs the slugs of all forms
 * @throws {Error} with a sentence for the terminal, when the options do not fit together or a form does not exist
 */
function grantsFrom({ role = 'owner', form: forms, mayReveal = false }: Options, slugs: string[]): Grant[] {
  if (mayReveal && role !== 'reviewer') throw new Error('--may-reveal needs --role reviewer.');
  if (forms && !slugs.length)
    throw new Error('There are no forms yet. Start the site once, so that it publishes them.');
  const unknown = forms?.find((slug) => !slugs.includes(slug));
  if (unknown !== undefined) throw new Error(`There is no form ${unknown}. Use one of ${slugs.join(', ')}.`);
  return [...new Set(forms ?? [null])].map((form) => ({ role, form, mayReveal }));
}

function addTo(slug: string, before: string[] = []): string[] {
  return [...before, slug];
}
