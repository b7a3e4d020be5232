/** A form that asks for a proof of work, on a bad network. */
import { expect, siteWith, test } from '../site-test.ts';
import { button, heading, openForm } from '../walk.ts';

const PROVEN = `
title: Proven
proof_of_work: true
screens:
  - id: who
    title: Who?
    fields:
      - { id: name, type: text, label: Name }
endings:
  - { id: done, title: Thank you }
`;

test.use({ kind: siteWith({ proven: PROVEN }) });

test('a person is not called a robot because the network lost the code for the proof', async ({ page, site }) => {
  await openForm(page, '/proven');
  const address = await page.evaluate(
    () =>
      (JSON.parse(document.getElementById('flipsite')?.textContent ?? '') as { chunks: { solve: string } }).chunks
        .solve,
  );
  let lost = 0;
  await page.route(`**${address}*`, (route) => (lost++ < 1 ? route.abort() : route.continue()));
  await page.getByRole('textbox', { name: 'Name' }).fill('Ana');
  await button(page, 'Send').click();
  await expect(heading(page, 'Thank you')).toBeVisible();
  const [sent] = await site.submissions('proven');
  expect(sent).toMatchObject({ status: 'submitted', quarantined: false });
  expect(lost).toBeGreaterThan(1);
});
