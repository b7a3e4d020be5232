/** The server killed five times in the middle of its work: what it acknowledged is there, and nothing is there twice. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { removeFolder } from '../helpers/site.ts';
import { openDatabase } from '../../src/record/database.ts';
import { PLAIN } from './attack.ts';
import { startClients } from './crash-clients.ts';
import { kill, serve } from './serve.ts';

it('keeps all that it acknowledged, once, when it is killed five times under load', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-crash-'));
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'plain.yaml'), PLAIN);
  let running = await serve(folder);
  const clients = startClients(10, () => running.origin);
  for (let crash = 1; crash <= 5; crash++) {
    const wanted = clients.acknowledged.size + 20;
    while (clients.acknowledged.size < wanted) await new Promise((wait) => setTimeout(wait, 5));
    await kill(running.child);
    running = await serve(folder);
  }
  await clients.stop();
  await kill(running.child);

  const db = await openDatabase(path.join(folder, 'data', 'flipsite.sqlite'));
  expect((await sql`pragma integrity_check`.execute(db)).rows).toEqual([{ integrity_check: 'ok' }]);
  const rows = await db.selectFrom('submissions').select(['id', 'answers', 'reference']).execute();
  expect(rows.map(({ id }) => id).toSorted()).toEqual([...clients.acknowledged.keys()].toSorted());
  for (const { id, answers, reference } of rows) {
    const known = clients.acknowledged.get(id);
    expect(JSON.parse(answers)).toEqual({ full_name: known?.full_name });
    expect(reference).toBe(known?.reference?.replaceAll(' ', ''));
    const events = await db.selectFrom('events').select(['id', 'name']).where('submission_id', '=', id).execute();
    const named = (name: string) => events.filter((event) => event.name === name);
    expect(named('screenSeen').map((event) => event.id)).toEqual(known?.events);
    expect([named('started').length, named('answersSaved').length, named('submitted').length]).toEqual([1, 3, 1]);
  }
  await db.destroy();
  removeFolder(folder);
});
