/** Files of another user, which the user of the site may not open. */
import { chmodSync, chownSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hasDatabase } from '../../src/cli/on-site.ts';
import { checkDatabase, takeBackup } from '../../src/operate/backup.ts';
import { explainFileError } from '../../src/operate/file-error.ts';
import { explainOwnership, isRefusal } from '../../src/operate/ownership.ts';
import { asOtherUser } from '../helpers/other-user.ts';
import { temporaryFolder } from '../helpers/database.ts';

function place(name = 'data') {
  const dataDir = join(temporaryFolder(), name);
  mkdirSync(dataDir, { mode: 0o755 });
  const database = join(dataDir, 'flipsite.sqlite');
  writeFileSync(database, '', { mode: 0o600 });
  return { dataDir, database };
}

it('a file of another user is named with the command that gives it to the user of the site', () => {
  const at = place();
  chmodSync(at.dataDir, 0o777);
  const { uid } = statSync(at.database);
  const service = { uid: 54_321, groups: [54_322] };
  expect(explainOwnership(at, service)).toMatch(
    / and the user 54321 may not open it\. .*run: chown -R 54321:54322 \S/i,
  );
  expect(explainOwnership(at, service)).toContain(` ${at.dataDir}`);
  expect(explainOwnership(at, service)).toContain(`${at.database} belongs to `);
  const spaced = place('my data');
  chmodSync(spaced.dataDir, 0o777);
  expect(explainOwnership(spaced, service)).toContain(` '${spaced.dataDir}'`);
  expect(explainOwnership(at, { uid, groups: [] })).toBeUndefined();
  chmodSync(at.database, 0o666);
  expect(explainOwnership(at, service)).toBeUndefined();
});

it.runIf(process.geteuid?.() === 0)('data of the user of the site is not to be given to whoever runs a command', () => {
  const at = place();
  chownSync(at.dataDir, 65_534, 65_534);
  chmodSync(at.dataDir, 0o700);
  const admin = { uid: 54_321, groups: [54_322] };
  expect(explainOwnership(at, admin)).toMatch(
    / may not open it\. Run the command as (nobody|65534), or, if the site runs as 54321, run: chown -R 54321:54322 /,
  );
  const service = { uid: 65_534, groups: [65_534] };
  expect(explainOwnership(at, service)).toMatch(/ belongs to root, and .+ may not open it\. Run: chown -R /);
});

it('a database that this user may not read is not called damaged', async () => {
  const { dataDir, database } = place();
  chmodSync(dataDir, 0o755);
  chmodSync(database, 0);
  const refused: unknown = await asOtherUser(() => checkDatabase(database)).catch((error: unknown) => error);
  expect(isRefusal(refused)).toBe(true);
  expect(explainFileError(refused)).toContain(`This user cannot read or write ${database}`);
});

it('a database in a folder that this user may not open is not called missing', async () => {
  const { dataDir, database } = place();
  const copy = join(temporaryFolder(), 'copy');
  chmodSync(dataDir, 0);
  const asked = [() => takeBackup({ dataDir, database }, copy), () => hasDatabase({ databaseUrl: database })];
  for (const ask of asked) {
    const refused: unknown = await asOtherUser<unknown>(ask).catch((error: unknown) => error);
    expect(isRefusal(refused)).toBe(true);
  }
  chmodSync(dataDir, 0o700);
});
