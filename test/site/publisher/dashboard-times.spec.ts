/** The script of the dashboard shows times in the time zone of the reader. */
import { pageScript } from '../../../src/dashboard/display/page-script.ts';
import { expect, plainTest as test } from '../site-test.ts';

test('the time of a day, a time in an input and the name of the zone are those of the reader', async ({ browser }) => {
  const page = await browser.newPage({ timezoneId: 'America/Mexico_City' });
  await page.setContent(`
    <p>Each day begins at <span data-utc="2026-11-24T00:00:00.000Z">00:00</span> <span data-zone>(UTC)</span>.</p>
    <label for="since" data-zone>Created after (UTC)</label>
    <input id="since" type="datetime-local" value="2026-11-24T12:30" data-utc="2026-11-24T12:30:20.000Z">
    <input name="zone" type="hidden" value="UTC" data-zone>`);
  await page.addScriptTag({ content: pageScript, type: 'module' });
  await expect(page.getByText('Each day begins')).toHaveText('Each day begins at 18:00 (America/Mexico City).');
  await expect(page.getByLabel('Created after (America/Mexico City)')).toHaveValue('2026-11-24T06:30');
  await expect(page.locator('[name=zone]')).toHaveValue('America/Mexico_City');
  await page.close();
});
