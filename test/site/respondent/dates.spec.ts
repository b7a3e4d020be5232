/** Limits of dates that move with the calendar, on a page that stays open. */
import { expect, siteWith, test } from '../site-test.ts';
import { button, heading, openForm } from '../walk.ts';

const ACCIDENT = `
title: Accident
screens:
  - id: what
    title: What happened?
    fields:
      - { id: day, type: date, label: Day of the accident, required: true, max: today }
      - { id: report, type: date, label: Day of the report, max: today }
  - id: where
    title: Where?
    fields:
      - { id: place, type: text, label: Place }
endings:
  - { id: done, title: Thank you }
`;

test.use({ kind: siteWith({ accident: ACCIDENT }) });

test('takes the date of today on a page that was opened yesterday', async ({ page }) => {
  const now = new Date();
  await page.clock.install({ time: new Date(now.getTime() - 86_400_000) });
  await openForm(page, '/accident');
  await page.clock.setFixedTime(now);
  const day = page.getByLabel('Day of the accident');
  const today = await page.evaluate(() => new Date().toLocaleDateString('en-CA'));
  await day.focus();
  await expect(day).toHaveAttribute('max', today);
  await day.fill(today);
  await button(page, 'Continue').click();
  await expect(heading(page, 'Where?')).toBeVisible();
});

test('a date that is not complete stays in its field, and is an error', async ({ page }) => {
  await openForm(page, '/accident');
  await page.getByLabel('Day of the accident').fill('2020-01-31');
  await page.getByLabel('Day of the report').focus();
  await page.keyboard.type('0205');
  await button(page, 'Continue').click();
  await expect(page.getByText('Enter a date, with day, month and year').first()).toBeVisible();
  const isEmpty = () => page.getByLabel('Day of the report').evaluate((it: HTMLInputElement) => !it.validity.badInput);
  expect(await isEmpty()).toBe(false);
});

test('a date of another century gets the earliest day that a field without a limit takes', async ({ page }) => {
  await openForm(page, '/accident');
  await page.getByLabel('Day of the report').fill('1890-05-01');
  await button(page, 'Continue').click();
  await expect(page.getByText('Enter a date no earlier than January 1, 1900').first()).toBeVisible();
});
