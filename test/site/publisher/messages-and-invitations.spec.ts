/** Deliveries and invitations on a phone: every state can be read and used by everyone. */
import type { Page } from 'playwright/test';
import { enqueueDelivery, recordAttempt, type DeliveryStatus } from '../../../src/record/deliveries.ts';
import { openTestSite, removeFolder, SETUP_CODE, type TestSite } from '../../helpers/site.ts';
import { send } from '../../deliver/forms.ts';
import { INVITING } from '../../invite/forms.ts';
import { expectAccessible } from '../accessible.ts';
import { expect, plainTest as test } from '../site-test.ts';

let site: TestSite;
test.beforeAll(async () => {
  const forms = { driver: INVITING.replace('invite:', 'notify: [{ email: ops@acme.example }]\ninvite:') };
  site = await openTestSite({ forms, env: { RATE_LIMIT: 'off' } });
});
test.afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

async function signIn(page: Page): Promise<void> {
  await page.goto(`${site.origin}/admin`);
  if (await page.getByLabel('Setup code').count()) await page.getByLabel('Setup code').fill(SETUP_CODE);
  await page.getByLabel(/email/i).fill('ops@acme.example');
  await page.getByLabel(/password/i).fill('four plain words here');
  await page.getByRole('button').first().click();
  await expect(page.getByRole('heading', { name: 'Forms', level: 1 })).toBeVisible();
}

/** A delivery that has come to this. */
async function delivery(status: DeliveryStatus, target: string): Promise<void> {
  // Not due yet, so that the site does not send it before its job is deleted.
  const inAnHour = new Date(Date.now() + 3_600_000);
  await enqueueDelivery(site.db, { form: 'driver', channel: 'webhook', target, cause: 'submitted' }, new Date(), inAnHour); // prettier-ignore
  const { id } = await site.db.query
    .selectFrom('deliveries')
    .select('id')
    .where('target', '=', target)
    .executeTakeFirstOrThrow();
  await site.db.query.deleteFrom('jobs').where('subject', '=', id).execute();
  const attempt = {
    at: new Date().toISOString(),
    ok: status === 'sent',
    status: 500,
    message: 'The disk is full',
    tookMs: 9,
  };
  await recordAttempt(site.db, id, attempt, status, new Date());
}

test('deliveries: none, sent, failed, trying again, kept, and one with its email @long', async ({ page }) => {
  await signIn(page);
  await page.getByRole('link', { name: 'Messages' }).click();
  await expect(page.getByRole('heading', { name: 'No messages yet' })).toBeVisible();
  await expectAccessible(page, 'empty');
  await send(site, { full_name: 'Ana Ruiz', email: 'ana@mail.example' }, 'more');
  for (const status of ['sent', 'failed', 'waiting'] as const) await delivery(status, `https://acme.example/hooks/of-some-length/${status}`); // prettier-ignore
  await expect(async () => {
    await page.goto(`${site.origin}/admin/messages?form=driver`);
    await expect(page.getByText('Not sent: email is off', { exact: true })).toBeVisible({ timeout: 500 });
  }).toPass();
  for (const word of ['Sent', 'Failed', 'Trying again'])
    await expect(page.getByText(word, { exact: true })).toBeVisible();
  await expectAccessible(page, 'list');
  await page.getByRole('link', { name: 'Email to ops@acme.example' }).click();
  await expect(page.getByRole('region', { name: 'The email' })).toContainText('Ana Ruiz');
  await expect(page.getByRole('region', { name: 'Attempts' })).toContainText('Ask the person who runs Flipsite');
  await expectAccessible(page, 'one');
  await page.goBack();
  await page.getByRole('link', { name: /^Webhook to .*failed$/ }).click();
  await page.getByLabel('To another address').fill('https://acme.example/new');
  await page.getByRole('button', { name: 'Send to this address' }).click();
  await expect(page.getByText('Sending it to the other address too.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Webhook to https://acme.example/new' })).toBeVisible();
});

test('invitations: none, an error beside its field, errors of a file by line, people, and one erased @long', async ({
  page,
}) => {
  await signIn(page);
  await page.goto(`${site.origin}/admin/forms/driver/invitations`);
  await expect(page.getByRole('heading', { name: 'No one is invited yet' })).toBeVisible();
  await expectAccessible(page, 'nobody');
  const one = page.getByRole('region', { name: 'Invite one person' });
  await one.getByLabel('Full name').fill('Ana Ruiz');
  await one.getByLabel('Email', { exact: true }).fill('ana@mail');
  await one.getByRole('button', { name: 'Invite' }).click();
  await expect(one.getByLabel('Email', { exact: true })).toHaveAccessibleDescription(/is not an email address/);
  await expect(one.getByLabel('Full name')).toHaveValue('Ana Ruiz');
  await expectAccessible(page, 'fault');
  await one.getByLabel('Email', { exact: true }).fill('ana@mail.example');
  await one.getByRole('button', { name: 'Invite' }).click();
  await expect(page.getByText('1 invitation is ready')).toBeVisible();

  const many = page.getByRole('region', { name: 'Invite many' });
  const upload = async (text: string) => {
    await many.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }); // prettier-ignore
    await many.getByRole('button', { name: 'Invite all' }).click();
  };
  await upload('name,email\nBen,nobody\n,cora@mail.example\n');
  await expect(many.getByRole('alert')).toContainText('The file has 2 errors. No one was invited.');
  await expect(many.getByRole('alert')).toContainText('Line 3: The name is missing.');
  await expectAccessible(page, 'faults of a file');
  await upload('name;email\nAna;ana@mail.example\nBen;ben@mail.example\n');
  await expect(many.getByRole('alert')).toContainText('1 person is already invited.');
  await expect(many.getByLabel('Skip people who are already invited')).toBeChecked();
  await upload('name;email\nAna;ana@mail.example\nBen;ben@mail.example\n');
  await expect(page.getByText('1 person had an invitation already, and got no second one.')).toBeVisible();
  await expectAccessible(page, 'people');
  await page.getByRole('button', { name: 'Withdraw the invitation of Ben' }).click();
  await expect(page.getByText('Withdrawn', { exact: true })).toBeVisible();
  const erase = page.getByRole('button', { name: 'Yes, delete it: the invitation of Ben' });
  await expect(erase).toBeHidden();
  await page.getByLabel('Delete the invitation of Ben', { exact: true }).press('Enter');
  await expect(erase).toBeVisible();
  await expectAccessible(page, 'asked whether to erase');
  await erase.click();
  await expect(page.getByText('The invitation is deleted. You can invite the person again.')).toBeVisible();
  await expect(page.getByText('ben@mail.example')).toHaveCount(0);
  await expect(page.getByText('ana@mail.example')).toBeVisible();
});

test('a ticked form chooses “Only the forms that are ticked here”, and only a reviewer has private answers', async ({
  page,
}) => {
  await signIn(page);
  await page.goto(`${site.origin}/admin/team`);
  const adding = page.locator('form').filter({ has: page.getByLabel('Email') });
  await expect(adding.getByLabel('All forms')).toBeChecked();
  await adding.locator('[name=form]').check();
  await expect(adding.getByLabel('Only the forms that are ticked here:')).toBeChecked();
  await expect(adding.getByLabel('A reviewer may see')).toBeHidden();
  await adding.getByRole('radio', { name: 'Reviewer: sees people' }).check();
  await expect(adding.getByLabel('A reviewer may see')).toBeVisible();
});
