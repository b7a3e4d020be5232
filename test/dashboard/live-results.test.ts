/**
 * An open page of Results hears of new numbers, whichever server has counted them, for as long as the member may see
 * them.
 */
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLiveResults } from '../../src/dashboard/results/live.ts';
import { endSession, startSession } from '../../src/members/sessions.ts';
import { closeDatabase, openDatabase } from '../../src/record/db/database.ts';
import { countOpenings } from '../../src/record/results/openings.ts';
import { openSmallSite, PLAIN } from '../helpers/api/client.ts';
import { opened } from '../helpers/api/opened.ts';
import { postgresFor } from '../helpers/postgres/postgres.ts';
import { removeFolder, type TestSite } from '../helpers/site.ts';
import { addMember } from '../helpers/dashboard-client.ts';

const OPENING = { form: 'plain', link: '', language: 'en', device: 'phone', visitor: 'person' } as const;

let site: TestSite;
let token: string;
let isOpen: boolean;
beforeEach(async () => {
  site = await openSmallSite({ forms: { plain: PLAIN, other: PLAIN } });
  isOpen = true;
  token = await newSession();
});
afterEach(async () => {
  if (isOpen) await site.close();
  removeFolder(site.folder);
});

const newSession = async () => (await startSession(site.db, await addMember(site.db), new Date())) ?? '';

/** An open page: its answer, and a reader of the messages that have come since it last asked. */
async function follow(session = token, method = 'GET') {
  const controller = new AbortController();
  const response = await fetch(`${site.origin}/admin/forms/plain/results/live`, { method, headers: { cookie: `flipsite=${session}` }, redirect: 'manual', signal: controller.signal }); // prettier-ignore
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let told = 0;
  return {
    response,
    leave: () => controller.abort(),
    /** Waits for a message. @returns undefined when the stream has ended in order */
    async next(): Promise<string | undefined> {
      for (;;) {
        const messages = [...text.matchAll(/data: (\w+)\n\n/g)].map(([, data]) => data);
        if (messages.length > told) return messages[told++];
        const read = await reader?.read();
        if (!read || read.done) return undefined;
        text += read.value;
      }
    },
  };
}

/** Waits until no message about the opening of the page is left. */
async function settled() {
  const page = await follow();
  expect([await page.next(), await page.next()]).toEqual(['beat', 'changed']);
  return page;
}

it('is told of an opening by a stream that no proxy may keep back', async () => {
  const page = await settled();
  const { status, headers } = page.response;
  expect([status, headers.get('content-type'), headers.get('x-accel-buffering'), headers.get('cache-control')]).toEqual([200, 'text/event-stream', 'no', 'no-store']); // prettier-ignore
  await opened(site, 'other');
  await opened(site, 'plain');
  expect(await page.next()).toBe('changed');
  page.leave();
});

it('is told of numbers that another server on the database has counted', async () => {
  const page = await settled();
  const other = await openDatabase((await postgresFor(site.folder)) ?? path.join(site.folder, 'data', 'flipsite.sqlite')); // prettier-ignore
  const openings = countOpenings();
  openings.add(OPENING, new Date());
  await openings.flush(other);
  await closeDatabase(other);
  expect(await page.next()).toBe('changed');
  page.leave();
});

it('is told nothing more once the member has signed out, or has lost the role', async () => {
  const [one, other] = [await settled(), await follow(await newSession())];
  await endSession(site.db, token);
  await opened(site, 'plain');
  expect(await one.next()).toBeUndefined();
  expect([await other.next(), await other.next()]).toEqual(['beat', 'changed']);
  await site.db.query.deleteFrom('grants').execute();
  await opened(site, 'plain');
  // A message may have been on its way.
  expect([await other.next(), await other.next()]).toContain(undefined);
});

it('is told of a change after the page before it, and not with all others at once', async () => {
  const live = openLiveResults(site.db, (error) => expect.unreachable(String(error)));
  const members = ['one', 'two', 'three'];
  const pages = members.map((member) => live.follow('plain', member)!);
  let told = 0;
  const counts = new Set<number>();
  for (const page of pages) void page.next().then(() => told++);
  for (; told < members.length; await setTimeout(20)) counts.add(told);
  expect([...counts]).toEqual([0, 1, 2]);
  for (const page of pages) page.end();
  live.close();
});

it('needs a session, and answers HEAD without a stream', async () => {
  expect((await follow('none')).response.status).toBe(303);
  const { response } = await follow(token, 'HEAD');
  expect([response.status, await response.text()]).toEqual([200, '']);
});

it('ends in order when the site stops, which does not wait for it', async () => {
  const page = await settled();
  isOpen = false;
  const stopped = site.close();
  expect(await page.next()).toBeUndefined();
  await stopped;
});
