/** The answers of a server to a draft, as the editor understands them: no text is given up that can still be saved. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendDraft } from '../../src/editor/send-draft.ts';

let server: Server;
let address: string;
/** The next answer. */
let answer: { status: number; body: string };

beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/draft`;
});
afterAll(() => server.close());

const other = { revision: 3, text: 'title: Other', by: 'ben@acme.example', at: '2026-11-24T10:00:00.000Z' };
const error = (message: string) => JSON.stringify({ error: { code: 'any', message } });
const SAVES_LATER = /cannot save right now\. Your text is kept on this device/;

it.each([
  ['an error of the server, as JSON,', 500, error('Something went wrong'), { is: 'away', message: SAVES_LATER }],
  ['a database that is away', 503, error('Try again'), { is: 'away', message: SAVES_LATER }],
  ['a proxy with a page of its own', 502, '<h1>Bad gateway</h1>', { is: 'away', message: SAVES_LATER }],
  ['a proxy that answers 200 with a page', 200, '<h1>Sign in</h1>', { is: 'away', message: SAVES_LATER }],
  ['too many requests', 429, error('Wait'), { is: 'away', message: SAVES_LATER }],
  ['a request that took too long', 408, error('Too slow'), { is: 'away', message: SAVES_LATER }],
  ['a session that has ended', 401, error('Sign in'), { is: 'away', message: /signed out.*kept on this device/ }],
  ['another change that was saved', 409, JSON.stringify({ draft: other }), { is: 'conflict', other }],
  [
    'a form that is managed in a file',
    409,
    error('It is managed in a file.'),
    { is: 'refused', message: /^It is managed in a file\.$/ },
  ],
  ['a proxy with a lower limit', 413, '<h1>Too large</h1>', { is: 'refused', message: /^This text is too long/ }],
  ['a text that is too large', 413, error('It is too large.'), { is: 'refused', message: /^It is too large\.$/ }],
] as const)('%s is understood', async (_name, status, body, expected) => {
  answer = { status, body };
  const message = 'message' in expected ? { message: expect.stringMatching(expected.message) } : {};
  expect(await sendDraft(address, { text: 'title: A', base: 1 })).toEqual({ ...expected, ...message });
});

it('a server that does not answer is away, and the text is kept', async () => {
  const gone = await sendDraft('http://127.0.0.1:9/draft', { text: 'title: A', base: 1 });
  expect(gone).toEqual({
    is: 'away',
    message: expect.stringContaining('cannot be reached. Your text is kept on this device'),
  });
});
