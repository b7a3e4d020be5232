/** `npm run member` as an operator calls it, on the database of a site. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { redeemCode } from '../../src/members/codes.ts';
import { listGrants, OWNER_OF_ALL } from '../../src/members/grants.ts';
import { parseForm } from '../../src/form/parse.ts';
import { closeDatabase, openDatabase, type Database } from '../../src/record/db/database.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { PLAIN } from '../helpers/api/client.ts';
import { someOf } from '../helpers/run/long.ts';
import { prepareSqlite } from '../helpers/run/prepared.ts';
import { PROGRAM_ENV, commandArguments, inItsWords } from '../helpers/programs.ts';
import { temporaryFolder } from '../helpers/database.ts';
import { itLong } from '../helpers/run/it-long.ts';

const ANA = 'ana@acme.example';
const PASSWORD = 'four plain words here';

/** A site's folder, with these published forms. */
async function siteFolder(slugs = ['loan', 'rent']): Promise<string> {
  const folder = temporaryFolder();
  await onDatabase(folder, async (db) => {
    for (const slug of slugs) {
      const parsed = parseForm(slug, PLAIN, new Date());
      if (!parsed.ok) throw new Error('The form has faults.');
      await saveVersion(db, parsed.form, new Date());
    }
  });
  return folder;
}

async function onDatabase<R>(folder: string, run: (db: Database) => Promise<R>): Promise<R> {
  const db = await openDatabase(prepareSqlite(join(folder, 'flipsite.sqlite')));
  try {
    return await run(db);
  } finally {
    await closeDatabase(db);
  }
}

/** Runs the command in the terminal. */
function member(folder: string, ...words: string[]) {
  return memberWith({}, folder, ...words);
}

function memberWith(env: Record<string, string>, folder: string, ...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...commandArguments('member'), ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...PROGRAM_ENV, DATA_DIR: folder, APP_HOST: '10.0.0.5', ...env },
  });
  return { status, stdout, stderr };
}

/** Adds a member in the terminal, and uses the printed code. */
async function addedGrants(folder: string, ...options: string[]) {
  const { status, stdout, stderr } = member(folder, 'add', ANA, ...options);
  expect([status, stderr]).toEqual([0, '']);
  const [, code = ''] = /^Code for ana@acme\.example: (\S+)$/m.exec(stdout) ?? [];
  expect(stdout).toContain('It works once, within 24 hours, at http://10.0.0.5:8000/admin/code');
  return onDatabase(folder, async (db) => {
    const used = await redeemCode(db, { email: ANA, code, password: PASSWORD, now: new Date() });
    if (used.fault !== undefined) throw new Error(used.fault);
    return listGrants(db, used.member.id);
  });
}

describe('npm run member -- add', () => {
  it('makes an owner of all forms', async () => {
    expect(await addedGrants(await siteFolder())).toEqual([OWNER_OF_ALL]);
  });

  it('gives the role of --role on each form of --form, and private answers with --may-reveal', async () => {
    const options = ['--role', 'reviewer', '--form', 'loan', '--form', 'rent', '--form', 'loan', '--may-reveal'];
    expect(await addedGrants(await siteFolder(), ...options)).toEqual([
      { role: 'reviewer', form: 'loan', mayReveal: true },
      { role: 'reviewer', form: 'rent', mayReveal: true },
    ]);
  });

  it('gives a role on all forms, without private answers, if the command names neither', async () => {
    expect(await addedGrants(await siteFolder(), '--role', 'reviewer')).toEqual([
      { role: 'reviewer', form: null, mayReveal: false },
    ]);
  });
});

itLong('npm run member -- list prints each member with the roles', async () => {
  const folder = await siteFolder();
  expect(member(folder, 'list').stdout).toBe('There are no members yet.\n');
  await addedGrants(folder, '--role', 'editor', '--form', 'loan');
  expect(member(folder, 'list').stdout).toBe(`${ANA}  editor of loan\n`);
});

it('npm run member -- remove ends a code that nobody has used, and says so', async () => {
  const folder = await siteFolder();
  const code = /: (\S+)/.exec(member(folder, 'add', ANA).stdout)?.[1] ?? '';
  const says = `There is no member with the email ${ANA}. If it had an unused code, that no longer works.\n`;
  expect(member(folder, 'remove', ANA)).toEqual({ status: 1, stdout: '', stderr: says });
  const input = { email: ANA, code, password: PASSWORD, now: new Date() };
  expect(await onDatabase(folder, (db) => redeemCode(db, input))).toMatchObject({ field: 'code' });
});

it('npm run member -- list says who may see private answers', async () => {
  const folder = await siteFolder();
  await addedGrants(folder, '--role', 'reviewer', '--form', 'loan', '--may-reveal');
  expect(member(folder, 'list').stdout).toBe(`${ANA}  reviewer of loan, with private answers\n`);
});

describe('npm run member refuses', () => {
  it.each(
    someOf(
      [
        [['add', ANA, '--role', 'admin'], 'Allowed choices are owner, editor, reviewer, viewer.'],
        [['add', ANA, '--role'], "option '--role <role>' argument missing"],
        [['add', ANA, '--form', 'loans'], 'There is no form loans. Use one of loan, rent.'],
        [['add', ANA, '--form', 'loan', '--form', 'lease'], 'There is no form lease. Use one of loan, rent.'],
        [['add', ANA, '--may-reveal'], '--may-reveal needs --role reviewer.'],
        [['add', ANA, '--role', 'viewer', '--may-reveal'], '--may-reveal needs --role reviewer.'],
        [['reset', ANA, '--role', 'owner'], '--role, --form and --may-reveal belong to add. Run reset without them.'],
        [['remove', ANA, '--form', 'loan'], '--role, --form and --may-reveal belong to add. Run remove without them.'],
        [['add', 'ana'], 'Enter an email address, like name@example.com.'],
        [['reset', ANA], `There is no member with the email ${ANA}. To add one, run npm run member -- add ${ANA}`],
        [['remove'], 'Write the email address of the member after remove.'],
        [['remove', ANA], `There is no member with the email ${ANA}.`],
      ],
      4,
    ),
  )('%j, and says why', async (words, says) => {
    const folder = await siteFolder();
    const { status, stdout, stderr } = member(folder, ...words);
    expect(stderr).toContain(inItsWords(says));
    expect([status, stdout]).toEqual([1, '']);
    const codes = await onDatabase(folder, (db) => db.query.selectFrom('member_codes').selectAll().execute());
    expect(codes).toEqual([]);
  });

  it('an option that npm took for itself, because -- is missing', async () => {
    const folder = await siteFolder();
    const { status, stdout, stderr } = memberWith({ npm_config_role: 'viewer' }, folder, 'add', ANA);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      inItsWords('npm took --role for itself. Write -- before the options: npm run member -- …'),
    );
    expect(memberWith({ npm_config_role: 'viewer' }, folder, 'add', ANA, '--role', 'viewer').status).toBe(0);
  });

  it('a form before the site has published one', async () => {
    const { status, stderr } = member(await siteFolder([]), 'add', ANA, '--form', 'loan');
    expect([status, stderr]).toEqual([1, 'There are no forms yet. Start the site once, so that it publishes them.\n']);
  });
});
