/** Writes that were acknowledged survive a crash. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { listEvents } from '../../../src/record/event-queries.ts';
import { findSubmission } from '../../../src/record/submissions/submissions.ts';
import { temporaryDatabase, temporaryFolder } from '../../helpers/database.ts';

it('keeps all that it acknowledged when the process is killed while it writes', async () => {
  const path = join(temporaryFolder(), 'flipsite.db');
  const writer = fileURLToPath(new URL('writer.ts', import.meta.url));
  const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: string[] = [];
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) {
    if (acknowledged.push(line) === 20) child.kill('SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);

  const db = await temporaryDatabase(path);
  expect(acknowledged.length).toBeGreaterThanOrEqual(20);
  for (const id of acknowledged) {
    expect(await findSubmission(db, id)).toBeDefined();
    expect(await listEvents(db, { id, smileUserId: null })).toHaveLength(1);
  }
  expect((await sql`pragma integrity_check`.execute(db.query)).rows).toEqual([{ integrity_check: 'ok' }]);
});
