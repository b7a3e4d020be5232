/** The clock of a machine that differs from that of PostgreSQL. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { expect, it } from 'vitest';
import { checkSetup } from '../../../src/operate/doctor.ts';
import { createLog } from '../../../src/operate/log.ts';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { warnOfClock } from '../../../src/site/clock-check.ts';
import { postgresFor } from '../../helpers/postgres/postgres.ts';
import { checked } from '../../operate/checked-setup.ts';
import { temporaryFolder } from '../../helpers/database.ts';

it('is named in the log at the start and by the doctor, from six seconds on', async () => {
  const dataDir = temporaryFolder();
  const databaseUrl = (await postgresFor(path.join(dataDir, 'data'))) ?? '';
  const setup = { ...checked, postgres: true, outgoing: false, dataDir, databaseUrl };
  const db = await openDatabase(databaseUrl, [randomBytes(32)]);
  const said = async (aheadMs: number) => {
    let logged = '';
    const log = createLog('warn', { write: (line: string) => void (logged += line) });
    await warnOfClock(db, () => new Date(Date.now() + aheadMs), log);
    const findings = await checkSetup(setup, () => Date.now() + aheadMs);
    return [logged, findings.map(({ message }) => message).join('\n')];
  };
  for (const text of await said(60_000))
    expect(text).toContain('The clock of this machine is 60 seconds ahead of the clock of PostgreSQL. Set both clocks');
  for (const text of await said(-6_000)) expect(text).toContain('is 6 seconds behind the clock of PostgreSQL');
  for (const text of await said(2_000)) expect(text).not.toContain('clock of PostgreSQL');
  await closeDatabase(db);
});
