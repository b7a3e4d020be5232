/** The events alone are enough to draw the funnel again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listAccounts } from '../../src/record/accounts/accounts.ts';
import type { RecordedEvent } from '../../src/record/events.ts';
import { listEvents } from '../../src/record/event-queries.ts';
import { countByForm, type Counts } from '../../src/record/submissions/tallies.ts';
import { rebuildAccounts } from '../../src/respond/smile/rebuild.ts';
import { storeSpamDecision } from '../../src/respond/spam-decision.ts';
import {
  ABOUT,
  begin,
  beforeConnect,
  eventually,
  controlSmile,
  openSmallSite,
  quick,
  type Draft,
} from '../helpers/api/client.ts';
import type { TestSite } from '../helpers/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite();
  await quick(site);
});
afterAll(() => site.close());

const MEMBER = { id: 'm-1', email: 'member@example.com' };
const judge = ({ id }: Draft, verdict: 'spam' | 'fine') =>
  storeSpamDecision({ ...site, keys: [Buffer.alloc(32)], now: () => new Date() }, 'driver', id, verdict, MEMBER);

async function sendEarly(trap?: string): Promise<Draft> {
  const draft = await begin(site, 'driver', trap ? { trap } : {});
  await draft.put('about', { full_name: 'Ben', status: 'none' });
  expect((await draft.post('submit')).status).toBe(200);
  return draft;
}

async function connect(draft: Draft): Promise<void> {
  const { userId } = (await draft.post('link-token', { screen: 'connect' })).body as { userId: string };
  await controlSmile(site, 'POST', '/accounts', { userId, providerId: 'grab', userName: 'George', password: '123456' });
  await eventually(async () => (await listAccounts(site.db, draft.id))[0]?.status === 'CONNECTED');
}

/** The numbers of one submission, by its events. */
function toldBy(events: RecordedEvent[]): Counts {
  const own = events.filter(({ source }) => source === 'server');
  const last = (...names: string[]) => own.findLast(({ name }) => names.includes(name));
  const sent = last('submitted')?.data as { ending: string } | undefined;
  const verdict = last('markedSpam', 'markedNotSpam')?.name;
  const suspected = own.some(({ data }) => ((data as { suspicion?: string[] }).suspicion ?? []).length > 0);
  const held = verdict === 'markedSpam' || (suspected && !verdict);
  const connected = events.some(({ source, name }) => source === 'webhook' && name === 'ACCOUNT_CONNECTED');
  return {
    started: Number(!held && !!(last('answersSaved', 'linkTokenIssued') ?? sent)),
    connected: Number(!held && connected),
    submitted: Number(!held && !!sent),
    completed: Number(!held && sent?.ending === 'done'),
    quarantined: Number(held),
    deleted: 0,
  };
}

it('counts the people who started, connected, sent and finished, and the spam, from the events', async () => {
  await begin(site);
  await (await begin(site)).put('about', ABOUT);
  await sendEarly();
  await sendEarly('filled in by a machine');
  await judge(await sendEarly('filled in, but by a person'), 'fine');
  const spam = await sendEarly();
  await judge(spam, 'spam');
  await connect(await beforeConnect(site));
  const whole = await beforeConnect(site);
  await connect(whole);
  await whole.put('connect', {});
  expect((await whole.post('submit')).status).toBe(200);

  const all = await site.db.query.selectFrom('submissions').select(['id', 'smile_user_id']).execute();
  const told = { started: 0, connected: 0, submitted: 0, completed: 0, quarantined: 0, deleted: 0 };
  for (const { id, smile_user_id: smileUserId } of all) {
    const one = toldBy(await listEvents(site.db, { id, smileUserId }));
    for (const name of Object.keys(told) as (keyof Counts)[]) told[name] += one[name];
  }
  expect(told).toEqual({ started: 5, connected: 2, submitted: 3, completed: 1, quarantined: 2, deleted: 0 });
  expect((await countByForm(site.db)).get('driver')).toEqual(told);
  await rebuildAccounts(site.db);
  expect((await countByForm(site.db)).get('driver')).toEqual(told);
});
