/** Smile in the dashboard: its state, and the actions of members. */
import type { SmileAdmin } from '../dashboard/smile-connection/smile.ts';
import type { Services } from '../respond/services.ts';
import { registerWebhook, webhookState } from '../respond/smile/register.ts';
import { replayWebhooks } from '../respond/smile/webhook.ts';
import { explainSmileError, SmileError } from '../smile/error.ts';
import { webhookAddress } from '../smile/webhook-address.ts';

export interface SmileAdminOptions {
  /** Whether it is local Smile. */
  local: boolean;
  /** Whether WEBHOOK_SECRET is set. */
  secretSet: boolean;
  /** Where Smile reaches the site, if known. */
  site: string | undefined;
}

/** @returns the actions for the dashboard; a failed one returns its message */
export function smileAdmin(services: Services, { local, secretSet, site }: SmileAdminOptions): SmileAdmin {
  const address = site && webhookAddress(site);
  return {
    local,
    address,
    byHand: !local && secretSet,
    async webhook() {
      const { own, atSmile, missed, fault, lastAt } = await webhookState(services, address);
      return { since: own?.createdAt, active: atSmile?.active, missed, fault, lastAt };
    },
    async register() {
      if (!address) return 'Set PUBLIC_ORIGIN first.';
      try {
        await registerWebhook(services, address);
        return undefined;
      } catch (error) {
        if (!(error instanceof SmileError)) throw error;
        return `The webhook was not registered. ${explainSmileError(error)} Flipsite accepts the same updates as before. Try again.`;
      }
    },
    replay: () => replayWebhooks(services),
  };
}
