/** An answer that can be sent only once, and a person who sends it again and again. */
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { expect, siteWith, test } from '../site-test.ts';
import { button, openForm, referenceOn } from '../walk.ts';
import { ONCE } from './once.ts';

test.use({ kind: siteWith({ once: ONCE }) });

test('a person who sends a taken answer too often reads how long to wait', async ({ page, browser, site }) => {
  const first = await browser.newPage({ baseURL: site.origin });
  await openForm(first, '/once');
  await first.getByRole('textbox', { name: 'Email' }).fill('ana@mail.example');
  await button(first, 'Send').click();
  await referenceOn(first);
  await first.close();

  await openForm(page, '/once');
  const errors = page.locator('.summary').getByRole('link');
  for (let tries = 0; tries < SITE_LIMITS.takenAnswersPerSubmission.value; tries++) {
    await page.getByRole('textbox', { name: 'Email' }).fill('ana@mail.example');
    const answer = page.waitForResponse('**/submit');
    await button(page, 'Send').click();
    expect((await answer).status()).toBe(422);
    await expect(errors).toHaveText([/^Someone has already sent this form/]);
  }
  await page.getByRole('textbox', { name: 'Email' }).fill('ben@mail.example');
  await button(page, 'Send').click();
  await expect(errors).toHaveText(['Too many attempts. Wait 24 hours, and try again.']);
  await expect(page.locator('#status')).toHaveText('');
  await expect(button(page, 'Send')).toBeEnabled();
});
