/** A site with links, and visitors that are like browsers. */
import { connect } from 'node:net';
import { linkClicks, noClicks } from '../../src/record/links/clicks.ts';
import { openSmallSite } from '../helpers/api/client.ts';
import type { TestSite } from '../helpers/site.ts';

export const CAMPAIGNS = `
title: Drive with us
languages: [en, es]
brand: { name: Acme Rides, color: "#0b6e4f" }
params: [agent]
links:
  - { id: fb-nov, name: Facebook, utm: { source: facebook, campaign: november }, params: { agent: a7, city: Manila } }
  - { id: es-sms, language: es, utm: { source: sms } }
  - { id: old, closes: 2026-11-01, ending: late, language: es }
  - { id: few, max: 2 }
screens:
  - id: about
    title: { en: About you, es: Sobre ti }
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
      - { id: city, type: select, label: City, options: [Manila, Cebu] }
endings:
  - { id: done, title: Thank you }
  - { id: late, title: { en: We have enough drivers, es: Ya tenemos suficientes }, text: Come back soon, redirect: "https://acme.example/jobs" }
`;

export const openCampaigns = (more: Parameters<typeof openSmallSite>[0] = {}): Promise<TestSite> =>
  openSmallSite({
    forms: { drive: CAMPAIGNS, other: OTHER, locked: LOCKED, hiring: HIRING },
    ...more,
    env: { TRUSTED_PROXIES: '1', ...more.env },
  });

const OTHER = `
title: Other
links: [{ id: other-link }]
screens: [{ id: one, title: One, fields: [{ id: note, type: text, label: Note }] }]
endings: [{ id: done, title: Done }]
`;

const HIRING = `
title: Work for us
params: [employer, agent]
links: [{ id: acme, params: { employer: Acme Rides, agent: a7 } }]
screens: [{ id: one, title: 'Work for {employer}', fields: [{ id: note, type: text, label: Note }] }]
endings: [{ id: done, title: 'Thank you, {agent}' }]
`;

const LOCKED = OTHER.replace('title: Other', 'title: Locked\npassword: orange bicycle').replace(
  'other-link',
  'locked-link',
);

const CHROME = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36'; // prettier-ignore

/** The headers of a person's browser, at an address. */
export const person = (number = 1): Record<string, string> => ({
  'user-agent': CHROME,
  'accept-language': 'en-PH,en;q=0.9',
  'x-forwarded-for': `203.0.113.${number}`,
});

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
}

/** Follows a link, but not its redirect. The address is sent as it is written. */
export async function go(
  site: TestSite,
  path: string,
  headers: Record<string, string> = person(),
  method = 'GET',
): Promise<Answered> {
  // prettier-ignore
  const text = await new Promise<string>((done, failed) => {
    let read = '';
    const socket = connect(site.port, '127.0.0.1', () => {
      const lines = Object.entries({ host: `127.0.0.1:${site.port}`, connection: 'close', ...headers });
      socket.write(`${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
    });
    socket.on('data', (data) => (read += String(data)));
    socket.on('end', () => done(read));
    socket.on('error', failed);
  });
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const sent = new Headers(lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()])); // prettier-ignore
  return { status: Number(first.split(' ')[1]), headers: sent, text: body.join('\r\n\r\n') };
}

/** The visitors of a link by class, with all clicks so far. */
export async function visitorsOf(site: TestSite, link: string, form = 'drive') {
  await site.clicks.flush();
  return { ...noClicks(), ...(await linkClicks(site.db, { form, links: [link] })).get(link) };
}
