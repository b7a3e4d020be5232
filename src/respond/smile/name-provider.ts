/** Asks Smile what it calls a provider. */
import type { Owed } from '../../record/owed/owed.ts';
import { storeProviderName } from '../../record/providers.ts';
import type { Services } from '../services.ts';

export async function nameProvider({ db, smile, now }: Services, { subject }: Pick<Owed, 'subject'>): Promise<void> {
  const found = (await smile.listProviders({ ids: [subject] })).find(({ id }) => id === subject);
  await storeProviderName(db, subject, found?.name || null, now());
}
