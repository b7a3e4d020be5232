/** Asks Smile whether it accepts the keys of the site, and whether it has its webhook. */
import type { SealKeys } from '../../record/crypto/seal.ts';
import { openSecret } from '../../record/webhook-registrations.ts';
import { createSmileClient, type SmileClientOptions } from '../../smile/client.ts';
import { explainSmileError, SmileError } from '../../smile/error.ts';
import { explainMissed, webhookAddress } from '../../smile/webhook-address.ts';
import type { DoctorFinding } from './finding.ts';

/** The webhook that this site registered, in the words of the database. */
export type RegisteredWebhook = { id: string; secret: string; smile_id: string };

/** For all tries together. A person waits at the terminal. */
const BUDGET_MS = 5_000;

const REGISTER = 'Accounts are confirmed more slowly. Run npm run smile -- register';

/**
 * @param options undefined where local Smile takes the place of Smile
 * @param own undefined if this site registered none
 * @param byHand whether WEBHOOK_SECRET is set, so that a webhook may exist that was created by hand
 * @param site its address, and its keys unless one is missing, which another check says
 */
export async function checkSmile(
  options: SmileClientOptions | undefined,
  own: RegisteredWebhook | undefined,
  byHand: boolean,
  { keys, publicUrl }: { keys: SealKeys | undefined; publicUrl: string | undefined },
): Promise<DoctorFinding[]> {
  if (!options)
    return [{ level: 'note', message: 'Work accounts are linked at local Smile, a stand-in. To use Smile, set API_KEY, API_SECRET and OPEN_API_HOST.' }]; // prettier-ignore
  const unregistered: DoctorFinding[] =
    own || byHand
      ? []
      : [{ level: 'note', message: 'No Smile webhook is registered, and WEBHOOK_SECRET is not set, so accounts are confirmed more slowly. Run npm run smile -- register' }]; // prettier-ignore
  try {
    const client = createSmileClient({ ...options, timeoutMs: BUDGET_MS, budgetMs: BUDGET_MS });
    const webhook = (await client.listWebhooks()).find(({ id }) => id === own?.smile_id);
    const registered: DoctorFinding[] = !own
      ? []
      : !webhook
        ? [{ level: 'note', message: `Smile no longer has the webhook of this site. ${REGISTER}` }]
        : !webhook.active
          ? [{ level: 'note', message: `Smile has the webhook of this site, but it is not active. ${REGISTER}` }]
          : [aboutAddress(webhook.url, !keys || openSecret(keys, own).ok, publicUrl)];
    return [{ level: 'ok', message: 'Smile accepts the keys.' }, ...unregistered, ...registered];
  } catch (error) {
    if (!(error instanceof SmileError)) throw error;
    const message = `${explainSmileError(error)} ${remedyOf(error)}`.trim();
    return [{ level: 'error', message }, ...unregistered];
  }
}

function aboutAddress(url: string, hasSecret: boolean, publicUrl: string | undefined): DoctorFinding {
  const missed = explainMissed(url, hasSecret, publicUrl && webhookAddress(publicUrl));
  return missed
    ? { level: 'note', message: `${missed} ${REGISTER}` }
    : { level: 'ok', message: `Smile sends its webhooks to ${url}.` };
}

/** For the faults that are not explained with a remedy. */
function remedyOf({ kind, status = 0 }: SmileError): string {
  if (status >= 500 || status === 429) return 'Run npm run doctor again later.';
  return kind === 'refused' || kind === 'unexpected_answer' ? 'Check OPEN_API_HOST.' : '';
}
