/** Limits that the page's script repeats, because the table would make the script larger. */
import { expect, it } from 'vitest';
import { MAX_EVENT_CHARACTERS } from '../../src/browser/chunks/saving/sync.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';

it('the page sends the data of an event up to the limit of the server', () => {
  expect(MAX_EVENT_CHARACTERS).toBe(SITE_LIMITS.eventDataCharacters.value);
});
