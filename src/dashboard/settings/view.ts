/**
 * The data of the page with the settings of the site: the values, whether they work, and the changes that the operator
 * must make.
 */
import { listAllFailedJobs } from '../smile-connection/failed-jobs.ts';
import { countDeliveries } from '../../record/delivery-queries.ts';
import type { DeliveryStatus } from '../../record/deliveries.ts';
import { lastWebhookAt } from '../../record/event-queries.ts';
import { findOwnWebhook } from '../../record/webhook-registrations.ts';
import { siteAddress, type DashboardContext } from '../context.ts';
import type { StateLabel } from '../display/account-words.ts';
import { addressWarning } from '../share/public-address.ts';
import { lastUpdateOf, type LastUpdate } from '../smile-connection/smile.ts';

/** The settings of the person who runs Flipsite, from the environment. It has no secret. */
export interface SiteSetup {
  /** The mail server and the sender. Absent while email is off. */
  mail: { host: string; from: string } | undefined;
  /** Whether programs can use the API. */
  hasApiKey: boolean;
  /** Whether the key that encrypts stored data is in the environment, and not in the folder of data. */
  hasSecretKey: boolean;
}

export type SettingsView = {
  address: string;
  /** Why people outside cannot open the address. */
  addressWarning: string | undefined;
  email: {
    state: StateLabel;
    /** Whether anything leaves the site. */
    outgoing: boolean;
    mail: SiteSetup['mail'];
    /** Messages in each status, up to 1,000 each. */
    counts: Record<DeliveryStatus, number>;
  };
  /** Absent on a site without a connection to Smile. `last`: see `lastUpdateOf` */
  smile: { state: StateLabel; isTest: boolean; last: LastUpdate | undefined; failed: number } | undefined;
  keys: Pick<SiteSetup, 'hasApiKey' | 'hasSecretKey'>;
};

export async function settingsPageView(c: DashboardContext): Promise<SettingsView> {
  const { db, mailing = false, outgoing = true, smile, siteSetup } = c.var.options;
  const address = siteAddress(c);
  const [counts, lastAt, own, failed] = await Promise.all([countDeliveries(db), lastWebhookAt(db), findOwnWebhook(db), listAllFailedJobs(db)]); // prettier-ignore
  return {
    address,
    addressWarning: addressWarning(address),
    email: { state: mailing && outgoing ? ON : OFF, outgoing, mail: siteSetup?.mail, counts },
    smile: smile && {
      state: smile.local ? { icon: 'half', word: 'Test mode' } : KEYS_SET,
      isTest: smile.local,
      last: lastUpdateOf(smile, { since: own?.createdAt, lastAt }),
      failed: failed.length,
    },
    keys: { hasApiKey: siteSetup?.hasApiKey ?? false, hasSecretKey: siteSetup?.hasSecretKey ?? false },
  };
}

const ON: StateLabel = { icon: 'ok', word: 'On', tone: 'ok' };
/** Only Smile knows whether the keys are right, and this page does not ask it. */
const KEYS_SET: StateLabel = { icon: 'half', word: 'Keys set' };
const OFF: StateLabel = { icon: 'warn', word: 'Off', tone: 'warn' };
