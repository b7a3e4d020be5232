/** A person uses the page before all of it has come, as on a slow network. */
import type { Page } from 'playwright/test';
import { openProxy, type Proxy } from '../../helpers/proxy.ts';
import { expect, siteWith, test as base } from '../site-test.ts';
import { button, heading, openForm } from '../walk.ts';

const SLOW = `
title: Slow
languages: [en, es]
params: [agent]
screens:
  - { id: who, title: Who are you?, fields: [{ id: name, type: text, label: Name, required: true }, { id: pin, type: text, label: Pin, sensitive: true }] }
  - { id: more, title: Your wish, fields: [{ id: wish, type: text, label: Wish }] }
review: true
endings: [{ id: done, title: Thank you }]
`;

const PHONE = `
title: Phone
screens:
  - { id: who, title: Who are you?, fields: [{ id: name, type: text, label: Name, required: true }, { id: agree, type: consent, label: I agree, required: true }] }
endings: [{ id: done, title: Thank you }]
`;

const test = base.extend<{ network: Proxy }>({
  network: async ({ site }, use) => {
    const proxy = await openProxy(Number(new URL(site.origin).port));
    await use(proxy);
    proxy.close();
  },
});
test.use({ kind: siteWith({ slow: SLOW, moment: SLOW, phone: PHONE, again: PHONE }) });

/** The data and the script of the page. */
const SCRIPT = '<script type="application/json"';

/** Opens a form of which the rest comes later. */
async function openHeld(page: Page, network: Proxy, address: string, from = SCRIPT) {
  const held = network.holdPages(from);
  await page.goto(network.origin + address, { waitUntil: 'commit' });
  return held;
}

test('Continue waits until the page has come, and then leads to the next screen', async ({ page, network, site }) => {
  const held = await openHeld(page, network, '/slow');
  await page.getByLabel('Name').fill('Ana');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Who are you?')).toBeVisible();
  held.rest();
  await expect(heading(page, 'Your wish')).toBeVisible();
  await expect.poll(() => site.submissions('slow')).toMatchObject([{ status: 'draft', answers: { name: 'Ana' } }]);
});

test('a form whose page has ended too early is not sent, and loads again when the person continues', async ({
  page,
  network,
  site,
}) => {
  await page.clock.install();
  const held = await openHeld(page, network, '/slow', 'id="s-more"');
  await page.getByLabel('Name').fill('Ana');
  held.end();
  await button(page, 'Continue').click();
  await page.clock.fastForward(25_000);
  await expect(page.locator('form[data-ready]')).toBeAttached();
  await expect(heading(page, 'Who are you?')).toBeVisible();
  expect((await site.submissions('slow')).filter(({ status }) => status === 'submitted')).toEqual([]);
});

test('answers that are typed before the page has come stay after a reload, and replace older ones', async ({
  page,
  network,
}) => {
  await openForm(page, `${network.origin}/slow`);
  await page.getByLabel('Name').fill('An');
  const held = network.holdPages(SCRIPT);
  await page.reload({ waitUntil: 'commit' });
  await page.getByLabel('Name').fill('Ana Maria');
  await page.getByLabel('Pin').fill('4711');
  held.rest();
  await expect(page.locator('form[data-ready]')).toBeAttached();
  await page.waitForLoadState();
  await expect(page.getByLabel('Name')).toHaveValue('Ana Maria');
  await expect(page.getByLabel('Pin')).toHaveValue('4711');
  await page.reload();
  await expect(page.getByLabel('Name')).toHaveValue('Ana Maria');
});

test('Continue at the moment at which the page has come saves the answer that was just typed', async ({
  page,
  network,
  site,
}) => {
  await openForm(page, `${network.origin}/moment`);
  await page.getByLabel('Name').fill('An');
  const held = network.holdPages(SCRIPT);
  await page.reload({ waitUntil: 'commit' });
  await page.getByLabel('Name').fill('Ana Maria');
  await page.evaluate(() => {
    const form = document.querySelector('form') as HTMLFormElement;
    const press = () => form.querySelector<HTMLElement>('.now button:not([data-back])')?.click();
    new MutationObserver(press).observe(form, { attributeFilter: ['data-ready'] });
  });
  held.rest();
  await expect(heading(page, 'Your wish')).toBeVisible();
  await expect.poll(() => site.submissions('moment')).toMatchObject([{ answers: { name: 'Ana Maria' } }]);
});

test('what is typed over a form that was sent before is said to be unsent', async ({ page, network, site }) => {
  await openForm(page, `${network.origin}/again`);
  await page.getByLabel('Name').fill('Bea');
  await page.getByLabel('I agree').check();
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const held = await openHeld(page, network, '/again');
  await page.getByLabel('Name').fill('Ana');
  held.rest();
  await expect(page.getByText('Your last change was not sent.')).toBeVisible();
  await expect(button(page, 'Fill in this form again')).toBeVisible();
  expect(await site.submissions('again')).toMatchObject([{ answers: { name: 'Bea' } }]);
});

test('answers and Continue before the page has come change a draft that has a private answer on the server', async ({
  page,
  network,
  site,
}) => {
  await openForm(page, `${network.origin}/slow`);
  await page.getByLabel('Name').fill('An');
  await page.getByLabel('Pin').fill('4711');
  await button(page, 'Continue').click();
  await expect(heading(page, 'Your wish')).toBeVisible();
  await button(page, 'Back').click();
  await expect(page.getByText('Your answers are saved')).toBeVisible();
  const held = network.holdPages(SCRIPT);
  await page.reload({ waitUntil: 'commit' });
  await page.getByLabel('Name').fill('Ana Maria');
  await page.getByLabel('Pin').fill('9999');
  await button(page, 'Continue').click();
  held.rest();
  await expect(heading(page, 'Your wish')).toBeVisible();
  await expect
    .poll(async () => (await site.submissions('slow'))[0]?.answers)
    .toEqual({ name: 'Ana Maria', pin: '9999' });
});

test('the cursor stays in a text that is typed while the page comes', async ({ page, network }) => {
  const held = await openHeld(page, network, '/slow');
  const name = page.getByLabel('Name');
  await name.pressSequentially('Ana Cruz');
  for (let at = 0; at < 4; at++) await name.press('ArrowLeft');
  await name.pressSequentially('Mar');
  held.rest();
  await expect(page.locator('form[data-ready]')).toBeAttached();
  await name.pressSequentially('ia ');
  await expect(name).toHaveValue('Ana Maria Cruz');
});

test('Continue before the page has come sends no draft that the person has not seen', async ({
  page,
  network,
  site,
}) => {
  await openForm(page, `${network.origin}/phone`);
  await page.getByLabel('Name').fill('Bea');
  await page.getByLabel('I agree').check();
  const held = network.holdPages(SCRIPT);
  await page.reload({ waitUntil: 'commit' });
  await page.getByLabel('Name').fill('Ana');
  await button(page, 'Send').click();
  held.rest();
  await expect(page.locator('form[data-ready]')).toBeAttached();
  await expect(page.getByLabel('I agree')).toBeChecked();
  await expect(page.getByLabel('Name')).toHaveValue('Ana');
  await expect(button(page, 'Send')).toBeVisible();
  expect(await site.submissions('phone')).toEqual([]);
});

test('Send before the page has come is forgotten where the person types again', async ({ page, network, site }) => {
  const held = await openHeld(page, network, '/phone');
  await page.getByLabel('I agree').check();
  await page.getByLabel('Name').fill('Ana');
  await button(page, 'Send').click();
  await page.getByLabel('Name').fill('An');
  held.rest();
  await expect(page.locator('form[data-ready]')).toBeAttached();
  await expect(button(page, 'Send')).toBeVisible();
  expect(await site.submissions('phone')).toEqual([]);
});

test('a language that is chosen before the page has come keeps the link', async ({ page, network }) => {
  await openHeld(page, network, '/slow?agent=Lou#resume=x');
  await page.getByRole('link', { name: 'Español' }).click({ noWaitAfter: true });
  await page.waitForURL(/\/slow\/es\?agent=Lou#resume=x$/, { waitUntil: 'commit' });
});
