/** A site whose clock tests move, and a local Smile that sends no webhooks. So the site knows only the things that it asked for. */
import { defaultKeys } from '../../src/local-smile/local-smile.ts';
import type { Settings } from '../../src/local-smile/control/settings.ts';
import { runDue } from '../../src/record/jobs/worker.ts';
import { beforeConnect, openSmallSite, WEBHOOK_SECRET, type Draft } from '../helpers/api/client.ts';
import { ask, type TestSite } from '../helpers/site.ts';
import { startSmile, type RunningSmile } from '../local-smile/smile.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface SilentSmile {
  site: TestSite;
  smile: RunningSmile;
  /** The time it is at the site, in milliseconds. */
  now(): number;
  /** Lets time pass at the site, and all that falls due be done, `stepMs` at a time. */
  pass(ms: number, stepMs?: number): Promise<void>;
  /** Does all that is due at this moment. */
  settle(): Promise<void>;
  /** A person who stands before the Wink screen. */
  begin(): Promise<Draft>;
  /** A person who has the widget open. */
  open(): Promise<{ draft: Draft; userId: string; accessToken: string }>;
  /** A person signs in at Smile, and no report arrives at the site. */
  link(userId: string, more?: { password?: string; providerId?: string }): Promise<string>;
  accounts(draft: Draft): Promise<{ accountId: string; status: string; confirmed: boolean }[]>;
  /** The submission of a draft, as the API for integrators has it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read loosely, as a client would
  submissionOf(draft: Draft): Promise<any>;
  close(): Promise<void>;
}

/**
 * @param forms by slug, or made once Smile is there
 * @param webhooks whether Smile's webhooks reach the site after all
 * @param runs whether the clock runs by itself in between, as clocks do
 */
export async function openSilentSmile({
  forms,
  webhooks = false,
  settings = {},
  runs = false,
}: {
  forms?: Record<string, string> | ((smile: RunningSmile) => Promise<Record<string, string>>);
  webhooks?: boolean;
  settings?: Partial<Settings>;
  runs?: boolean;
} = {}): Promise<SilentSmile> {
  const smile = await startSmile(settings);
  const keys = { API_KEY: defaultKeys.apiKey, API_SECRET: defaultKeys.apiSecret, OPEN_API_HOST: `${smile.origin}/v1` };
  let set = Date.now();
  const begun = performance.now();
  const time = (): number => set + (runs ? Math.round(performance.now() - begun) : 0);
  const given = typeof forms === 'function' ? await forms(smile) : forms;
  const site = await openSmallSite({ env: keys, now: () => new Date(time()), ...(given && { forms: given }) });
  if (webhooks) smile.smile.registerWebhook({ url: `${site.origin}/api/webhooks/smile`, secret: WEBHOOK_SECRET });
  const log = { warn: () => {} };

  async function settle(): Promise<void> {
    for (;;) {
      await runDue({ db: site.db, jobs: site.jobs, now: () => new Date(time()), log, random: () => 1 });
      const due = await site.db.query
        .selectFrom('jobs')
        .select('id')
        .where('failed_at', 'is', null)
        .where((column) =>
          column.or([column('due_at', '<=', new Date(time()).toISOString()), column('leased_until', 'is not', null)]),
        )
        .execute();
      if (!due.length) return;
      await new Promise((go) => setTimeout(go, 10));
    }
  }

  const submissionOf = (draft: Draft) => ask(site, `submissions/${draft.id}`);
  return {
    site,
    smile,
    now: time,
    settle,
    submissionOf,
    async pass(ms, stepMs = ms) {
      for (const end = set + ms; set < end;) {
        set = Math.min(set + stepMs, end);
        await settle();
      }
    },
    begin: () => beforeConnect(site),
    async open() {
      const draft = await beforeConnect(site);
      const { body } = await draft.post('link-token', { screen: 'connect' });
      return { draft, userId: body.userId, accessToken: body.accessToken };
    },
    async link(userId, { password = '123456', providerId = 'grab' } = {}) {
      const { body } = await smile.call('POST', '/__local/accounts', { userId, providerId, userName: 'George', password }); // prettier-ignore
      await smile.accountWhen(body.accountId, password === '123456' ? 'CONNECTED' : 'ERROR');
      return body.accountId as string;
    },
    accounts: async (draft) => ((await submissionOf(draft)) as { accounts: [] }).accounts,
    async close() {
      await site.close();
      await smile.stop();
    },
  };
}
