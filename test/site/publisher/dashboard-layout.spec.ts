/** The dashboard at the widths of phones, tablets and small windows: nothing leaves its card. */
import type { Page } from 'playwright/test';
import { someOf } from '../../helpers/run/long.ts';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { expectAccessible, faultsOf } from '../accessible.ts';
import { expectReachable } from '../keyboard.ts';
import { expect, plainTest as test } from '../site-test.ts';

const LONG = 'maria.concepcion.delos-reyes-villanueva@long-company-name.example';
const FORM = `
title: طلب عمل
languages: [ar, en]
params: [employee_number_of_the_person_who_has_referred_them]
notify: [{ email: a-long-address-for-everybody@company-name.example }]
invite: { sender: Acme, reply_to: people@acme.example }
screens:
  - id: who
    title: { ar: 'من أنت؟', en: Who are you? }
    fields:
      - { id: full_name, type: text, label: { ar: الاسم, en: Name }, required: true }
      - { id: email, type: email, label: { ar: البريد, en: Email }, required: true }
      - { id: tin, type: text, label: { ar: الرقم, en: Tax number }, sensitive: true }
  - id: connect
    title: { ar: الحساب, en: Account }
    wink: { require: none }
endings:
  - { id: done, title: شكرا لك }
`;
const FAULTY = `
title: A form with a fault in it
screens:
  - id: who
    title: Who are you?
    fields:
      - { id: full_name, type: text, label: Name, requierd: true, help: A line that is much longer than a phone is wide, so that it scrolls }
endings:
  - { id: done, title: Thank you }
`;
const ENDLESS = `
title: ${'Wortohneleerzeichen'.repeat(10)}
screens: [{ id: who, title: Who are you?, fields: [{ id: full_name, type: text, label: Name }] }]
endings: [{ id: done, title: Thank you }]
`;

let site: TestSite;
test.beforeAll(async () => {
  site = await openTestSite({ forms: { driver: FORM, faulty: FAULTY, endless: ENDLESS }, env: { RATE_LIMIT: 'off' } });
  for (const [name, email, spam] of [
    ['ليلى حداد', LONG, ''],
    ['Maria Concepcion Delos Reyes Villanueva', LONG, 'x'],
    ['Ana', 'ana@mail.example', ''],
  ] as const)
    await send(name, email, spam);
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

/** Sends the form as a page does. A value in the trap makes it look like spam. */
async function send(name: string, email: string, trap: string): Promise<void> {
  const call = async (method: string, path: string, body: unknown, token?: string) => {
    const response = await fetch(`${site.origin}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
    expect(response.ok, await response.clone().text()).toBe(true);
    return (await response.json()) as { id: string; token: string };
  };
  const { id, token } = await call('POST', 'forms/driver/submissions', { ...(trap && { trap }) });
  await call('PUT', `submissions/${id}/answers`, { screen: 'who', answers: { full_name: name, email, tin: '1' } }, token); // prettier-ignore
  const event = (screen: string) => ({ id: crypto.randomUUID(), name: 'screenSeen', at: new Date().toISOString(), data: { screen } }); // prettier-ignore
  await call('POST', `submissions/${id}/events`, { events: [event('who'), event('connect')] }, token);
  await call('PUT', `submissions/${id}/answers`, { screen: 'connect', answers: {} }, token);
  await call('POST', `submissions/${id}/submit`, {}, token);
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${site.origin}/admin`);
  if (await page.getByLabel('Setup code').count()) await page.getByLabel('Setup code').fill(SETUP_CODE);
  await page.getByLabel(/email/i).fill('ops@acme.example');
  await page.getByLabel(/password/i).fill('four plain words here');
  await page.getByRole('button').first().click();
  await expect(page.getByRole('heading', { name: 'Forms', level: 1 })).toBeVisible();
}

/** Invites a person, unless an earlier test has. */
async function invite(page: Page): Promise<void> {
  await page.goto(`${site.origin}/admin/forms/driver/invitations`);
  if (await page.getByText(LONG).count()) return;
  const one = page.getByRole('region', { name: 'Invite one person' });
  await one.getByLabel('Full name').fill('Maria Concepcion Delos Reyes Villanueva');
  await one.getByLabel('Email', { exact: true }).fill(LONG);
  await one.getByRole('button', { name: 'Invite' }).click();
  await expect(page.getByText('1 invitation is ready')).toBeVisible();
}

test('all parts of the dashboard are seen in a small window, such as that of a laptop at a zoom of 200 %', async ({
  page,
}) => {
  await signIn(page);
  for (const width of [320, 360, 545, 640, 667, 767]) {
    await page.setViewportSize({ width, height: 430 });
    for (const part of await page.getByRole('banner').locator('a, button').all())
      await expect(part, `${await part.innerText()} at ${width}`).toBeInViewport({ ratio: 1 });
    expect(await faultsOf(page), String(width)).toEqual([]);
  }
});

test('nothing leaves its card at any width, in a light and in a dark scheme @long', async ({ page }) => {
  test.setTimeout(180_000);
  const folder = process.env['SCREENSHOTS'];
  const expectInside = async (path: string, width: number, how: string) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect.soft(await faultsOf(page), `${path} at ${width}${how}, ${colorScheme}`).toEqual([]);
      if (folder && how) await page.screenshot({ path: `${folder}/${colorScheme}-${width}-${path.replace(/\W+/g, '_').slice(0, 30)}.png`, fullPage: true }); // prettier-ignore
    }
  };
  await signIn(page);
  await invite(page);
  const { id } = await site.db.query.selectFrom('submissions').select('id').orderBy('id').executeTakeFirstOrThrow();
  for (const width of [820, 360, 545, 640, 767, 768, 920, 959, 960, 1087, 1088, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of [
      '',
      '/people',
      '/settings',
      '/forms/driver/people',
      '/forms/driver/people?status=quarantined',
      '/forms/faulty',
      `/forms/driver/people/${id}`,
      '/forms/driver/invitations',
      '/forms/driver/share',
      '/forms/endless/share',
      '/team',
      '/forms/driver/privacy',
      '/messages',
    ]) {
      await page.goto(`${site.origin}/admin${path}`);
      await expectInside(path, width, '');
      await page.evaluate(() => document.querySelectorAll('main details').forEach((one) => one.setAttribute('open', ''))); // prettier-ignore
      await expectInside(path, width, ', all opened');
    }
  }
});

/** The last character of each line of the texts of `selector` that have an @ and take several lines. */
const lineEnds = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) =>
    all.flatMap((one) => {
      const signs: string[] = [];
      let before: { top: number; sign: string } | undefined;
      const nodes = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
      for (let node = nodes.nextNode(); node; node = nodes.nextNode())
        for (const [at, sign] of [...(node.textContent ?? '')].entries()) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + 1);
          const box = range.getBoundingClientRect();
          if (!box.width || !one.textContent?.includes('@')) continue;
          if (before && box.top > before.top + 4) signs.push(before.sign);
          before = { top: box.top, sign };
        }
      return signs;
    }),
  );

test('a long address on a phone takes several lines, and no word of it is broken @long', async ({ page }) => {
  await signIn(page);
  await invite(page);
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ['/people', '/forms/driver/people', '/forms/driver/invitations', '/messages']) {
    await page.goto(`${site.origin}/admin${path}`);
    const ends = await lineEnds(page, 'tbody th bdi');
    expect(ends.length, path).toBeGreaterThan(0);
    expect(ends.filter((sign) => !/[@.-]/.test(sign)), path).toEqual([]); // prettier-ignore
  }
});

test('the state of a submission that may be spam takes one line on a phone, with its reason below @long', async ({
  page,
}) => {
  await signIn(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${site.origin}/admin/forms/driver/people?status=quarantined`);
  const pill = page.locator('.pill', { hasText: 'Maybe spam' });
  expect((await pill.boundingBox())?.height).toBeLessThan(32);
  await expect(page.getByRole('row').filter({ has: pill })).toContainText('Filled in a hidden field');
});

for (const width of someOf([1280, 820, 360], 1)) {
  test(`the question before a download of private answers is whole at ${width} px`, async ({ page }) => {
    await signIn(page);
    await page.setViewportSize({ width, height: 740 });
    await page.goto(`${site.origin}/admin/forms/driver/people`);
    await page.getByRole('button', { name: 'Download private answers' }).click();
    const panel = page.getByRole('dialog', { name: 'Download private answers' });
    await expect(panel).toBeVisible();
    const [content, box] = await panel.evaluate((one) => [one.scrollWidth, one.clientWidth]);
    expect(content).toBe(box);
  });
}

for (const width of someOf([360, 820, 1280], 1)) {
  test(`the QR code is whole at ${width} px, and Escape closes it @long`, async ({ page }) => {
    await signIn(page);
    await page.setViewportSize({ width, height: 740 });
    await page.goto(`${site.origin}/admin/forms/driver/share`);
    const open = page.getByRole('button', { name: 'QR code' }).first();
    await open.click();
    const panel = page.getByRole('dialog', { name: 'QR code' });
    await expect(panel).toBeVisible();
    const box = await panel.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(740);
    await expectAccessible(page, 'with the QR code');
    const folder = process.env['SCREENSHOTS'];
    if (folder) await page.screenshot({ path: `${folder}/qr-${width}.png` });
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    await expect(open).toBeFocused();
  });
}

test('an Arabic name keeps its quotation marks around it in the timeline @long', async ({ page }) => {
  await signIn(page);
  const { id } = await site.db.query.selectFrom('submissions').select('id').orderBy('id').executeTakeFirstOrThrow();
  await page.goto(`${site.origin}/admin/forms/driver/people/${id}`);
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await expect(timeline).toContainText('Saw “من أنت؟”');
  const places = await timeline.getByText('Saw “من أنت؟”').first().evaluate((line) => {
    const nodes = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const found: Record<string, number> = {};
    for (let node = nodes.nextNode(); node; node = nodes.nextNode())
      for (const mark of ['“', '”', 'من'])
        if (node.textContent?.includes(mark)) {
          const range = document.createRange();
          range.setStart(node, node.textContent.indexOf(mark));
          range.setEnd(node, node.textContent.indexOf(mark) + mark.length);
          found[mark] = range.getBoundingClientRect().left;
        }
    return [found['“'] ?? 0, found['من'] ?? 0, found['”'] ?? 0];
  }); // prettier-ignore
  expect(places).toEqual(places.toSorted((one, other) => one - other));
});

test('the keyboard reaches everything of people, invitations and settings, and each dialog gives its focus back @long', async ({
  page,
}) => {
  await signIn(page);
  await invite(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  const { id } = await site.db.query.selectFrom('submissions').select('id').orderBy('id').executeTakeFirstOrThrow();
  const person = `/forms/driver/people/${id}`;
  const goTo = async (path: string) => {
    await page.goto(`${site.origin}/admin${path}`);
    await expectReachable(page);
  };
  await goTo('/settings');
  await goTo('/people');
  await goTo('/forms/driver/people');
  const download = page.getByRole('button', { name: 'Download private answers' });
  await download.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Download private answers' });
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('button', { name: 'Download with private answers' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(download).toBeFocused();

  await goTo(person);
  const callback = page.getByRole('region', { name: 'Timeline' }).locator('.raw').first();
  await expect(callback).toBeHidden();
  await page.getByLabel('Show technical details').press('Space');
  await expect(callback).toBeVisible();
  await page.getByRole('button', { name: /^Show/ }).first().press('Enter');
  await expect(page.locator('#a-tin')).toHaveText('1');
  await page.getByRole('link', { name: 'Delete this person’s data' }).press('Enter');
  await expect(page.getByRole('button', { name: 'Yes, delete everything' })).toBeVisible();
  await expectReachable(page);

  await goTo('/forms/driver/invitations');
  await page.locator('summary', { hasText: 'Delete' }).press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: /^Yes, delete it/ })).toBeFocused();
});

test('a page of a person that comes from the memory of the browser no longer has a person who was deleted', async ({
  page,
}) => {
  await send('Ben Santos', 'ben@mail.example', '');
  await signIn(page);
  await page.goto(`${site.origin}/admin/forms/driver/people`);
  await page.getByRole('link', { name: 'Ben Santos' }).click();
  await expect(page.getByRole('heading', { name: 'Ben Santos' })).toBeVisible();
  const other = await page.context().newPage();
  await other.goto(`${page.url()}?delete=yes`);
  await other.getByRole('button', { name: 'Yes, delete everything' }).click();
  await expect(other.getByText('Ben Santos')).toHaveCount(0);
  await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect(page.getByText('Ben Santos')).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  const isLoadedAgain = async (path: string) => {
    await page.goto(`${site.origin}/admin${path}`);
    const again = page.waitForEvent('load', { timeout: 3_000 }).then(() => true, () => false); // prettier-ignore
    await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    return again;
  };
  // The last one answers to “Copy link”.
  const paths = ['/forms/driver/invitations', '/messages', '/people', '/invitations/1/link'];
  for (const path of paths) expect([path, await isLoadedAgain(path)]).toEqual([path, true]);
  expect(await isLoadedAgain('/forms/driver/edit')).toBe(false);
});
