/** A file that the site cannot keep for a while. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pdf } from '../../helpers/samples/files.ts';
import { openProxy } from '../../helpers/proxy.ts';
import { startS3 } from '../../helpers/s3-server.ts';
import { startSite } from '../running-site.ts';
import { expect, siteWith, test } from '../site-test.ts';
import { button, heading, openForm } from '../walk.ts';

const PAPERS = `
title: Papers
screens:
  - id: papers
    title: Papers
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
      - { id: cv, type: file, label: CV, accept: [pdf], max_files: 2, required: true }
endings: [{ id: done, title: 'Thank you, {full_name}' }]
`;

const ONE_PAPER = `
title: One paper
screens:
  - id: paper
    title: Paper
    fields:
      - { id: cv, type: file, label: CV, accept: [pdf], required: true }
  - id: who
    title: Who?
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
endings: [{ id: done, title: 'Thank you, {full_name}' }]
`;

const OPTIONAL_PAPER = ONE_PAPER.replace('accept: [pdf], required: true', 'accept: [pdf]');

const SECRET_PAPER = OPTIONAL_PAPER.replace('accept: [pdf]', 'accept: [pdf], sensitive: true');

const NAME_FIRST = `
title: A name and a paper
screens:
  - id: who
    title: Who?
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
  - id: paper
    title: Paper
    fields:
      - { id: cv, type: file, label: CV, accept: [pdf], required: true }
endings: [{ id: done, title: 'Thank you, {full_name}' }]
`;

const REVIEWED = `
title: Reviewed
review: true
screens:
  - id: who
    title: Who?
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
endings: [{ id: done, title: 'Thank you, {full_name}' }]
`;

test.use({
  kind: siteWith({
    'name-first': NAME_FIRST,
    optional: OPTIONAL_PAPER,
    paper: ONE_PAPER,
    papers: PAPERS,
    'paper-reviewed': `review: true${ONE_PAPER}`,
    reviewed: REVIEWED,
    secret: SECRET_PAPER,
  }),
});

const fileOf = (name: string) => ({ name, mimeType: 'application/pdf', buffer: pdf(name) });

test('a file that cannot be kept goes there by itself once it can, or by a button later, and all else stays @long', async ({
  browser,
}) => {
  const forms = mkdtempSync(path.join(tmpdir(), 'flipsite-forms-'));
  writeFileSync(path.join(forms, 'papers.yaml'), PAPERS);
  const s3 = await startS3();
  const { url, region, accessKeyId, secretAccessKey } = s3.bucket;
  const site = await startSite({
    FORMS_DIR: forms,
    S3_BUCKET_URL: url,
    S3_REGION: region,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
  });
  const context = await browser.newContext({ baseURL: site.origin });
  const page = await context.newPage();
  try {
    const arrived = page.locator('[data-field=cv] input[type=hidden]');
    const choose = (name: string) => page.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf(name));
    await openForm(page, '/papers');
    await page.getByLabel('Full name').fill('Ana');
    await s3.end();
    const refused = page.waitForResponse((answered) => answered.url().includes('/files?'));
    await choose('one.pdf');
    expect((await refused).status()).toBe(503);
    await s3.start();
    await expect(arrived).toHaveCount(1);

    await s3.end();
    await choose('two.pdf');
    await expect(page.getByRole('listitem').getByText('two.pdf could not be uploaded.', { exact: true })).toBeVisible();
    const failed = page.locator('.failed');
    await expect(failed).toContainText('two.pdf');
    await expect(page.getByLabel('Full name')).toHaveValue('Ana');
    await s3.start();
    await button(page, 'Try again').click();
    await expect(arrived).toHaveCount(2);
    await expect(failed).toHaveCount(0);
    await button(page, 'Send').click();
    await expect(heading(page, 'Thank you, Ana')).toBeVisible();
    const [sent] = await site.submissions('papers');
    expect(sent?.files.map(({ name }) => name)).toEqual(['one.pdf', 'two.pdf']);
  } finally {
    await context.close();
    await site.stop();
    await s3.stop();
    rmSync(forms, { recursive: true });
  }
});

test('a file that the site refuses late leaves a person in the field where they type, and the other errors in place', async ({
  page,
}) => {
  await openForm(page, '/papers');
  await button(page, 'Continue').or(button(page, 'Send')).first().click();
  const errors = page.locator('.summary').getByRole('link');
  await expect(errors).toHaveCount(2);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route('**/files?*', async (route) => {
    await released;
    await route.continue();
  });
  await page.locator('[data-field=cv] input[type=file]').setInputFiles({ ...fileOf('one.pdf'), buffer: Buffer.from('no PDF') }); // prettier-ignore
  const name = page.getByRole('textbox', { name: 'Full name' });
  await name.pressSequentially('Maria ');
  release();
  await expect(errors.filter({ hasText: 'Choose a file of one of these kinds: PDF' })).toBeVisible();
  await page.keyboard.type('Clara');
  await expect(name).toHaveValue('Maria Clara');
  await expect(errors).toHaveCount(2);
});

test('a person who waits for a file stays if the site refuses it, and for one that can’t be uploaded', async ({
  page,
}) => {
  await page.clock.install();
  await openForm(page, '/optional');
  const input = page.locator('[data-field=cv] input[type=file]');
  let release = () => {};
  const released = new Promise<void>((done) => (release = done));
  await page.route('**/files?*', async (route) => {
    await released;
    await route.continue();
  });
  await input.setInputFiles({ ...fileOf('one.pdf'), buffer: Buffer.from('no PDF') });
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toContainText('Your files are still uploading.');
  release();
  const errors = page.locator('.summary').getByRole('link');
  await expect(errors).toHaveText(['Choose a file of one of these kinds: PDF']);
  await expect(heading(page, 'Paper')).toBeVisible();

  await page.unroute('**/files?*');
  let attempts = 0;
  await page.route('**/files?*', async (route) => {
    attempts++;
    await route.abort();
  });
  await input.setInputFiles(fileOf('two.pdf'));
  await button(page, 'Continue').click();
  for (let tries = 1; tries <= 4; tries++) {
    await expect.poll(() => attempts).toBe(tries);
    await page.clock.runFor(3_000);
  }
  await expect(page.getByRole('status')).toHaveText('two.pdf could not be uploaded.');
  await expect(heading(page, 'Paper')).toBeVisible();
  // The person has read that, and continues without the file.
  await button(page, 'Continue').click();
  await expect(heading(page, 'Who?')).toBeVisible();
});

test('a file that the site has lost is replaced by choosing it again @long', async ({ page, site }) => {
  const choose = async (name: string) => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByText('Choose a file', { exact: true }).click();
    await (await chooser).setFiles(fileOf(name));
    await expect(page.getByRole('listitem')).toContainText(name);
    await expect(page.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
  };
  await openForm(page, '/paper');
  await choose('one.pdf');
  // Otherwise the page asks for the file at once, and does not wait for Send.
  const saved = page.waitForResponse((response) => response.url().endsWith('/answers'));
  await button(page, 'Continue').click();
  await saved;
  const [draft] = await site.submissions('paper');
  await site.erase(draft?.id ?? '');
  await page.getByLabel('Full name').fill('Ana');
  await button(page, 'Send').click();

  const error = page.locator('.summary').getByRole('link');
  await expect(error).toHaveText(['Choose the file again']);
  await expect(page.locator('[data-file]')).toHaveCount(0);
  await error.click();
  await expect(page.locator('[data-field=cv] input[type=file]')).toBeFocused();
  await choose('two.pdf');
  await expect(error).toHaveCount(0);
  await button(page, 'Continue').click();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  const [sent] = await site.submissions('paper');
  expect(sent?.files.map(({ name }) => name)).toEqual(['two.pdf']);
});

test('a file is sent again where another server answered, such as the sign-in page of a Wi-Fi', async ({
  page,
  site,
}) => {
  const strange = [
    { contentType: 'text/html', body: '<p>Sign in to the Wi-Fi' },
    { contentType: 'application/json', body: 'null' },
    { status: 403, contentType: 'text/html', body: '<h1>Blocked by the firewall' },
  ];
  await page.route('**/files?field=cv', (route) => {
    const answer = strange.shift();
    return answer ? route.fulfill(answer) : route.continue();
  });
  await openForm(page, '/paper');
  await page.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf('one.pdf'));
  // The page then tries at once.
  const goOnline = () => page.evaluate(() => dispatchEvent(new Event('online')));
  await expect.poll(() => goOnline().then(() => strange.length), { intervals: [20] }).toBe(0);
  await goOnline();
  await expect(button(page, 'Remove one.pdf')).toBeVisible();
  await button(page, 'Continue').click();
  await page.getByLabel('Full name').fill('Eva');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Eva')).toBeVisible();
  const [sent] = await site.submissions('paper');
  expect(sent?.files.map(({ name }) => name)).toEqual(['one.pdf']);
});

test('a file whose connection has become silent is sent again, and Send says that it waits for all files @long', async ({
  page,
  site,
}) => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const asked: string[] = [];
  await page.route('**/files?field=cv', async (route) => {
    asked.push(route.request().headers()['x-file-name'] ?? '');
    if (asked.length === 1) return;
    if (asked.length === 3) await released;
    await route.continue();
  });
  await page.clock.install();
  await openForm(page, '/papers');
  await page.getByLabel('Full name').fill('Ivy');
  for (const name of ['one.pdf', 'two.pdf']) {
    await page.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf(name));
    await expect(button(page, `Remove ${name}`)).toBeVisible();
  }
  await expect.poll(() => asked).toEqual(['one.pdf']);
  await button(page, 'Send').click();
  await page.clock.fastForward(100_000);
  await page.clock.fastForward(10_000);
  await expect.poll(() => asked).toEqual(['one.pdf', 'one.pdf', 'two.pdf']);
  await expect(page.getByRole('status')).toContainText('Your files are still uploading.');
  release();
  await expect(heading(page, 'Thank you, Ivy')).toBeVisible();
  const [sent] = await site.submissions('papers');
  expect(sent?.files.map(({ name }) => name)).toEqual(['one.pdf', 'two.pdf']);
});

test('a file that is removed before its answer arrives is removed from the site too @long', async ({ page, site }) => {
  const proxy = await openProxy(Number(new URL(site.origin).port));
  try {
    await openForm(page, `${proxy.origin}/paper`);
    const held = proxy.holdAnswers('/files?field=cv');
    const input = page.locator('[data-field=cv] input[type=file]');
    await input.setInputFiles(fileOf('wrong.pdf'));
    await held.first;
    await page.getByRole('button', { name: 'Remove wrong.pdf' }).click();
    held.release();
    await input.setInputFiles(fileOf('right.pdf'));
    await expect(page.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
    const [draft] = await site.submissions('paper');
    expect(draft?.files.map(({ name }) => name)).toEqual(['right.pdf']);
  } finally {
    proxy.close();
  }
});

test('a file that takes the place of another one waits until the site has removed that', async ({ page, site }) => {
  await openForm(page, '/paper');
  const input = page.locator('[data-field=cv] input[type=file]');
  await input.setInputFiles(fileOf('wrong.pdf'));
  await expect(page.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
  let tries = 0;
  await page.route(/\/files\/[^/]+$/, (route) => (tries++ ? route.continue() : route.fulfill({ status: 502 })));
  await page.getByRole('button', { name: 'Remove wrong.pdf' }).click();
  await input.setInputFiles(fileOf('right.pdf'));
  await expect(page.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
  await expect(page.locator('[data-field=cv] [data-file]')).toHaveText(['right.pdf']);
  await button(page, 'Continue').click();
  await page.getByLabel('Full name').fill('Ana');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  const [sent] = await site.submissions('paper');
  expect(sent?.files.map(({ name }) => name)).toEqual(['right.pdf']);
});

test('a removed file does not come back where the site removes it late', async ({ page, site }) => {
  await openForm(page, '/paper');
  const input = page.locator('[data-field=cv] input[type=file]');
  await input.setInputFiles(fileOf('wrong.pdf'));
  await expect(page.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
  await page.clock.install();
  const held = Promise.withResolvers<void>();
  await page.route(/\/files\/[^/]+$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Remove wrong.pdf' }).click();
  await input.setInputFiles(fileOf('right.pdf'));
  const isRefused = page.waitForResponse(/\/files\?field=cv$/);
  await page.clock.fastForward(16_000);
  await isRefused;
  await expect(page.getByRole('link', { name: 'Choose one file only' })).toBeVisible();
  await expect(page.locator('[data-field=cv] [data-file]')).toHaveCount(0);
  const isRemoved = page.waitForResponse((response) => response.request().method() === 'DELETE');
  held.resolve();
  await isRemoved;
  await input.setInputFiles(fileOf('right.pdf'));
  await expect(page.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
  const [draft] = await site.submissions('paper');
  expect(draft?.files.map(({ name }) => name)).toEqual(['right.pdf']);
});

test('a file that is chosen while the submission starts waits for it, and starts no other', async ({ page, site }) => {
  const held = Promise.withResolvers<void>();
  let starts = 0;
  await page.route('**/forms/name-first/submissions', async (route) => {
    starts++;
    await held.promise;
    await route.continue();
  });
  await openForm(page, '/name-first');
  await page.getByLabel('Full name').fill('Ana');
  const isAsked = page.waitForRequest('**/forms/name-first/submissions');
  await button(page, 'Continue').click();
  await isAsked;
  await page.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf('cv.pdf'));
  await expect(button(page, 'Remove cv.pdf')).toBeVisible();
  // The page asks for the submission right after it lists the file.
  await page.waitForTimeout(500);
  held.resolve();
  await expect(page.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
  expect(starts).toBe(1);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  expect(await site.submissions('name-first')).toHaveLength(1);
});

test('a person who taps Remove twice removes one file', async ({ page, site }) => {
  await openForm(page, '/papers');
  await page.locator('input[type=file]').setInputFiles(['old.pdf', 'new.pdf'].map(fileOf));
  await expect(page.locator('[data-stored]')).toHaveCount(2);
  const isRemoved = page.waitForResponse((response) => response.request().method() === 'DELETE');
  await page.getByRole('button', { name: 'Remove old.pdf' }).dblclick();
  await isRemoved;
  await expect(page.getByRole('button', { name: 'Remove new.pdf' })).toBeVisible();
  const [draft] = await site.submissions('papers');
  expect(draft?.files.map(({ name }) => name)).toEqual(['new.pdf']);
});

for (const form of ['optional', 'secret'])
  test(`a file of an earlier visit stays where the list of files is lost: ${form}`, async ({ page, site }) => {
    await openForm(page, `/${form}`);
    await page.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf('cv.pdf'));
    await expect(page.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
    let isLost = true;
    await page.route(/\/submissions\/[^/]+\/files$/, (route) => (isLost ? route.abort() : route.continue()));
    await page.reload();
    await button(page, 'Continue').click();
    await expect(page.getByText('A part of this page did not load.')).toBeVisible();
    await expect(heading(page, 'Paper')).toBeVisible();
    isLost = false;
    await button(page, 'Continue').click();
    await page.getByLabel('Full name').fill('Ana');
    await button(page, 'Send').click();
    await expect(heading(page, 'Thank you, Ana')).toBeVisible();
    const [sent] = await site.submissions(form);
    expect(sent?.files.map(({ name }) => name)).toEqual(['cv.pdf']);
  });

test('Continue waits for the list of files, also before the page asks for it by itself', async ({ page, site }) => {
  await openForm(page, '/secret');
  await page.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf('cv.pdf'));
  await expect(page.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 1000);
  await page.reload();
  await button(page, 'Continue').click();
  await page.clock.resume();
  await page.getByLabel('Full name').fill('Ana');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  const [sent] = await site.submissions('secret');
  expect(sent?.files.map(({ name }) => name)).toEqual(['cv.pdf']);
});

test('the review says that a file is there where the list of files is lost', async ({ page, site }) => {
  await openForm(page, '/paper-reviewed');
  await page.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf('cv.pdf'));
  await button(page, 'Continue').click();
  await page.getByLabel('Full name').fill('Ana');
  await expect(page).toHaveURL(/#who$/);
  await page.route(/\/submissions\/[^/]+\/files$/, (route) => route.abort());
  await page.reload();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect(page.getByRole('definition')).toHaveText(['CV uploaded', 'Ana']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  const [sent] = await site.submissions('paper-reviewed');
  expect(sent?.files.map(({ name }) => name)).toEqual(['cv.pdf']);
});

test('a person who goes back while the review waits for the list of files stays where they are', async ({ page }) => {
  await openForm(page, '/paper-reviewed');
  await page.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf('cv.pdf'));
  await button(page, 'Continue').click();
  await page.getByLabel('Full name').fill('Ana');
  await expect(page).toHaveURL(/#who$/);
  await page.reload();
  const held = Promise.withResolvers<void>();
  await page.route(/\/submissions\/[^/]+\/files$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  const listed = page.waitForResponse(/\/submissions\/[^/]+\/files$/);
  await button(page, 'Continue').click();
  await expect(page).toHaveURL(/#review$/);
  await page.goBack();
  await expect(page).toHaveURL(/#who$/);
  held.resolve();
  await listed;
  await page.getByLabel('Full name').fill('Ana Ruiz');
  await expect(heading(page, 'Check your answers')).toBeHidden();
  await button(page, 'Continue').click();
  await expect(page.getByRole('definition').last()).toHaveText('Ana Ruiz');
});

test('a person who presses Continue twice while the files are listed leaves the review with one Back', async ({
  page,
}) => {
  await openForm(page, '/paper-reviewed');
  await page.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf('cv.pdf'));
  await button(page, 'Continue').click();
  await page.getByLabel('Full name').fill('Ana');
  await expect(page).toHaveURL(/#who$/);
  await page.reload();
  // The list has no answer, so that the review waits for some seconds.
  await page.route(/\/submissions\/[^/]+\/files$/, () => undefined);
  await button(page, 'Continue').click();
  await expect(page).toHaveURL(/#review$/);
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await page.goBack();
  await expect(heading(page, 'Who?')).toBeVisible();
});

test('a file that another tab has chosen stays where the list of files is lost', async ({ page, context, site }) => {
  await openForm(page, '/optional');
  const saved = page.waitForResponse((response) => response.url().endsWith('/answers'));
  await button(page, 'Continue').click();
  await saved;
  const other = await context.newPage();
  await openForm(other, '/optional');
  await button(other, 'Back').click();
  await other.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf('cv.pdf'));
  await expect(other.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
  let isLost = true;
  await page.route(/\/submissions\/[^/]+\/files$/, (route) => (isLost ? route.abort() : route.continue()));
  const lost = page.waitForEvent('requestfailed');
  await button(page, 'Back').click();
  await lost;
  await button(page, 'Continue').click();
  await expect(page.getByText('A part of this page did not load.')).toBeVisible();
  isLost = false;
  await button(page, 'Continue').click();
  await page.getByLabel('Full name').fill('Ana');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  const [sent] = await site.submissions('optional');
  expect(sent?.files.map(({ name }) => name)).toEqual(['cv.pdf']);
});

test('a file whose answers were lost is listed once it is in the way of another one, and can be removed @long', async ({
  page,
  site,
}) => {
  await openForm(page, '/paper');
  const input = page.locator('[data-field=cv] input[type=file]');
  await page.route('**/files?field=cv', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await input.setInputFiles(fileOf('one.pdf'));
  await expect(page.locator('.failed')).toContainText('one.pdf could not be uploaded.', { timeout: 30_000 });
  await page.unroute('**/files?field=cv');
  await page.getByRole('button', { name: 'Remove one.pdf' }).click();
  await input.setInputFiles(fileOf('two.pdf'));
  await expect(page.locator('.summary').getByRole('link')).toHaveText(['Choose one file only']);
  await page.getByRole('button', { name: 'Remove one.pdf' }).click();
  await input.setInputFiles(fileOf('two.pdf'));
  await expect(page.locator('[data-field=cv] input[type=hidden]')).toHaveCount(1);
  await expect(page.locator('.summary')).toHaveCount(0);
  const [draft] = await site.submissions('paper');
  expect(draft?.files.map(({ name }) => name)).toEqual(['two.pdf']);
});

test('a file that is chosen after the draft was deleted starts it again @long', async ({ page, site }) => {
  await openForm(page, '/paper');
  const chosen = page.locator('[data-field=cv] input[type=hidden]');
  const input = page.locator('[data-field=cv] input[type=file]');
  await input.setInputFiles(fileOf('one.pdf'));
  await expect(chosen).toHaveCount(1);
  await page.getByRole('button', { name: 'Remove one.pdf' }).click();
  const [draft] = await site.submissions('paper');
  await site.erase(draft?.id ?? '');
  await input.setInputFiles(fileOf('two.pdf'));
  await expect(chosen).toHaveCount(1);
  await expect(page.locator('.summary')).toHaveCount(0);
  const [again] = await site.submissions('paper');
  expect(again?.files.map(({ name }) => name)).toEqual(['two.pdf']);
});

test('a draft that was deleted while its answers are reviewed is sent again at once @long', async ({ page, site }) => {
  await openForm(page, '/reviewed');
  await page.getByLabel('Full name').fill('Ana');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect(page.getByRole('status')).toContainText('Your answers are saved.');
  const [draft] = await site.submissions('reviewed');
  await site.erase(draft?.id ?? '');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
});

test('Back from a Send that fails takes away the message that Flipsite keeps trying, and the buttons work again @long', async ({
  page,
}) => {
  await openForm(page, '/paper');
  await page.locator('[data-field=cv] input[type=file]').setInputFiles(fileOf('one.pdf'));
  await button(page, 'Continue').click();
  await page.getByLabel('Full name').fill('Ana');
  let attempts = 0;
  await page.route('**/submit', (route) => {
    attempts++;
    return route.abort();
  });
  await button(page, 'Send').click();
  const trouble = page.getByText('We can’t save this right now');
  await expect(trouble).toBeVisible();
  // The wait after the second failure is longer than this test waits for the button.
  await expect.poll(() => attempts, { timeout: 15_000 }).toBe(2);
  await page.goBack();
  await expect(heading(page, 'Paper')).toBeVisible();
  await expect(trouble).toHaveCount(0);
  await expect(button(page, 'Continue')).toBeEnabled();
});
