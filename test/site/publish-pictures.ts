/** The pictures of the guide for publishers: a form from its template to its first result, as the guide tells it. */
import type { Browser, Page } from 'playwright';
import { PHONE as AGENT } from '../helpers/api/opened.ts';
import { openDashboard } from './dashboard.ts';
import type { RunningSite } from './running-site.ts';
import { button, heading, openForm, widgetOn, words } from './walk.ts';

const LINK = 'flyer-quiapo';
const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 360, height: 740 };

/** @returns pictures by name, each in the order in which they are beside each other */
export async function publishPictures(browser: Browser, site: RunningSite): Promise<Record<string, Buffer[]>> {
  const taken: Record<string, Buffer[]> = {};
  const member = await openDashboard(browser, site);
  const take = async (name: string) => (taken[name] = [await member.screenshot()]);
  const outline = member.getByRole('region', { name: 'Outline' });
  const panel = member.getByRole('region', { name: 'Edit' });
  const part = (name: RegExp) => outline.getByRole('button', { name }).first();
  const open = (tab: string) =>
    member.getByRole('navigation', { name: 'Form' }).getByRole('link', { name: tab }).click();
  await member.setViewportSize(DESKTOP);

  await member.goto('/admin/forms/new');
  await member.getByRole('radio', { name: /Gig onboarding/ }).check();
  await member.getByLabel('Title', { exact: true }).fill('Drive with us in Manila');
  await member.evaluate(() => scrollTo(0, 0));
  await take('new-form');
  await button(member, 'Create form').click();
  await member.waitForURL('**/edit');

  await part(/The form/).click();
  const company = panel.getByLabel('Company name');
  if (!(await company.isVisible())) await panel.getByText('Brand', { exact: true }).click();
  await company.fill('Padyak Express');
  await part(/Can you ride with us/).click();
  await panel.getByLabel('Title (English)').fill('Can you drive with us in Manila?');
  await previewShows(member, 'Can you drive with us in Manila?');
  await toEditor(member);
  await take('outline');

  await part(/Mobile number/).click();
  await outline.getByRole('button', { name: 'Add a question after “Mobile number”' }).click();
  await outline.getByLabel('New question').fill('Do you have a smartphone?');
  await outline.getByLabel('Kind of answer').selectOption('Yes or no');
  await toEditor(member);
  await take('add-question');
  await button(outline, 'Add question').click();
  await panel.getByLabel('Question (Filipino)').fill('May smartphone ka ba?');
  await panel.getByLabel('People must answer this').check();

  await part(/About you/).click();
  await button(panel, 'Another rule').click();
  const added = panel.getByRole('group', { name: 'New rule' });
  await added.getByLabel('Question').selectOption('Do you have a smartphone?');
  await added.getByLabel('Answer').selectOption('No');
  await added.getByLabel('Go to').selectOption('Not yet');
  const rule = panel.getByRole('group', { name: 'Rule 2' });
  await button(rule, 'Move rule 2 up').click();
  await toEditor(member);
  await panel.getByRole('group', { name: 'Rule 1' }).evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await outline.getByText(/if Do you have a smartphone/).scrollIntoViewIfNeeded();
  await take('rule');

  await part(/Languages/).click();
  await panel.getByText('Show only missing and old texts').waitFor();
  await panel.evaluate((element) => element.scrollTo(0, 0));
  await toEditor(member);
  await take('languages');
  await part(/About you/).click();
  await member.getByRole('link', { name: 'Map', exact: true }).click();
  await button(member, 'Fit to width').click();
  await toEditor(member);
  await take('map');

  await open('Preview');
  await member.frameLocator('iframe').first().getByRole('heading', { level: 1 }).first().waitFor();
  await take('preview');

  await open('Edit');
  await button(member, 'Publish…').click();
  await button(member, 'Publish now').waitFor();
  await take('publish');
  await button(member, 'Publish now').click();
  await member.getByText('Version 1 is live, by you').waitFor();

  await open('Share');
  const cards = member.getByRole('region', { name: 'In social networks' });
  await cards.getByRole('img').first().evaluate((picture: HTMLImageElement) => picture.decode()); // prettier-ignore
  await cards.evaluate((element) => element.scrollIntoView({ block: 'end' }));
  await take('share');
  await member.evaluate(() => scrollTo(0, 0));
  await member.getByLabel('Name', { exact: true }).fill('Flyer Quiapo');
  await member.getByLabel('Where').first().selectOption('Print');
  await button(member, 'Create link').click();
  await member.waitForURL(`**/links/${LINK}**`);
  await take('link');

  taken['person'] = await answer(browser, site);
  await open('Results');
  // Flipsite counts no clicks and openings of a browser that a program steers, so the picture begins below them.
  await member.getByRole('row', { name: /^Started/ }).evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await take('results');
  await open('People');
  await member.getByText('Ana Reyes').first().waitFor();
  await take('people');
  await member.getByRole('link', { name: 'Ana Reyes' }).first().click();
  await member.getByRole('region', { name: 'Timeline' }).waitFor();
  await member.setViewportSize({ ...DESKTOP, height: PHONE.height });
  taken['readme'] = [...(taken['person'] ?? []).slice(0, 1), await member.screenshot()];
  await member.context().close();
  return taken;
}

/** Brings the whole editor into the window, once its text is saved. */
async function toEditor(page: Page): Promise<void> {
  await page.getByText(/^Draft, saved \d\d:\d\d$/).waitFor();
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
}

const previewShows = (page: Page, title: string) =>
  page.frameLocator('iframe').first().getByRole('heading', { name: title }).waitFor();

/** Ana comes by the link on her phone, connects her account and sends the form. */
async function answer(browser: Browser, { origin }: RunningSite): Promise<Buffer[]> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: PHONE,
    isMobile: true,
    hasTouch: true,
    userAgent: AGENT,
  });
  const page = await context.newPage();
  const choose = (question: RegExp, option: string) =>
    page.getByRole('radiogroup', { name: question }).getByRole('radio', { name: option, exact: true }).check();
  await openForm(page, `/go/${LINK}`);
  await choose(/Are you 18/, 'Yes');
  await choose(/What will you use/, 'Bicycle or e-bike');
  await page.getByLabel('Where do you want to work?').selectOption('Metro Manila');
  await page.evaluate(() => scrollTo(0, 0));
  const first = await page.screenshot();
  await button(page, words.en.next).click();
  await page.getByLabel('Full name').fill('Ana Reyes');
  await page.getByLabel('Mobile number').fill('0917 123 4567');
  await choose(/smartphone/, 'Yes');
  await choose(/ride or drive for an app/, 'Yes');
  await page.getByRole('checkbox', { name: 'Grab' }).check();
  await page.getByRole('checkbox', { name: /I agree/ }).check();
  await button(page, words.en.next).click();
  await button(page, words.en.connect).waitFor();
  const connect = await page.screenshot();
  await button(page, words.en.connect).click();
  const widget = widgetOn(page);
  await widget.signInAt('Grab', '123456');
  await widget.press('Done');
  await page.getByRole('listitem').filter({ hasText: 'Grab' }).waitFor();
  await button(page, words.en.next).click();
  await heading(page, 'Your first day').waitFor();
  await page.getByLabel('When could you start?').fill(new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10));
  await button(page, words.en.send).click();
  await page.getByText(words.en.reference).waitFor();
  const end = await page.screenshot();
  await context.close();
  return [first, connect, end];
}
