/** The review before sending lists all that is sent, and nothing else. */
import type { BrowserContext, Page } from 'playwright/test';
import { expect, siteWith, test } from '../site-test.ts';
import { button, cutSaves, heading, inHistory, linkToFinishLater, openForm, openLink } from '../walk.ts';

const PAPERS = `
title: Papers
review: true
screens:
  - id: who
    title: Who?
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
  - id: papers
    title: Papers
    fields:
      - { id: cv, type: file, label: CV, accept: [pdf], max_files: 2 }
  - id: last
    title: Last
    fields:
      - { id: reason, type: text, label: Reason, required: true }
endings: [{ id: done, title: 'Thank you, {full_name}' }]
`;

/** Its `CA` can be the region California, and the country Canada. */
const HOME = `
title: Home
review: true
screens:
  - id: where
    title: Where?
    fields:
      - { id: home, type: address, label: Where do you live?, required: true }
endings: [{ id: done, title: 'We visit {home}' }]
`;

const NUMBER = `
title: رقم
languages: [ar]
review: true
screens:
  - { id: one, title: أ, fields: [{ id: number, type: text, label: رقمك, required: true }] }
  - { id: two, title: 'رقمك {number}', fields: [{ id: more, type: text, label: ب }] }
endings: [{ id: done, title: شكرا }]
`;

/** Two ways of getting paid, each with its own screen. */
const WAYS = `
title: Ways
review: true
screens:
  - { id: how, title: How?, fields: [{ id: pay, type: radio, label: Pay, options: [gcash, bank] }], next: [{ when: { pay: bank }, go: to_bank }] }
  - { id: to_gcash, title: GCash, fields: [{ id: gnum, type: text, label: Number }], next: [{ go: confirm }] }
  - { id: to_bank, title: Bank, fields: [{ id: bnum, type: text, label: Account }] }
  - { id: confirm, title: Confirm, fields: [{ id: sure, type: radio, label: 'Send it to {gnum}{bnum}?', options: [okay] }] }
endings: [{ id: done, title: Thank you }]
`;

/** People in Cebu see one more screen. */
const SHOP = `
title: Shop
review: true
screens:
  - id: where
    title: Where?
    fields:
      - { id: city, type: radio, label: City, required: true, options: [Manila, Cebu] }
    next: [{ when: { city: Cebu }, go: island }, { go: done }]
  - id: island
    title: Which island?
    fields:
      - { id: which, type: text, label: Island }
endings: [{ id: done, title: 'Welcome in {city}' }]
`;

/** Lists its files on their own screen only. */
const SHORT = PAPERS.replace('review: true\n', '');

/** Asks for its files only after an answer. */
const ASKED = PAPERS.replace('accept: [pdf]', 'show_when: { full_name: Ana }, accept: [pdf]');

/** Asks for a private answer on a screen of its own. */
const TAXED = PAPERS.replace(/- \{ id: cv.*/, '- { id: tin, type: text, label: Tax number, sensitive: true }');

const PAY = `
title: Pay
review: true
screens:
  - id: pay
    title: Your pay
    fields:
      - { id: income, type: money, currency: PHP, label: Income, required: true, sensitive: true }
      - { id: debts, type: money, currency: PHP, label: Debts, sensitive: true }
  - id: more
    title: More
    fields:
      - { id: note, type: text, label: Note }
endings: [{ id: done, title: Thank you }]
`;

/** The second screen has other questions for another answer to the first one. */
const JOBS = `
title: Jobs
review: true
screens:
  - id: job
    title: Your job
    fields:
      - { id: kind, type: radio, label: Job, required: true, options: [employed, own] }
  - id: about
    title: About it
    fields:
      - { id: boss, type: text, label: Boss, show_when: { kind: employed } }
      - { id: income, type: money, currency: PHP, label: Income, required: true, show_when: { kind: own } }
      - { id: tin, type: text, label: Tax number, sensitive: true, show_when: { kind: own } }
      - { id: agreed, type: consent, label: You may ask the bank, required: true, show_when: { kind: own } }
      - { id: source, type: hidden, default: web, show_when: { kind: own } }
endings: [{ id: done, title: Thank you }]
`;

const FIRM = `
title: Firm
screens:
  - { id: who, title: Who?, fields: [{ id: full_name, type: text, label: Full name, required: true }] }
  - { id: job, title: Job, fields: [{ id: firm, type: text, label: Firm, required: true }] }
  - { id: tax, title: Tax, fields: [{ id: tin, type: text, label: Tax number, sensitive: true }] }
  - { id: last, title: Last, fields: [{ id: note, type: text, label: Note }] }
endings: [{ id: done, title: Thank you }]
`;

/** Only the server knows that a number of a country does not exist. */
const SHOPKEEPER = `
title: Shopkeeper
screens:
  - { id: job, title: Job, fields: [{ id: kind, type: radio, label: Job, required: true, options: [employed, own] }] }
  - id: contact
    title: Contact
    fields:
      - { id: phone, type: phone, country: PH, label: Phone, required: true }
      - { id: shop, type: text, label: Your shop, show_when: { kind: own } }
  - { id: last, title: Last, fields: [{ id: note, type: text, label: Note }] }
endings: [{ id: done, title: Thank you }]
`;

/** Asks for a private answer and for another one on one screen. */
const SELF_EMPLOYED = `
title: Self-employed
review: true
screens:
  - id: tax
    title: Tax
    fields:
      - { id: firm, type: text, label: Firm, required: true }
      - { id: tin, type: text, label: Tax number, sensitive: true }
      - { id: branch, type: text, label: Branch }
  - { id: last, title: Last, fields: [{ id: note, type: text, label: Note }] }
endings: [{ id: done, title: Thank you }]
`;

/** The first screen has an answer that only the server refuses. The next one has two ways on. */
const CONTRACTOR = `
title: Contractor
screens:
  - { id: contact, title: Contact, fields: [{ id: phone, type: phone, country: PH, label: Phone, required: true }] }
  - id: job
    title: Job
    fields: [{ id: kind, type: radio, label: Job, required: true, options: [employed, own] }]
    next: [{ when: { kind: own }, go: shop }]
  - { id: boss, title: Boss, fields: [{ id: employer, type: text, label: Your employer, required: true }], next: last }
  - { id: shop, title: Shop, fields: [{ id: shop_name, type: text, label: Your shop, required: true }] }
  - { id: last, title: Last, fields: [{ id: note, type: text, label: Note }] }
endings: [{ id: done, title: Thank you }]
`;

test.use({
  kind: siteWith(
    {
      papers: PAPERS,
      home: HOME,
      shop: SHOP,
      pay: PAY,
      ways: WAYS,
      number: NUMBER,
      short: SHORT,
      asked: ASKED,
      taxed: TAXED,
      jobs: JOBS,
      firm: FIRM,
      shopkeeper: SHOPKEEPER,
      'self-employed': SELF_EMPLOYED,
      contractor: CONTRACTOR,
    },
    { RATE_LIMIT: 'off' },
  ),
});

const CV = { name: 'cv.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') };

const nameOf = (page: Page) => page.getByLabel('Full name');
const reasonOf = (page: Page) => page.getByLabel('Reason');
const listed = (page: Page) => page.locator('#s-review dd').allInnerTexts();

async function goToPapers(page: Page, form = 'papers'): Promise<void> {
  await openForm(page, `/${form}`);
  await nameOf(page).fill('Ana');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Papers')).toBeVisible();
}

async function goToReview(page: Page): Promise<void> {
  await reasonOf(page).fill('A job');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
}

/** Goes from the last screen, or the review, to the first one. */
async function changeName(page: Page, name: string): Promise<void> {
  await button(page, 'Back').click();
  await expect(heading(page, 'Papers')).toBeVisible();
  await button(page, 'Back').click();
  await nameOf(page).fill(name);
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
}

/** Chooses a file whose upload fails. */
async function failToUpload(page: Page): Promise<void> {
  await page.route('**/files?*', (route) => route.abort());
  await page.locator('input[type=file]').setInputFiles(CV);
  await expect(page.locator('.failed')).toBeVisible({ timeout: 30_000 });
}

test('keeps the order of a number in a title from right to left', async ({ page }) => {
  await openForm(page, '/number/ar');
  await page.getByLabel('رقمك').fill('12-34');
  await page.locator('.now [data-next]').click();
  await page.locator('.now [data-next]').click();
  // Its characters are one after the other, and a sign of direction is before the first one.
  const lefts = await page
    .locator('#s-review h2')
    .last()
    .evaluate(({ firstChild }) => {
      const at = firstChild?.textContent?.indexOf('12-34') ?? -1;
      return [at, at + 3].map((start) => {
        const group = document.createRange();
        group.setStart(firstChild as Node, start);
        group.setEnd(firstChild as Node, start + 2);
        return group.getBoundingClientRect().left;
      });
    });
  expect(lefts[0]).toBeLessThan(lefts[1] ?? 0);
});

test('a text has only the answers of the path, after the person has taken another one', async ({ page }) => {
  await openForm(page, '/ways');
  await page.getByRole('radio', { name: 'gcash' }).check();
  await button(page, 'Continue').click();
  await page.getByLabel('Number').fill('0917');
  await button(page, 'Continue').click();
  await expect(page.getByText('Send it to 0917?')).toBeVisible();
  await button(page, 'Back').click();
  await button(page, 'Back').click();
  await page.getByRole('radio', { name: 'bank' }).check();
  await button(page, 'Continue').click();
  await page.getByLabel('Account').fill('555');
  await button(page, 'Continue').click();
  await expect(page.getByText('Send it to 555?')).toBeVisible();
  await page.getByRole('radio', { name: 'okay' }).check();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect(page.getByText('Send it to 555?').last()).toBeVisible();
});

test('does not list a file that could not be uploaded @long', async ({ page, site }) => {
  await goToPapers(page);
  await failToUpload(page);
  await button(page, 'Continue').click();
  await goToReview(page);
  expect(await listed(page)).toEqual(['Ana', 'Not answered', 'A job']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  expect((await site.submissions('papers'))[0]?.files).toEqual([]);
});

test('a file that is uploaded again stays in the answer, although the person goes Forward meanwhile @long', async ({
  page,
  site,
}) => {
  await goToPapers(page);
  await failToUpload(page);
  await button(page, 'Continue').click();
  await expect(heading(page, 'Last')).toBeVisible();
  await inHistory(page);
  await button(page, 'Back').click();
  await expect(heading(page, 'Papers')).toBeVisible();
  await inHistory(page);
  await page.unroute('**/files?*');
  await button(page, 'Try again').click();
  await page.goForward();
  await expect(page.getByRole('status')).toHaveText('cv.pdf uploaded');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Last')).toBeVisible();
  await goToReview(page);
  expect(await listed(page)).toEqual(['Ana', 'cv.pdf', 'A job']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  expect((await site.submissions('papers'))[0]?.files.map(({ name }) => name)).toEqual(['cv.pdf']);
});

test('Back from a changed screen leads to that screen, and not to a review without the screens after it', async ({
  page,
}) => {
  await goToPapers(page);
  await button(page, 'Continue').click();
  await goToReview(page);
  await button(page, 'Change Who?').click();
  await nameOf(page).fill('Ana Cruz');
  await inHistory(page);
  await page.goBack();
  await expect(page).toHaveURL(/#who$/);
  await expect(nameOf(page)).toHaveValue('Ana Cruz');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  expect(await listed(page)).toEqual(['Ana Cruz', 'Not answered', 'A job']);
});

test('lists the answers that another tab of the draft has saved meanwhile', async ({ page, context }) => {
  await goToPapers(page);
  await button(page, 'Continue').click();
  await goToReview(page);
  const other = await context.newPage();
  await openForm(other, '/papers');
  await changeName(other, 'Berta');
  await expect.poll(() => listed(page)).toEqual(['Berta', 'Not answered', 'A job']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Berta')).toBeVisible();
});

test('shows the screen to which the answers of another tab lead, and sends nothing unseen', async ({
  page,
  context,
}) => {
  await openForm(page, '/shop');
  await page.getByRole('radio', { name: 'Manila' }).check();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  const other = await context.newPage();
  await openForm(other, '/shop');
  await other.getByRole('radio', { name: 'Cebu' }).check();
  // Nothing is saved yet.
  expect(await listed(page)).toEqual(['Manila']);
  await button(other, 'Continue').click();
  await expect(heading(page, 'Which island?')).toBeVisible();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  expect(await listed(page)).toEqual(['Cebu', 'Not answered']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Welcome in Cebu')).toBeVisible();
});

test('sends no answer that the review did not list, because its question was hidden meanwhile', async ({
  page,
  site,
}) => {
  const choose = async (kind: string) => {
    await button(page, 'Change Your job').click();
    await page.getByRole('radio', { name: kind }).check();
    await button(page, 'Continue').click();
    await expect(heading(page, 'Check your answers')).toBeVisible();
  };
  await openForm(page, '/jobs');
  await page.getByRole('radio', { name: 'own' }).check();
  await button(page, 'Continue').click();
  await page.getByLabel('Income').fill('145000');
  await page.getByLabel('Tax number').fill('123');
  await page.getByLabel('You may ask the bank').check();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await choose('employed');
  await button(page, 'Change About it').click();
  await page.getByLabel('Boss').fill('Berta');
  await button(page, 'Continue').click();
  await choose('own');
  expect(await listed(page)).toEqual(['own', 'Not answered', 'Not answered', 'Not answered']);
  await button(page, 'Send').click();
  await expect(page.getByText('Please check 3 answers')).toBeVisible();
  expect((await site.submissions('jobs'))[0]).toMatchObject({ status: 'draft', answers: { kind: 'own' } });
  await expect(page.getByLabel('Income')).toHaveValue('145,000');
  await page.getByLabel('Tax number').fill('');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  expect(await listed(page)).toEqual(['own', '₱145,000', 'Not answered', '✓']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('jobs'))[0]?.answers).toEqual({
    kind: 'own',
    income: 145000,
    agreed: true,
    source: 'web',
  });
});

test('Back leads to a screen also where another tab has begun to change an earlier answer', async ({
  page,
  context,
}) => {
  await goToPapers(page);
  await button(page, 'Continue').click();
  await expect(heading(page, 'Last')).toBeVisible();
  // The entry before this one is of another page.
  const again = await context.newPage();
  await openForm(again, '/papers');
  await expect(heading(again, 'Last')).toBeVisible();
  await button(page, 'Back').click();
  await button(page, 'Back').click();
  await nameOf(page).fill('Berta');
  await button(again, 'Back').click();
  await expect(heading(again, 'Who?')).toBeVisible();
  await nameOf(again).fill('Clara');
  await button(again, 'Continue').click();
  await expect(heading(again, 'Papers')).toBeVisible();
});

const income = (one: Page) => one.getByRole('textbox', { name: 'Income' });

/** Saves an income of 1000, and then one of 2000 in another tab. */
async function saveInTwoTabs(page: Page, context: BrowserContext): Promise<void> {
  await openForm(page, '/pay');
  await income(page).fill('1000');
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  const other = await context.newPage();
  await openForm(other, '/pay');
  await button(other, 'Back').click();
  await expect(income(other)).toHaveValue('1,000');
  await income(other).fill('2000');
  await button(other, 'Continue').click();
  await expect(other.getByRole('status')).toHaveText('Your answers are saved.');
}

/** Enters an income whose save waits. @returns a function that lets it through */
async function waitToSave(page: Page, amount: string): Promise<() => void> {
  const letThrough = await cutSaves(page);
  await openForm(page, '/pay');
  await income(page).fill(amount);
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toContainText('Keep this page open');
  return letThrough;
}

test('lists a private answer that another tab has saved meanwhile', async ({ page, context, site }) => {
  await openForm(page, '/pay');
  await income(page).fill('1000');
  await page.getByRole('textbox', { name: 'Debts' }).fill('50');
  await button(page, 'Continue').click();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  const other = await context.newPage();
  await openForm(other, '/pay');
  await button(other, 'Back').click();
  await expect(income(other)).toHaveValue('1,000');
  await income(other).fill('2000');
  await other.getByRole('textbox', { name: 'Debts' }).fill('');
  await button(other, 'Continue').click();
  await expect.poll(() => listed(page)).toEqual(['₱2,000', 'Not answered', 'Not answered']);
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await inHistory(page);
  await expect(page).toHaveURL(/#review$/);
  await button(page, 'Change Your pay').click();
  await expect(income(page)).toHaveValue('2,000');
  await expect(page.getByRole('textbox', { name: 'Debts' })).toHaveValue('');
  await button(page, 'Continue').click();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('pay'))[0]?.answers).toEqual({ income: 2000 });
});

test('a private answer that waits in one tab never replaces the one that another tab has saved since', async ({
  page,
  context,
  site,
}) => {
  const letThrough = await waitToSave(page, '1000');
  const other = await context.newPage();
  await openForm(other, '/pay');
  await expect(income(other)).toHaveValue('');
  await income(other).fill('2000');
  await button(other, 'Continue').click();
  await expect(other.getByRole('status')).toHaveText('Your answers are saved.');
  letThrough();
  // As when the network comes back.
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.getByLabel('Note').fill('A note');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect.poll(() => listed(page)).toEqual(['₱2,000', 'Not answered', 'A note']);
  expect((await site.submissions('pay'))[0]?.answers).toMatchObject({ income: 2000 });
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('pay'))[0]?.answers).toEqual({ income: 2000, note: 'A note' });
});

test('the newer one of two private answers that wait in two tabs is stored, though the older one is sent first', async ({
  page,
  context,
  site,
}) => {
  const letThrough = await waitToSave(page, '1000');
  const other = await context.newPage();
  const letOtherThrough = await waitToSave(other, '2000');
  letThrough();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  letOtherThrough();
  await other.evaluate(() => dispatchEvent(new Event('online')));
  await expect(other.getByRole('status')).toHaveText('Your answers are saved.');
  expect((await site.submissions('pay'))[0]?.answers).toMatchObject({ income: 2000 });
  await button(other, 'Continue').click();
  await expect.poll(() => listed(other)).toEqual(['₱2,000', 'Not answered', 'Not answered']);
  await button(other, 'Send').click();
  await expect(heading(other, 'Thank you')).toBeVisible();
  expect((await site.submissions('pay'))[0]?.answers).toEqual({ income: 2000 });
});

test('a private answer that waits is sent where the other tab, which had a newer one, was closed', async ({
  page,
  context,
  site,
}) => {
  const letThrough = await waitToSave(page, '1000');
  const other = await context.newPage();
  await waitToSave(other, '2000');
  await other.close();
  letThrough();
  await button(page, 'Continue').click();
  await expect.poll(() => listed(page)).toEqual(['₱1,000', 'Not answered', 'Not answered']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('pay'))[0]?.answers).toEqual({ income: 1000 });
});

test('the review lists the answers that this tab sends, where those of another tab were lost with it', async ({
  page,
  context,
  site,
}) => {
  const other = await context.newPage();
  const letThrough = await cutSaves(page);
  await cutSaves(other);
  for (const [tab, firm, branch] of [
    [page, 'Old firm', ''],
    [other, 'New firm', 'Cebu'],
  ] as const) {
    await openForm(tab, '/self-employed');
    await tab.getByLabel('Firm').fill(firm);
    await tab.getByLabel('Tax number').fill('123');
    await tab.getByLabel('Branch').fill(branch);
    await button(tab, 'Continue').click();
    await expect(tab.getByRole('status')).toContainText('Keep this page open');
  }
  await other.close();
  letThrough();
  await button(page, 'Continue').click();
  await expect.poll(() => listed(page)).toEqual(['Old firm', '123', 'Not answered', 'Not answered']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('self-employed'))[0]?.answers).toEqual({ firm: 'Old firm', tin: '123' });
});

test('a changed answer behind a private one that waits is sent, though another tab sends the former one', async ({
  page,
  context,
  site,
}) => {
  const firm = page.getByLabel('Firm');
  await openForm(page, '/firm');
  await nameOf(page).fill('Ana');
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  const letThrough = await cutSaves(page);
  await firm.fill('Old firm');
  await button(page, 'Continue').click();
  await page.getByLabel('Tax number').fill('123');
  await button(page, 'Continue').click();
  await inHistory(page);
  await button(page, 'Back').click();
  await expect(heading(page, 'Tax')).toBeVisible();
  await button(page, 'Back').click();
  await firm.fill('New firm');
  await button(page, 'Continue').click();
  await button(page, 'Continue').click();
  const other = await context.newPage();
  const isSent = other.waitForResponse((response) => response.request().method() === 'PUT');
  await openForm(other, '/firm');
  await isSent;
  letThrough();
  await page.getByLabel('Note').fill('A note');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('firm'))[0]?.answers).toMatchObject({ firm: 'New firm', tin: '123' });
});

test('after a refusal, waiting answers are sent in the order of the screens', async ({ page, site }) => {
  const phone = page.getByRole('textbox', { name: 'Phone' });
  await openForm(page, '/shopkeeper');
  const letThrough = await cutSaves(page);
  await page.getByRole('radio', { name: 'employed' }).check();
  await button(page, 'Continue').click();
  await phone.fill('+1 123 456 7890');
  await button(page, 'Continue').click();
  await inHistory(page);
  await button(page, 'Back').click();
  await expect(heading(page, 'Contact')).toBeVisible();
  await button(page, 'Back').click();
  await page.getByRole('radio', { name: 'own' }).check();
  await button(page, 'Continue').click();
  await phone.fill('+63 917 123 4567');
  await page.getByLabel('Your shop').fill('Corner shop');
  await button(page, 'Continue').click();
  letThrough();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('shopkeeper'))[0]?.answers).toMatchObject({ kind: 'own', shop: 'Corner shop' });
});

test('the page stays at a refused answer, where the person has taken another way since', async ({ page, site }) => {
  const phone = page.getByRole('textbox', { name: 'Phone' });
  await openForm(page, '/contractor');
  await phone.fill('+63 917 123 4567');
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  const letThrough = await cutSaves(page);
  await inHistory(page);
  await button(page, 'Back').click();
  await phone.fill('+1 123 456 7890');
  await button(page, 'Continue').click();
  await page.getByRole('radio', { name: 'employed' }).check();
  await button(page, 'Continue').click();
  await page.getByLabel('Your employer').fill('Acme');
  await button(page, 'Continue').click();
  await inHistory(page);
  await button(page, 'Back').click();
  await expect(heading(page, 'Boss')).toBeVisible();
  await button(page, 'Back').click();
  await page.getByRole('radio', { name: 'own' }).check();
  await button(page, 'Continue').click();
  await page.getByLabel('Your shop').fill('Corner shop');
  await button(page, 'Continue').click();
  letThrough();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(heading(page, 'Contact')).toBeVisible();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  await expect(heading(page, 'Contact')).toBeVisible();
  await phone.fill('+63 917 123 4568');
  await button(page, 'Continue').click();
  for (const title of ['Job', 'Shop']) {
    await expect(heading(page, title)).toBeVisible();
    await button(page, 'Continue').click();
  }
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('contractor'))[0]?.answers).toEqual({
    phone: '+639171234568',
    kind: 'own',
    shop_name: 'Corner shop',
  });
});

test('says that an answer was not saved, where another tab has taken another way', async ({ page, context }) => {
  await openForm(page, '/contractor');
  await page.getByRole('textbox', { name: 'Phone' }).fill('+63 917 123 4567');
  await button(page, 'Continue').click();
  await page.getByRole('radio', { name: 'employed' }).check();
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  const other = await context.newPage();
  await openForm(other, '/contractor');
  await button(other, 'Back').click();
  await other.getByRole('radio', { name: 'own' }).check();
  await button(other, 'Continue').click();
  await expect(other.getByRole('status')).toHaveText('Your answers are saved.');
  await page.getByLabel('Your employer').fill('Acme');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Shop')).toBeVisible();
  await expect(page.getByRole('status')).toHaveText('An earlier answer is missing or was changed. Check your answers.');
});

test('lists a private answer that another tab has saved before this one comes to its review', async ({
  page,
  context,
  site,
}) => {
  await saveInTwoTabs(page, context);
  // Without the answers of the server, the old one is not sent for the new one.
  const reading = '**/api/submissions/*/answers';
  let asked = 0;
  await page.route(reading, (route) => {
    if (route.request().method() !== 'GET') return route.continue();
    asked++;
    return route.abort();
  });
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  for (let n = 0; n < 4; n++) await button(page, 'Send').click();
  // Each reading would draw the review again.
  expect(asked).toBeLessThan(4);
  await page.unroute(reading);
  await expect.poll(() => listed(page)).toEqual(['₱2,000', 'Not answered', 'Not answered']);
  await expect(page.getByRole('status')).toHaveText('These answers have changed. Look at them again, then send.');
  expect((await site.submissions('pay'))[0]?.status).toBe('draft');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('pay'))[0]?.answers).toEqual({ income: 2000 });
});

test('lists the newest private answer of another tab that saves again while this one reads', async ({
  page,
  context,
  site,
}) => {
  await openForm(page, '/pay');
  await income(page).fill('1000');
  await button(page, 'Continue').click();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let isFirst = true;
  // The server answers late the first time.
  await page.route('**/api/submissions/*/answers', async (route) => {
    if (route.request().method() !== 'GET' || !isFirst) return route.continue();
    isFirst = false;
    const response = await route.fetch();
    asked.resolve();
    await released;
    await route.fulfill({ response });
  });
  const other = await context.newPage();
  await openForm(other, '/pay');
  for (const value of ['2000', '3000']) {
    await button(other, 'Back').click();
    // The review is drawn without the answer that this tab is reading, so that it stays while the other tab types.
    if (value === '3000') await expect.poll(async () => (await listed(page))[0]).toBe('Not answered');
    await income(other).fill(value);
    const saved = other.waitForResponse((response) => response.request().method() === 'PUT');
    await button(other, 'Continue').click();
    await saved;
    await expect(other.getByRole('status')).toHaveText('Your answers are saved.');
    await asked.promise;
  }
  release();
  await expect.poll(() => listed(page)).toEqual(['₱3,000', 'Not answered', 'Not answered']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('pay'))[0]?.answers).toEqual({ income: 3000 });
});

test('keeps a private answer that was entered again while the server did not say that of another tab', async ({
  page,
  context,
  site,
}) => {
  await saveInTwoTabs(page, context);
  const answers = '**/api/submissions/*/answers';
  let refused = ['GET'];
  await page.route(answers, (route) => (refused.includes(route.request().method()) ? route.abort() : route.continue()));
  const failed = page.waitForEvent('requestfailed');
  await button(page, 'Continue').click();
  await failed;
  refused = ['GET', 'PUT'];
  await button(page, 'Back').click();
  await button(page, 'Back').click();
  await income(page).fill('3000');
  await button(page, 'Continue').click();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  // The answer of the other tab comes before the new one is saved.
  refused = ['PUT'];
  await expect(page.getByRole('status')).toHaveText('These answers have changed. Look at them again, then send.');
  expect(await listed(page)).toEqual(['₱3,000', 'Not answered', 'Not answered']);
  await page.unroute(answers);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  expect((await site.submissions('pay'))[0]?.answers).toEqual({ income: 3000 });
});

test('lists the file that another tab or device has sent in place of one', async ({ page, context, browser, site }) => {
  const pdf = (name: string) => ({ ...CV, name, buffer: Buffer.from(`%PDF-1.4\n%${name}\n%%EOF`) });
  const choose = async (one: Page, name: string) => {
    await one.locator('input[type=file]').setInputFiles(pdf(name));
    await expect(one.locator('[data-stored]')).toBeVisible();
  };
  const replace = async (one: Page, from: string, to: string) => {
    await expect(heading(one, 'Papers')).toBeVisible();
    await button(one, `Remove ${from}`).click();
    await choose(one, to);
    await button(one, 'Continue').click();
    await expect(one.getByRole('status')).toHaveText('Your answers are saved.');
  };
  await goToPapers(page);
  await choose(page, 'first.pdf');
  await button(page, 'Continue').click();
  await goToReview(page);
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  const link = await linkToFinishLater(page);

  const tab = await context.newPage();
  await openForm(tab, '/papers');
  await button(tab, 'Back').click();
  await replace(tab, 'first.pdf', 'second.pdf');
  await expect.poll(() => listed(page)).toEqual(['Ana', 'second.pdf', 'A job']);
  await tab.close();

  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const device = await elsewhere.newPage();
  await openLink(device, link);
  await button(device, 'Back').click();
  await replace(device, 'second.pdf', 'third.pdf');
  await button(page, 'Send').click();
  await expect(page.getByRole('status')).toContainText('These answers have changed.');
  expect(await listed(page)).toEqual(['Ana', 'third.pdf', 'A job']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  expect((await site.submissions('papers'))[0]?.files.map(({ name }) => name)).toEqual(['third.pdf']);
  await elsewhere.close();
});

test('lists a file once that is still on its way when the person comes back to its screen', async ({ page, site }) => {
  await goToPapers(page);
  // The server has each file before the page hears of it.
  const answers: (() => void)[] = [];
  await page.route('**/files?*', async (route) => {
    const response = await route.fetch();
    await new Promise<void>((resolve) => answers.push(resolve));
    await route.fulfill({ response });
  });
  const files = ['first.pdf', 'second.pdf'].map((name) => ({ ...CV, name, buffer: Buffer.from(`%PDF-1.4\n%${name}`) }));
  await page.locator('input[type=file]').setInputFiles(files);
  await expect.poll(() => answers.length).toBe(1);
  await button(page, 'Back').click();
  await expect(nameOf(page)).toBeVisible();
  answers[0]?.();
  await expect.poll(() => answers.length).toBe(2);
  await button(page, 'Continue').click();
  await expect(heading(page, 'Papers')).toBeVisible();
  await page.waitForTimeout(500);
  answers[1]?.();
  await button(page, 'Continue').click();
  await goToReview(page);
  expect(await listed(page)).toEqual(['Ana', 'first.pdf\nsecond.pdf', 'A job']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  expect((await site.submissions('papers'))[0]?.files.map(({ name }) => name)).toEqual(['first.pdf', 'second.pdf']);
});

for (const form of ['papers', 'short', 'asked']) {
  test(`keeps the files that another device has added in the form ${form}`, async ({ page, browser, site }) => {
    const add = async (one: Page, name: string) => {
      await one.locator('input[type=file]').setInputFiles({ ...CV, name, buffer: Buffer.from(`%PDF-1.4\n%${name}`) });
      await expect(one.locator('[data-stored]', { hasText: name })).toBeVisible();
      await button(one, 'Continue').click();
      await expect(heading(one, 'Last')).toBeVisible();
      await expect(one.getByRole('status')).toHaveText('Your answers are saved.');
    };
    const send = async () => {
      if (form === 'short') await reasonOf(page).fill('A job');
      await button(page, 'Send').click();
    };
    await goToPapers(page, form);
    await add(page, 'first.pdf');
    if (form !== 'short') await goToReview(page);
    const elsewhere = await browser.newContext({ baseURL: site.origin });
    const device = await elsewhere.newPage();
    await openLink(device, await linkToFinishLater(page));
    await expect(heading(device, 'Last')).toBeVisible();
    await button(device, 'Back').click();
    await add(device, 'second.pdf');
    await elsewhere.close();
    await send();
    await expect(page.getByRole('status')).toContainText('These answers have changed.');
    await button(page, form === 'short' ? 'Back' : 'Change Papers').click();
    await expect(button(page, 'Remove second.pdf')).toBeVisible();
    await button(page, 'Continue').click();
    // Listing the files has changed no other screen.
    if (form !== 'short') await expect(heading(page, 'Check your answers')).toBeVisible();
    await send();
    await expect(heading(page, 'Thank you, Ana')).toBeVisible();
    expect((await site.submissions(form))[0]?.files.map(({ name }) => name)).toEqual(['first.pdf', 'second.pdf']);
  });
}

/** Saves another name, as another device does. */
const saveElsewhere = (page: Page, name: string, form = 'papers') =>
  page.evaluate(
    async ([full_name, slug]) => {
      const { id, token } = JSON.parse(localStorage.getItem(`flipsite:${slug}`) ?? '') as { id: string; token: string };
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ screen: 'who', answers: { full_name } });
      await fetch(`/api/submissions/${id}/answers`, { method: 'PUT', headers, body });
    },
    [name, form],
  );

test('does not promise to send again, where the answers of another device cannot be read', async ({ page }) => {
  await goToPapers(page);
  await button(page, 'Continue').click();
  await goToReview(page);
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  await saveElsewhere(page, 'Berta');
  const reading = '**/api/submissions/*/answers';
  await page.route(reading, (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
  await button(page, 'Send').click();
  await expect(page.getByRole('status')).toHaveText(
    'We still can’t send this. Keep this page open, and try again later or on another network.',
  );
  await page.unroute(reading);
  await button(page, 'Send').click();
  await expect(page.getByRole('status')).toContainText('These answers have changed.');
  expect(await listed(page)).toEqual(['Berta', 'Not answered', 'A job']);
});

test('lists the answers that another device has saved meanwhile, before they are sent', async ({ page, site }) => {
  await goToPapers(page);
  await button(page, 'Continue').click();
  await goToReview(page);
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  await saveElsewhere(page, 'Berta');
  await button(page, 'Send').click();
  await expect(page.getByRole('status')).toHaveText('These answers have changed. Look at them again, then send.');
  await expect(heading(page, 'Check your answers')).toBeVisible();
  expect(await listed(page)).toEqual(['Berta', 'Not answered', 'A job']);
  expect((await site.submissions('papers'))[0]?.status).toBe('draft');
  await inHistory(page);
  await expect(page).toHaveURL(/#review$/);
  await button(page, 'Change Who?').click();
  await expect(nameOf(page)).toHaveValue('Berta');
  await nameOf(page).fill('Berta Cruz');
  await button(page, 'Continue').click();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Berta Cruz')).toBeVisible();
});

test('lists them also after a reload has read the private answers', async ({ page, site }) => {
  await goToPapers(page, 'taxed');
  await page.getByLabel('Tax number').fill('123-456-789');
  await button(page, 'Continue').click();
  await goToReview(page);
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  await saveElsewhere(page, 'Berta', 'taxed');
  const read = page.waitForResponse((response) => response.request().method() === 'GET' && response.url().endsWith('/answers')); // prettier-ignore
  await page.reload();
  await read;
  await expect(heading(page, 'Last')).toBeVisible();
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  await button(page, 'Send').click();
  await expect(page.getByRole('status')).toHaveText('These answers have changed. Look at them again, then send.');
  expect(await listed(page)).toEqual(['Berta', '123-456-789', 'A job']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Berta')).toBeVisible();
  expect((await site.submissions('taxed'))[0]?.answers).toMatchObject({ full_name: 'Berta' });
});

test('sends at once where another tab has only saved the same answers again', async ({ page, site }) => {
  await goToPapers(page);
  await button(page, 'Continue').click();
  await goToReview(page);
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  const statuses: number[] = [];
  page.on('response', (response) => void (response.url().endsWith('/submit') && statuses.push(response.status())));
  await page.evaluate(async () => {
    const { id, token } = JSON.parse(localStorage.getItem('flipsite:papers') ?? '') as { id: string; token: string };
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ screen: 'who', answers: { full_name: 'Ana' } });
    await fetch(`/api/submissions/${id}/answers`, { method: 'PUT', headers, body });
  });
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you, Ana')).toBeVisible();
  expect(statuses).toEqual([409, 200]);
  expect((await site.submissions('papers'))[0]?.answers).toMatchObject({ full_name: 'Ana' });
});

test('shows a typed part of an address as it was typed, also if a country has such a code', async ({ page }) => {
  await openForm(page, '/home');
  await page.getByLabel('Street and number').fill('1 Main St');
  await page.getByLabel('City', { exact: true }).fill('Los Angeles');
  await page.getByLabel('State or province').fill('CA');
  await page.getByLabel('Country').selectOption('US');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  expect(await listed(page)).toEqual(['1 Main St, Los Angeles, CA, United States']);
  await button(page, 'Send').click();
  await expect(heading(page, 'We visit 1 Main St, Los Angeles, CA, United States')).toBeVisible();
});

test('sends the answers whose save was stored, though the page was closed before it knew', async ({ page }) => {
  await openForm(page, '/pay');
  await page.getByLabel('Income').fill('1000');
  await button(page, 'Continue').click();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  let isRead: () => void;
  const read = new Promise<void>((done) => (isRead = done));
  let saves = 0;
  await page.route('**/answers', async (route) => {
    const isSave = route.request().method() === 'PUT';
    // The first answer is lost. The second one arrives after the page has read the answers.
    if (isSave && !saves++) return route.fetch().then(() => undefined);
    const response = await route.fetch();
    if (isSave) await read;
    await route.fulfill({ response });
    if (!isSave) isRead();
  });
  await page.getByLabel('Note').fill('A note');
  await button(page, 'Continue').click();
  await expect.poll(() => saves).toBe(1);
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  await button(page, 'Continue').click();
  await expect.poll(() => listed(page)).toEqual(['₱1,000', 'Not answered', 'A note']);
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
});
