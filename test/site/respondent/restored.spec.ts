/** The server was restored from a backup, which lacks the last saves. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright/test';
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

const WAYS = `
title: Ways
review: true
screens:
  - id: who
    title: Who?
    fields: [{ id: kind, type: radio, label: Kind, required: true, options: [a, b] }]
    next: [{ when: { kind: b }, go: second }]
  - { id: first, title: First, fields: [{ id: one, type: text, label: One }], next: [{ go: done }] }
  - { id: second, title: Second, fields: [{ id: two, type: text, label: Two }] }
endings: [{ id: done, title: Thank you }]
`;

const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-restored-'));
const [data, backup] = [path.join(folder, 'data'), path.join(folder, 'backup')];

let site: RunningSite;
test.beforeAll(async () => {
  writeFileSync(path.join(folder, 'job.yaml'), JOB);
  writeFileSync(path.join(folder, 'ways.yaml'), WAYS);
  site = await startSite({ FORMS_DIR: folder, DATA_DIR: data, DATABASE_URL: '' });
});
test.afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function backUp(): Promise<void> {
  await site.kill();
  rmSync(backup, { recursive: true, force: true });
  cpSync(data, backup, { recursive: true });
  await site.restart();
}

async function restore(): Promise<void> {
  await site.kill();
  rmSync(data, { recursive: true });
  cpSync(backup, data, { recursive: true });
  await site.restart();
}

const saved = (page: Page) => expect(page.getByRole('status')).toHaveText('Your answers are saved.');

/** Enters the answers of the first form, and changes one after a backup. */
async function enterJob(page: Page): Promise<void> {
  await openForm(page, `${site.origin}/job`);
  await page.getByLabel('Name').fill('Rea');
  await page.getByLabel('Job').fill('Driver');
  await button(page, 'Continue').click();
  await saved(page);
  await backUp();
  await button(page, 'Back').click();
  await page.getByLabel('Job').fill('Pilot');
  await button(page, 'Continue').click();
  await page.getByLabel('Why').fill('The sky');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect.poll(async () => (await site.submissions('job'))[0]?.answers).toHaveProperty('why');
  await saved(page);
}

test('a person sends what they see, also if the server was restored and has earlier answers', async ({ page }) => {
  await enterJob(page);
  await restore();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await site.submissions('job');
  expect(sent).toMatchObject({ status: 'submitted', answers: { name: 'Rea', job: 'Pilot', why: 'The sky' } });
});

test('a person who saves once more after the restore sends what they see', async ({ page }) => {
  await openForm(page, `${site.origin}/job`);
  await page.getByLabel('Name').fill('Rea');
  await page.getByLabel('Job').fill('Driver');
  await button(page, 'Continue').click();
  await saved(page);
  await backUp();
  await button(page, 'Back').click();
  await page.getByLabel('Job').fill('Pilot');
  await button(page, 'Continue').click();
  await saved(page);
  await restore();
  // This save gets the number of the one that the server has lost.
  await page.getByLabel('Why').fill('The sky');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await saved(page);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await site.submissions('job');
  expect(sent).toMatchObject({ status: 'submitted', answers: { name: 'Rea', job: 'Pilot', why: 'The sky' } });
});

test('what another tab has saved is sent, also if the server was restored', async ({ page, context }) => {
  await enterJob(page);
  const other = await context.newPage();
  await openForm(other, `${site.origin}/job#who`);
  await other.getByLabel('Job').fill('Captain');
  await button(other, 'Continue').click();
  await saved(other);
  await expect(page.getByText('Captain')).toBeVisible();
  await restore();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await site.submissions('job');
  expect(sent).toMatchObject({ status: 'submitted', answers: { name: 'Rea', job: 'Captain', why: 'The sky' } });
});

test('a person who has changed the way sends the form, also if the server was restored', async ({ page }) => {
  await openForm(page, `${site.origin}/ways`);
  await page.getByRole('radio', { name: 'a' }).check();
  await button(page, 'Continue').click();
  await saved(page);
  await backUp();
  await page.getByLabel('One').fill('1');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await saved(page);
  await button(page, 'Change Who?').click();
  await page.getByRole('radio', { name: 'b' }).check();
  await button(page, 'Continue').click();
  await page.getByLabel('Two').fill('2');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await saved(page);
  await restore();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await site.submissions('ways');
  expect(sent).toMatchObject({ status: 'submitted', answers: { kind: 'b', two: '2' } });
});
