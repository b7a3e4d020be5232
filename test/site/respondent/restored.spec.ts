/** The server was restored from a backup, which lacks the last saves. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSite, type RunningSite } from '../running-site.ts';
import { expect, plainTest as test } from '../site-test.ts';
import { button, heading, openForm } from '../walk.ts';

const JOB = `
title: A job
review: true
screens:
  - id: who
    title: Who?
    fields:
      - { id: name, type: text, label: Name, required: true }
      - { id: job, type: text, label: Job }
  - { id: more, title: More, fields: [{ id: why, type: text, label: Why }] }
endings: [{ id: done, title: Thank you }]
`;

const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-restored-'));
const [data, backup] = [path.join(folder, 'data'), path.join(folder, 'backup')];

let site: RunningSite;
test.beforeAll(async () => {
  writeFileSync(path.join(folder, 'job.yaml'), JOB);
  site = await startSite({ FORMS_DIR: folder, DATA_DIR: data, DATABASE_URL: '' });
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a person sends what they see, also if the server was restored and has earlier answers', async ({ page }) => {
  const saved = () => expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  await openForm(page, `${site.origin}/job`);
  await page.getByLabel('Name').fill('Rea');
  await page.getByLabel('Job').fill('Driver');
  await button(page, 'Continue').click();
  await saved();
  await site.kill();
  cpSync(data, backup, { recursive: true });
  await site.restart();

  await button(page, 'Back').click();
  await page.getByLabel('Job').fill('Pilot');
  await button(page, 'Continue').click();
  await page.getByLabel('Why').fill('The sky');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect.poll(async () => (await site.submissions('job'))[0]?.answers).toHaveProperty('why');
  await saved();
  await site.kill();
  rmSync(data, { recursive: true });
  cpSync(backup, data, { recursive: true });
  await site.restart();

  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await site.submissions('job');
  expect(sent).toMatchObject({ status: 'submitted', answers: { name: 'Rea', job: 'Pilot', why: 'The sky' } });
});
