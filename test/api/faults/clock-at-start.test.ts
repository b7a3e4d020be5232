/** A site that starts while the clock of its machine is wrong. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findSubmission } from '../../../src/record/submissions/submissions.ts';
import { openTestSite, removeFolder } from '../../helpers/site.ts';
import { begin, PLAIN, send } from '../../helpers/api/client.ts';
import { clock } from '../../helpers/api/limited.ts';

it('shows pages, names the clock, and deletes nothing for a day', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-clock-start-'));
  const time = clock('2026-12-15T12:00:00Z');
  const env = { DATABASE_URL: path.join(folder, 'data.sqlite'), LOG_LEVEL: 'warn' };
  const open = () => openTestSite({ forms: { plain: PLAIN }, folder, env, now: time.now });
  const first = await open();
  const { id } = await begin(first, 'plain');
  expect(first.logged()).not.toContain('The clock of this machine');
  await first.close();

  time.to('2026-12-15T10:00:00Z');
  const behind = await open();
  expect(behind.logged()).toContain('The clock of this machine is behind the newest event. Set the clock');
  expect((await send(behind, 'GET', '/plain')).status).toBe(200);
  await behind.close();

  time.to('2036-12-15T12:00:00Z');
  const ahead = await open();
  expect((await send(ahead, 'GET', '/plain')).status).toBe(200);
  await expect.poll(() => ahead.logged()).toContain('Check the clock: deletion continues in 24 hours');
  expect((await findSubmission(ahead.db, id))?.erasedAt).toBeNull();
  await ahead.close();
  removeFolder(folder);
});
