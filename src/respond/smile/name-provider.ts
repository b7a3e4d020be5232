/** Asks Smile for the name of a provider, and stores it. */
import type { Job } from '../../record/jobs/jobs.ts';
import { storeProviderName } from '../../record/accounts/providers.ts';
import type { Services } from '../services.ts';

export async function nameProvider({ db, smile, now }: Services, { subject }: Pick<Job, 'subject'>): Promise<void> {
  const provider = (await smile.listProviders({ ids: [subject] })).find(({ id }) => id === subject);
  await storeProviderName(db, subject, provider?.name || null, now());
}
