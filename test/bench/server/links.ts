/** How fast a campaign link leads on, while its visitors are counted. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ask } from './load.ts';
import { APPLY, CONNECTIONS, median, startBare, startOurs } from './servers.ts';

/** What a phone sends, so that each request is counted as that of a person. */
const PHONE = [
  'user-agent: Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
  'accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'accept-language: en-PH,en;q=0.9',
  'accept-encoding: gzip, deflate, br',
  'referer: https://www.facebook.com/',
  'sec-fetch-mode: navigate',
  '',
].join('\r\n');

/** @returns the rate, beside that of a server that sends the same redirect and counts nothing */
export async function links(folder: string, rounds: number, seconds: number): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const ours = await startOurs(folder, { apply: `links: [{ id: fb-nov }]\n${APPLY}` }, {});
  const response = await fetch(`http://127.0.0.1:${ours.port}/go/fb-nov`, { redirect: 'manual' });
  const headers = [...response.headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name));
  const told = path.join(folder, 'redirect.json');
  writeFileSync(told, JSON.stringify(headers.flat()));
  const bare = await startBare('redirect', told);
  const servers = [ours, bare];
  const rates: { rate: number }[][] = servers.map(() => []);
  for (const { port } of servers) await ask(port, '/go/fb-nov', CONNECTIONS, 1, PHONE);
  // In short turns: what else the machine does then falls on both of them.
  for (let turn = 0; turn < rounds * seconds; turn++) {
    for (const [index, { port }] of servers.entries())
      rates[index]?.push({ rate: await ask(port, '/go/fb-nov', CONNECTIONS, 1, PHONE) });
  }
  await Promise.all(servers.map(({ stop }) => stop()));
  const [own = NaN, other = NaN] = rates.map((all) => median(all).rate);
  console.log(`Campaign link: ${Math.round(own)} requests a second, a bare redirect: ${Math.round(other)}`);
  return own / other;
}
