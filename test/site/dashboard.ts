/** A submission in the dashboard, as a member sees it. */
import { expect, type Browser, type BrowserContext, type Page } from 'playwright/test';
import { SETUP_CODE, type RunningSite } from './running-site.ts';
import { button } from './walk.ts';

const MEMBER = { email: 'ops@acme.example', password: 'four plain words here' };

/** Signs in to the dashboard at `origin`. The first time, it is set up with `code`. */
export async function signIn(page: Page, origin: string, code: string): Promise<void> {
  await page.goto(`${origin}/admin`);
  const setUp = page.getByRole('heading', { name: 'Create the first account' });
  await expect(setUp.or(page.getByRole('heading', { name: 'Sign in' }))).toBeVisible();
  const first = await setUp.isVisible();
  if (first) await page.getByLabel('Setup code').fill(code);
  await page.getByLabel(/email/i).fill(MEMBER.email);
  await page.getByLabel(/password/i).fill(MEMBER.password);
  // Hashing the password takes most of a second of one processor, and more where others use it too.
  await button(page, first ? 'Create account' : 'Sign in').click({ timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
}

/** Opens the dashboard on a desk: sets it up the first time, signs in afterwards. */
export async function openDashboard(
  browser: Browser,
  { origin }: RunningSite,
  opened: (context: BrowserContext) => void = () => {},
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: 1280, height: 800 },
    isMobile: false,
    hasTouch: false,
  });
  opened(context);
  const page = await context.newPage();
  await signIn(page, origin, SETUP_CODE);
  await expect(page.getByRole('heading', { name: 'Forms', level: 1 })).toBeVisible();
  return page;
}

/**
 * Goes to the newest submission of a person: over the list of forms, and the form's list of submissions.
 * @param reference where others can have sent the same form under this name: the one to open
 */
export async function openSubmission(page: Page, formTitle: string, person: string, reference = ''): Promise<void> {
  await page.goto('/admin');
  await page.getByRole('link', { name: formTitle, exact: true }).click();
  await expect(page.getByRole('heading', { name: formTitle, level: 1 })).toBeVisible();
  // Tests type faster than people, so that Flipsite takes some of them for robots. Those have a list of their own.
  const list = page.url();
  const row = page.getByRole('row').filter({ hasText: reference });
  const link = row.getByRole('link', { name: person, exact: true }).first();
  await page.goto(`${list}?status=quarantined`);
  if (!(await link.isVisible())) await page.goto(list);
  await link.click();
  await expect(page.getByRole('heading', { name: person, level: 1 })).toBeVisible();
}

/** The answers on a submission's page. */
export async function answersOn(page: Page): Promise<[label: string, shown: string][]> {
  const answers = page.getByRole('region', { name: 'Answers', exact: true });
  const labels = await answers.getByRole('term').allInnerTexts();
  const shown = await answers.getByRole('definition').allInnerTexts();
  return labels.map((label, index) => [label, shown[index] ?? '']);
}

/** The lines of the timeline, with the technical details. */
async function lines(page: Page): Promise<string[]> {
  await page.getByLabel('Show technical details').check();
  return page.getByRole('region', { name: 'Timeline' }).getByRole('listitem').allInnerTexts();
}

/** The widget's callbacks in the timeline, by Smile's names; a UI event by its screen. */
export async function callbacksOn(page: Page): Promise<string[]> {
  const told = (await lines(page)).map((line) => /\b(on(?:Account|Uploads|UI|Token|Close)\w*)(?:, (\w+))?/.exec(line));
  return told.flatMap((match) => (match ? [match[2] ?? match[1] ?? ''] : []));
}

/** Expects all callbacks. A callback that a webhook reports too has the place of the first of both. */
export async function expectCallbacks(page: Page, names: string[]): Promise<void> {
  expect((await callbacksOn(page)).toSorted()).toEqual(names.toSorted());
}

/** The webhooks in the timeline, by Smile's types. */
async function webhooksOn(page: Page): Promise<string[]> {
  const told = (await lines(page)).filter((line) => line.includes('Webhook'));
  return told.flatMap((line) => line.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? []);
}

/** Expects an account's webhooks of Smile, once all of them have arrived: the data comes before the end of reading. */
export async function expectWebhooks(page: Page, added: string[], before: string[] = []): Promise<void> {
  await expect(async () => {
    await page.reload();
    expect(await webhooksOn(page)).toContain('TASK_FINISHED');
  }).toPass();
  const told = await webhooksOn(page);
  const rest = ['USER_CREATED', 'ACCOUNT_CREATED', ...before, 'ACCOUNT_CONNECTED', 'TASK_STARTED', 'TASK_FINISHED'];
  expect(told.filter((type) => rest.includes(type))).toEqual(rest);
  expect(told).toEqual(expect.arrayContaining(added));
}
