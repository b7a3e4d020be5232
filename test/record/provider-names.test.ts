/** The names of providers, which come from Smile. */
import { expect, it } from 'vitest';
import { providerNames, storeProviderName, withProvider } from '../../src/record/accounts/providers.ts';
import { NOW, temporaryDatabase } from '../helpers/database.ts';

it('names providers without characters that hide or turn the text around them', async () => {
  const db = await temporaryDatabase();
  await storeProviderName(db, 'grab', '\u202eGrab\u2066 Phil\u200bippines', NOW);
  await storeProviderName(db, 'empty', '\u202e', NOW);
  const rows = await db.query.selectFrom('providers').select('name').where('id', '=', 'grab').execute();
  expect(rows).toEqual([{ name: 'Grab Philippines' }]);
  expect(await providerNames(db, ['grab', 'empty'])).toEqual(new Map([['grab', 'Grab Philippines']]));
  const accounts = await withProvider(db, [{ providerId: 'empty' }, { providerId: 'toki' }]);
  expect(accounts.map(({ provider }) => provider)).toEqual(['empty', 'toki']);
});
