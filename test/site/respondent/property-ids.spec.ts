/** A field can have the id of a property of its form: the browser then has its control as that property. */
import { RESERVED_IDS } from '../../../src/form/id.ts';
import { FORM_SIZES } from '../../../src/form/schema.ts';
import { expect, test } from '../site-test.ts';
import { button, heading } from '../walk.ts';

test('a form is filled in, continued elsewhere, reviewed and sent with a field for every property of a form @long', async ({
  page,
  site,
  browser,
}) => {
  const names = await page.evaluate(() => {
    const found: string[] = [];
    for (const name in document.createElement('form')) found.push(name);
    return found;
  });
  const ids = names.filter((name) => /^[a-z]+$/.test(name) && !RESERVED_IDS.includes(name));
  expect(ids).toEqual(expect.arrayContaining(['after', 'append', 'autocomplete', 'closest', 'dataset', 'elements', 'hidden', 'onsubmit', 'reset'])); // prettier-ignore
  const screens = Array.from({ length: Math.ceil(ids.length / FORM_SIZES.fieldsOnScreen) }, (_, at) => ({
    id: `screen_${at}`,
    title: `Screen ${at}`,
    fields: ids.slice(at * FORM_SIZES.fieldsOnScreen, (at + 1) * FORM_SIZES.fieldsOnScreen).map((id) => ({ id, type: 'text', label: `The ${id}` })), // prettier-ignore
  }));
  const own = { id: 'own', title: 'You', fields: [{ id: 'own_name', type: 'text', label: 'Name', required: true }, { id: 'pay', type: 'money', currency: 'PHP', label: 'Pay' }] }; // prettier-ignore
  const more = { id: 'more', title: 'More, {own_name}', fields: [{ id: 'own_note', type: 'text', label: 'Note' }] };
  const form = { title: 'Properties', review: true, screens: [own, ...screens, more], endings: [{ id: 'done', title: 'Thanks, {own_name}' }] }; // prettier-ignore
  site.publish('properties', JSON.stringify(form));
  await expect.poll(async () => (await fetch(`${site.origin}/properties`)).status).toBe(200);

  // With a field `dataset`, the mark for tests that the script has run is not on the form.
  await page.goto('/properties');
  await expect(button(page, 'Continue')).toBeVisible();
  await page.locator('[name=own_name]').fill('Ana');
  await page.locator('[name=pay]').fill('1,234');
  await button(page, 'Continue').click();
  for (const { title, fields } of screens) {
    await expect(heading(page, title)).toBeVisible();
    for (const { id } of fields) await page.locator(`input[name=${id}]`).fill(`my ${id}`);
    await button(page, 'Continue').click();
  }
  await expect(heading(page, 'More, Ana')).toBeVisible();
  await expect(page.getByRole('status')).toHaveText('Your answers are saved.');
  await expect(button(page, 'Finish later')).toBeVisible();

  const kept = await page.evaluate(() => JSON.parse(localStorage.getItem('flipsite:properties') ?? '{}') as { id: string; token: string }); // prettier-ignore
  const elsewhere = await browser.newContext({ baseURL: site.origin });
  const other = await elsewhere.newPage();
  await other.goto(`/properties#resume=${kept.id}.${kept.token}`);
  await button(other, 'Yes, continue').click();
  await expect(heading(other, 'More, Ana')).toBeVisible();
  await button(other, 'This isn’t my phone').click();
  await expect(other.getByRole('status')).toContainText('no longer saved on this device');
  await other.reload();
  await expect(heading(other, 'You')).toBeVisible();
  await expect(other.locator('[name=own_name]')).toHaveValue('');
  await elsewhere.close();

  await button(page, 'Continue').click();
  await expect(heading(page, 'Check your answers')).toBeVisible();
  await expect(page.locator('#s-review')).toContainText('my elements');
  await expect(page.locator('#s-review')).toContainText('1,234');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thanks, Ana')).toBeVisible();
  const [stored] = await site.submissions('properties');
  expect(stored).toMatchObject({ status: 'submitted', answers: { ...Object.fromEntries(ids.map((id) => [id, `my ${id}`])), pay: 1_234 } }); // prettier-ignore

  await page.getByRole('button', { name: 'Fill in this form again' }).click();
  await expect(heading(page, 'You')).toBeVisible();
  await expect(page.locator('[name=own_name]')).toHaveValue('');
});
