/** Files of another user, which the user of the site may not open. */
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
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
    `and the user 54321 may not open it. Run: chown -R 54321:54322 ${at.dataDir}`,
  );
  expect(explainOwnership(at, service)).toContain(`${at.database} belongs to `);
  const spaced = place('my data');
  chmodSync(spaced.dataDir, 0o777);
  expect(explainOwnership(spaced, service)).toContain(` '${spaced.dataDir}'`);
  expect(explainOwnership(at, { uid, groups: [] })).toBeUndefined();
  chmodSync(at.database, 0o666);
  expect(explainOwnership(at, service)).toBeUndefined();
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
