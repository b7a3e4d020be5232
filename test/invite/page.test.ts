/** The page of an invitation, before its script knows the person. */
import { expect, it } from 'vitest';
import { openSmallSite, PLAIN, send } from '../helpers/api/client.ts';

const FILLED_IN = 'We’ve filled in the answers that we already know.';

it('speaks of filled-in answers only where the name or the email address fills in a field', async () => {
  const forms = { none: `${PLAIN}invite: {}\n`, named: `${PLAIN}invite: { name: full_name }\n` };
  const site = await openSmallSite({ forms });
  expect((await send(site, 'GET', '/none/invite/en')).text).not.toContain(FILLED_IN);
  expect((await send(site, 'GET', '/named/invite/en')).text).toContain(FILLED_IN);
  await site.close();
});
