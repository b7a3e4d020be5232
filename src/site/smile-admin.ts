/** What the dashboard shows and does about Smile. */
import type { SmileAdmin } from '../dashboard/smile-connection/smile.ts';
import type { Services } from '../respond/services.ts';
import { registerWebhook, webhookState } from '../respond/smile/register.ts';
import { replayWebhooks } from '../respond/smile/webhook.ts';
import { SmileError } from '../smile/error.ts';

export interface SmileAdminOptions {
  /** Whether it is local Smile. */
  local: boolean;
  /** Whether the webhook's secret was set by hand. */
  secretGiven: boolean;
  /** Where Smile reaches the site, as far as that is known. */
  site: string | undefined;
}

/** Asks Smile for what a member asks the dashboard for; what cannot be done is answered in words. */
export function smileAdmin(services: Services, { local, secretGiven, site }: SmileAdminOptions): SmileAdmin {
  const address = site && `${site.replace(/\/$/, '')}/api/webhooks/smile`;
  return {
    local,
    address,
    byHand: !local && secretGiven,
    async webhook() {
      const { own, there, fault, lastAt } = await webhookState(services);
      return { since: own?.createdAt, active: there?.active, fault, lastAt };
    },
    async register() {
      if (!address) return 'Set PUBLIC_ORIGIN first.';
      try {
        await registerWebhook(services, address);
        return undefined;
      } catch (error) {
        if (!(error instanceof SmileError)) throw error;
        return `It could not be registered: ${error.message}. The one before stays; try again.`;
      }
    },
    replay: () => replayWebhooks(services),
  };
}
