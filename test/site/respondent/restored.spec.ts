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

const TAXED = `
title: Taxed
review: true
screens:
  - { id: who, title: Who?, fields: [{ id: tin, type: text, label: Tax number, required: true, sensitive: true }] }
  - { id: more, title: More, fields: [{ id: why, type: text, label: Why }] }
endings: [{ id: done, title: Thank you }]
`;

const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-restored-'));
const [data, backup] = [path.join(folder, 'data'), path.join(folder, 'backup')];

let site: RunningSite;
test.beforeAll(async () => {
  writeFileSync(path.join(folder, 'job.yaml'), JOB);
  writeFileSync(path.join(folder, 'ways.yaml'), WAYS);
  writeFileSync(path.join(folder, 'taxed.yaml'), TAXED);
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

/** Enters the answers of the first screen, and changes one after a backup. */
async function changeJob(page: Page): Promise<void> {
  await openForm(page, `${site.origin}/job`);
  await page.getByLabel('Name').fill('Rea');
  await page.getByLabel('Job').fill('Driver');
  await button(page, 'Continue').click();
  await saved(page);
  await backUp();
  await button(page, 'Back').click();
  await page.getByLabel('Job').fill('Pilot');
  await button(page, 'Continue').click();
}

/** Enters the rest, and continues to the review. */
async function enterRest(page: Page): Promise<void> {
  await page.getByLabel('Why').fill('The sky');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
}

async function enterJob(page: Page): Promise<void> {
  await changeJob(page);
  await enterRest(page);
  await expect.poll(async () => (await site.submissions('job'))[0]?.answers).toHaveProperty('why');
  await saved(page);
}

/** Sends the form. The newest submission then has these answers. */
async function sends(page: Page, slug: string, answers: Record<string, string>): Promise<void> {
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await site.submissions(slug);
  expect(sent).toMatchObject({ status: 'submitted', answers });
}

test('a person sends what they see, also if the server was restored and has earlier answers', async ({ page }) => {
  await enterJob(page);
  await restore();
  await sends(page, 'job', { name: 'Rea', job: 'Pilot', why: 'The sky' });
});

test('a person who saves once more after the restore sends what they see', async ({ page }) => {
  await changeJob(page);
  await saved(page);
  await restore();
  // This save gets the number of the one that the server has lost.
  await enterRest(page);
  await saved(page);
  await sends(page, 'job', { name: 'Rea', job: 'Pilot', why: 'The sky' });
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
  await sends(page, 'job', { name: 'Rea', job: 'Captain', why: 'The sky' });
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
  await sends(page, 'ways', { kind: 'b', two: '2' });
});

test('a save whose answer was lost is no sign of a restored server', async ({ page }) => {
  await openForm(page, `${site.origin}/taxed`);
  await page.getByLabel('Tax number').fill('123');
  await button(page, 'Continue').click();
  await saved(page);
  const { id, token } = JSON.parse(await page.evaluate(() => localStorage.getItem('flipsite:taxed') as string)) as {
    id: string;
    token: string;
  };
  const answers = `${site.origin}/api/submissions/${id}/answers`;
  // The site stores the save, and the page does not hear of it before it is loaded again.
  await page.route(answers, (route) =>
    route.request().method() === 'PUT' ? route.fetch().then(() => route.abort()) : route.continue(),
  );
  await page.getByLabel('Why').fill('One');
  await button(page, 'Continue').click();
  await expect.poll(async () => (await site.submissions('taxed'))[0]?.answers).toHaveProperty('why');
  await page.unroute(answers);
  // The private answer is read again before the save is answered.
  const read = page.waitForResponse((response) => response.url() === answers && response.request().method() === 'GET');
  await page.route(answers, async (route) => {
    if (route.request().method() === 'PUT') await read.then(() => new Promise((done) => setTimeout(done, 500)));
    await route.continue();
  });
  await page.reload();
  await saved(page);
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await saved(page);
  // Another device of the person changes the answer.
  const change = await page.request.put(answers, {
    headers: { authorization: `Bearer ${token}` },
    data: { screen: 'more', answers: { why: 'Two' } },
  });
  expect(change.status()).toBe(200);
  await button(page, 'Send').click();
  await expect(page.getByRole('status')).toContainText('These answers have changed');
  await expect(page.getByText('Two')).toBeVisible();
  expect((await site.submissions('taxed'))[0]).toMatchObject({ status: 'draft', answers: { why: 'Two' } });
});
