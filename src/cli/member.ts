/** `npm run member -- add|reset|remove EMAIL`: gives a person access to the dashboard, or takes it away. */
import { Argument } from 'commander';
import type { Config } from '../config.ts';
import { formatCount } from '../form/format-count.ts';
import { CODE_HOURS, giveCode, removeMember } from '../members/codes.ts';
import { npmCommand } from './npm-command.ts';
import { onSite, withDatabase } from './on-site.ts';

type Action = 'add' | 'reset' | 'remove';

await npmCommand(
  'member',
  'Adds a member, resets a lost password, or removes a member.',
  'npm run member -- add ana@acme.example',
)
  .addArgument(new Argument('<action>').choices(['add', 'reset', 'remove'] satisfies Action[]))
  .argument('<email>', "the member's email address")
  .action((action: Action, email: string) => onSite((config) => manageMember(config, action, email)))
  .parseAsync();

async function manageMember(config: Config, action: Action, email: string): Promise<void> {
  if (action === 'remove') {
    const isRemoved = await withDatabase(config, (db) => removeMember(db, email));
    if (!isRemoved) throw new Error(`There is no member with the email ${email}.`);
    return console.log(`${email} no longer has access and is signed out everywhere.`);
  }
  const made = await withDatabase(config, (db) => giveCode(db, { what: action, email, now: new Date() }));
  if (made.fault !== undefined) throw new Error(made.fault);
  const address = `${config.publicUrl ?? `http://localhost:${config.port}`}/admin/code`;
  console.log(
    `Code for ${made.email}: ${made.code}\nIt works once, within ${formatCount(CODE_HOURS, 'hour')}, at ${address}`,
  );
}
