/** How fast a form's page is served. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { weighSmall } from '../../helpers/weight.ts';
import { ask } from './load.ts';
import { APPLY, CONNECTIONS, median, startBare, startOurs } from './servers.ts';

/** Beside a server that sends the same answer, and beside one that sends only the headers without which it could not be read. */
export async function pages(
  folder: string,
  rounds: number,
  seconds: number,
): Promise<{ alike: number; plain: number }> {
  mkdirSync(folder);
  const ours = await startOurs(folder, { apply: APPLY }, {});
  await weighSmall(`http://127.0.0.1:${ours.port}/apply`);
  const { bytes, headers } = await answerOf(ours.port, '/apply');
  const bare = (name: string, told: [string, string][]) => {
    const [file, beside] = [path.join(folder, `${name}.br`), path.join(folder, `${name}.json`)];
    writeFileSync(file, bytes);
    writeFileSync(beside, JSON.stringify(told.flat()));
    return startBare('page', file, beside);
  };
  const alike = await bare('alike', headers);
  const plain = await bare(
    'plain',
    headers.filter(([name]) => NEEDED.includes(name)),
  );
  const servers = [ours, alike, plain];
  const rates: { rate: number }[][] = servers.map(() => []);
  for (const { port } of servers) await ask(port, '/apply', CONNECTIONS, 1);
  // In short turns, so that other work of the machine affects all of them.
  for (let turn = 0; turn < rounds * seconds; turn++) {
    for (const [index, { port }] of servers.entries())
      rates[index]?.push({ rate: await ask(port, '/apply', CONNECTIONS, 1) });
  }
  await Promise.all(servers.map(({ stop }) => stop()));
  const [own = NaN, ...others] = rates.map((all) => median(all).rate);
  const [besideAlike = NaN, besidePlain = NaN] = others.map((other) => own / other);
  return { alike: besideAlike, plain: besidePlain };
}

const NEEDED = ['content-type', 'content-encoding', 'content-length'];

/** The answer to a browser, without the headers that every answer of Node has. */
async function answerOf(port: number, address: string): Promise<{ bytes: Buffer; headers: [string, string][] }> {
  return new Promise((done, failed) => {
    get({ port, host: '127.0.0.1', path: address, headers: { 'accept-encoding': 'br' } }, (response) => {
      const chunks: Buffer[] = [];
      const headers = Object.entries(response.headers as Record<string, string>).filter(
        ([name]) => !OF_NODE.includes(name),
      );
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => done({ bytes: Buffer.concat(chunks), headers }));
    }).on('error', failed);
  });
}

const OF_NODE = ['date', 'connection', 'keep-alive'];
