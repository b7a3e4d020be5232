/** How fast a campaign link leads on, while its visitors are counted. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { closeDatabase, openDatabase } from '../../../src/record/db/database.ts';
import { linkClicks } from '../../../src/record/links/clicks.ts';
import { ask } from './load.ts';
import { APPLY, CONNECTIONS, median, processorOf, startBare, startOurs } from './servers.ts';

const WARM_UP_SECONDS = 2;

/** The headers of a phone. The first request counts as a person, and each further one as the same person again. */
const PHONE = [
  'user-agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  'accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language: en-PH,en;q=0.9',
  'accept-encoding: gzip, deflate, br',
  'referer: https://www.facebook.com/',
  'sec-fetch-mode: navigate',
  '',
].join('\r\n');

/**
 * @returns both beside a server that sends the same redirect and counts nothing: the rate, and the requests for the same
 * processor time, in the turn that took the least. Where other programs keep the processors busy, the second one says more
 * @throws {Error} when the server counted other visits than it answered
 */
export async function links(
  folder: string,
  rounds: number,
  seconds: number,
): Promise<{ rate: number; processor: number }> {
  mkdirSync(folder, { recursive: true });
  const ours = await startOurs(folder, { apply: `links: [{ id: fb-nov }]\n${APPLY}` }, { RATE_LIMIT: 'on' });
  const response = await fetch(`http://127.0.0.1:${ours.port}/go/fb-nov`, { redirect: 'manual' });
  const headers = [...response.headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name));
  const told = path.join(folder, 'redirect.json');
  writeFileSync(told, JSON.stringify(headers.flat()));
  const bare = await startBare('redirect', told);
  const servers = [ours, bare];
  const rates: { rate: number; cpu: number }[][] = servers.map(() => []);
  // The first request is the one above.
  let answered = 1;
  for (const { port } of servers) {
    const visits = WARM_UP_SECONDS * (await ask(port, '/go/fb-nov', CONNECTIONS, WARM_UP_SECONDS, PHONE));
    if (port === ours.port) answered += visits;
  }
  // In short turns, so that other work of the machine affects both of them.
  for (let turn = 0; turn < rounds * seconds; turn++) {
    for (const [index, { port, child }] of servers.entries()) {
      const before = processorOf(child);
      const rate = await ask(port, '/go/fb-nov', CONNECTIONS, 1, PHONE);
      rates[index]?.push({ rate, cpu: (processorOf(child) - before) / rate });
      // A turn is a second.
      if (port === ours.port) answered += rate;
    }
  }
  await Promise.all(servers.map(({ stop }) => stop()));
  const counted = await countedIn(folder);
  if (counted !== Math.round(answered))
    throw new Error(`The server answered ${answered} visits and counted ${counted}.`);
  const [own = NaN, other = NaN] = rates.map((all) => median(all).rate);
  // Other work of the machine takes caches and the processor away, and only makes a turn longer.
  const [cpu = NaN, otherCpu = NaN] = rates.map((all) => Math.min(...all.map((turn) => turn.cpu)));
  console.log(`Campaign link: ${Math.round(own)} requests a second, ${cpu.toFixed(1)} µs each`);
  console.log(`Bare redirect: ${Math.round(other)} requests a second, ${otherCpu.toFixed(1)} µs each`);
  return { rate: own / other, processor: otherCpu / cpu };
}

/** All visits of the link that a server, which has stopped, has stored. */
async function countedIn(folder: string): Promise<number> {
  const db = await openDatabase(path.join(folder, 'data', 'flipsite.sqlite'));
  const byClass = (await linkClicks(db, { form: 'apply' })).get('fb-nov');
  await closeDatabase(db);
  return Object.values(byClass ?? {}).reduce((sum, count) => sum + count, 0);
}
