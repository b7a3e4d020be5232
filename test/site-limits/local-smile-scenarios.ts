/** A test for each limit in `LOCAL_SMILE_LIMITS`. */
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect } from 'vitest';
import { keepFile } from '../../src/local-smile/store/files.ts';
import { emptyState } from '../../src/local-smile/store/state.ts';
import type { Sandbox } from '../../src/local-smile/sandbox.ts';
import { LOCAL_KEYS, mountLocalSmile } from '../../src/site/local-smile.ts';
import type { LOCAL_SMILE_LIMITS } from '../../src/site-limits/local-smile-limits.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { beforeConnect, eventually, openSmallSite, raw, send } from '../helpers/api/client.ts';
import { removeFolder, type TestSite } from '../helpers/site.ts';
import { startSmile, type RunningSmile } from '../local-smile/smile.ts';
import type { Scenario } from './scenario.ts';

const onSite =
  (run: (site: TestSite) => Promise<void>, env: Record<string, string> = {}): Scenario =>
  async () => {
    const site = await openSmallSite({ env });
    try {
      await run(site);
    } finally {
      await site.close();
      removeFolder(site.folder);
    }
  };

type Send = (path: string, body: BodyInit | object, more?: Record<string, string>) => Promise<Response>;

/** Runs `act` with a local Smile and a person who has its widget open. */
const withWidget =
  (act: (post: Send, smile: RunningSmile, authorization: { authorization: string }) => Promise<void>): Scenario =>
  async () => {
    const smile = await startSmile();
    const authorization = { authorization: `Bearer ${(await smile.newUser()).accessToken}` };
    const post: Send = (path, body, more) =>
      fetch(`${smile.origin}/v1/link/${path}`, { method: 'POST', headers: { ...authorization, ...more }, body, duplex: 'half' } as RequestInit); // prettier-ignore
    try {
      await act(post, smile, authorization);
    } finally {
      await smile.stop();
    }
  };

/** A document of `files` files. */
function document(files: number, { name = 'a.pdf', subType = 'MAIN', bytes = 1 } = {}): FormData {
  const body = new FormData();
  body.set('fileType', 'PAYSLIP');
  for (let n = 0; n < files; n++) body.append(subType, new File([new Uint8Array(bytes)], name));
  return body;
}

/** The status of a document with a boundary that makes its type `characters` long. */
async function sentWithType(post: Send, characters: number): Promise<number> {
  const type = 'multipart/form-data; boundary=b';
  // A parameter that the parser does not know leaves the boundary short.
  const padding = `; x=${'x'.repeat(characters - type.length - 4)}`;
  const part = (head: string, text: string) => `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
  const body = `${part('name="fileType"', 'PAYSLIP')}${part('name="MAIN"; filename="a.pdf"', 'a')}--b--\r\n`;
  return (await post('archives', body, { 'content-type': type + padding })).status;
}

/** Files of `bytes` each at local Smile: their paths, and those that it still has. */
function keptFiles(count: number, bytes: number): { paths: string[]; kept: string[] } {
  const sandbox = { state: emptyState() } as Sandbox;
  const file = { bytes: new Uint8Array(bytes), mediaType: 'application/pdf', sourceId: 's' };
  const paths = Array.from({ length: count }, (_, n) => keepFile(sandbox, 'user', `${n}.pdf`, file));
  return { paths, kept: [...sandbox.state.files.keys()] };
}

const HOST = 'host: 127.0.0.1\r\n';
const BEHIND_PROXY = { TRUSTED_PROXIES: '1' };

const CONSOLE = '/local-smile/__local/accounts';

/** Sends a body of `bytes` but its last one. */
function sendPart(site: TestSite, from: string, bytes: number): Socket {
  const socket = connect(site.port, '127.0.0.1');
  socket.write(`POST ${CONSOLE} HTTP/1.1\r\n${HOST}x-forwarded-for: ${from}\r\ncontent-length: ${bytes}\r\n\r\n`);
  socket.write(Buffer.alloc(bytes - 1));
  return socket;
}

const sendLarge = (site: TestSite, from: string) =>
  send(site, 'POST', CONSOLE, 'x'.repeat(SITE_LIMITS.jsonBodyBytes.value + 1), { 'x-forwarded-for': from });

export const localSmileScenarios: Record<keyof typeof LOCAL_SMILE_LIMITS, Scenario> = {
  localSmileBytes: onSite(async (site) => {
    const slow = ['203.0.113.1', '203.0.113.2'].map((from) =>
      sendPart(site, from, SITE_LIMITS.localSmileBytes.value / 2),
    );
    const large = await eventually(async () => {
      const said = await sendLarge(site, '203.0.113.3');
      return said.status !== 403 && said;
    });
    expect(large.status).toBe(429);
    expect(large.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await send(site, 'POST', CONSOLE, 'x'.repeat(17_000))).status).toBe(429);
    expect((await send(site, 'POST', CONSOLE, 'x')).status).toBe(400);
    // A disconnect has no body, and so takes no memory.
    expect((await send(site, 'DELETE', '/local-smile/v1/link/accounts/a')).status).toBe(401);
    for (const socket of slow) socket.destroy();
  }, BEHIND_PROXY),

  localSmileBytesPerAddress: onSite(async (site) => {
    const socket = sendPart(site, '203.0.113.1', SITE_LIMITS.localSmileBytesPerAddress.value);
    await eventually(async () => (await sendLarge(site, '203.0.113.1')).status === 429);
    // The body was read, and the control panel is for this machine.
    expect((await sendLarge(site, '203.0.113.2')).status).toBe(403);
    socket.destroy();
    await eventually(async () => (await sendLarge(site, '203.0.113.1')).status === 403);
  }, BEHIND_PROXY),

  localSmileBodyBytes: onSite(async (site) => {
    const most = SITE_LIMITS.localSmileBodyBytes.value;
    const post = (bytes: number) =>
      raw(site.port, `POST /local-smile/__local/accounts HTTP/1.1\r\n${HOST}content-type: application/json\r\nconnection: close\r\ncontent-length: ${bytes}\r\n\r\n`, 'x'.repeat(bytes)); // prettier-ignore
    expect(await post(most)).toContain('not valid JSON');
    expect(await post(most + 1)).toContain('HTTP/1.1 413');
  }),

  localSmileJsonBytes: withWidget(async (post) => {
    const type = { 'content-type': 'application/json' };
    const jsonOf = (bytes: number) =>
      JSON.stringify({ extra: 'x'.repeat(bytes - JSON.stringify({ extra: '' }).length) });
    const most = SITE_LIMITS.localSmileJsonBytes.value;
    expect((await post('open', jsonOf(most), type)).status).toBe(200);
    for (const path of ['open', 'accounts', 'accounts/a-1/code'])
      for (const body of [jsonOf(most + 1), new Blob([jsonOf(most + 1)]).stream()])
        expect(await (await post(path, body, type)).json(), path).toMatchObject({ message: 'The body is too large.' });
  }),

  localSmileFileBytes: withWidget(async (post, smile) => {
    const most = SITE_LIMITS.localSmileFileBytes.value;
    expect((await post('archives', document(1, { bytes: most }))).status).toBe(200);
    expect((await post('archives', document(1, { bytes: most + 1 }))).status).toBe(400);
    const { userId } = await smile.newUser();
    const fileContent = Buffer.alloc(most + 1).toString('base64');
    const rawFiles = [{ fileContent, fileExtensionType: 'PDF' }];
    const byApi = await smile.call('POST', '/v1/archives', { userId, fileType: 'PAYSLIP', rawFiles });
    expect(byApi.body.message).toBe('A file may have 15 MB at most.');
  }),

  localSmileParts: withWidget(async (post) => {
    const files = SITE_LIMITS.localSmileParts.value - 1;
    expect((await post('archives', document(files))).status).toBe(200);
    expect((await post('archives', document(files + 1))).status).toBe(400);
  }),

  localSmilePartHeaderBytes: withWidget(async (post) => {
    const most = SITE_LIMITS.localSmilePartHeaderBytes.value;
    const name = `${'a'.repeat(most - 200)}.pdf`;
    expect((await post('archives', document(1, { name }))).status).toBe(200);
    expect((await post('archives', document(1, { name: `${'a'.repeat(most)}.pdf` }))).status).toBe(400);
    expect((await post('archives', document(1, { subType: 'A'.repeat(most) }))).status).toBe(400);
  }),

  localSmileTypeCharacters: withWidget(async (post) => {
    const most = SITE_LIMITS.localSmileTypeCharacters.value;
    expect(await sentWithType(post, most)).toBe(200);
    expect(await sentWithType(post, most + 1)).toBe(400);
  }),

  localSmileSources: withWidget(async (post, smile, authorization) => {
    for (let n = 0; n < SITE_LIMITS.localSmileSources.value; n++)
      expect((await post('archives', document(1))).status).toBe(200);
    expect((await post('archives', document(1))).status).toBe(429);
    const { body } = await smile.call('POST', '/v1/link/open', {}, authorization);
    const providerId = body.data.providers.find((one: { accountConnection: boolean }) => one.accountConnection).id;
    const credentials = { providerId, userName: 'George', password: '123456' };
    expect((await smile.call('POST', '/v1/link/accounts', credentials, authorization)).status).toBe(429);
  }),

  async localSmileFilesBytes() {
    const { paths, kept } = keptFiles(6, SITE_LIMITS.localSmileFilesBytes.value / 4);
    expect(kept).toEqual(paths.slice(-4));
  },

  async localSmileFiles() {
    const most = SITE_LIMITS.localSmileFiles.value;
    const { paths, kept } = keptFiles(most + 5, 0);
    expect(kept).toEqual(paths.slice(-most));
  },

  async localSmileObjects() {
    const most = SITE_LIMITS.localSmileObjects.value;
    const smile = mountLocalSmile('http://127.0.0.1:9', 'secret', undefined);
    const authorization = `Basic ${btoa(`${LOCAL_KEYS.apiKey}:${LOCAL_KEYS.apiSecret}`)}`;
    const incoming = { socket: {} } as IncomingMessage;
    const ask = (path: string, method = 'GET') => smile.answer(new Request('http://localhost/', { method, headers: { authorization, 'content-type': 'application/json' }, ...(method === 'POST' && { body: '{}' }) }), `/v1${path}`, incoming, '127.0.0.1'); // prettier-ignore
    const ids: string[] = [];
    for (let n = 0; n <= most; n++) ids.push(((await (await ask('/users', 'POST')).json()) as { data: { user: { id: string } } }).data.user.id); // prettier-ignore
    const statuses = await Promise.all(ids.slice(0, 2).map(async (id) => (await ask(`/users/${id}`)).status));
    expect(statuses).toEqual([404, 200]);
    await smile.close();
  },

  localSmileChangesPerAddressAndDay: onSite(
    async (site) => {
      const draft = await beforeConnect(site);
      const { accessToken } = (await draft.post('link-token', { screen: 'connect' })).body;
      const ask = async (method: string, path: string) => (await send(site, method, `/local-smile/v1/link/${path}`, undefined, { authorization: `Bearer ${accessToken}`, 'smile-widget': 'one' })).status; // prettier-ignore
      for (let left = SITE_LIMITS.localSmileChangesPerAddressAndDay.value; left > 0; left -= 100) {
        const said = await Promise.all(Array.from({ length: 100 }, () => ask('DELETE', 'accounts/none')));
        expect(new Set(said)).toEqual(new Set([404]));
      }
      for (const [method, path] of [
        ['POST', 'accounts'],
        ['POST', 'archives'],
        ['DELETE', 'accounts/none'],
        ['DELETE', '%61ccounts/none'],
      ] as const)
        // prettier-ignore
        expect(await ask(method, path)).toBe(429);
      // An account that is connected already can still be looked at.
      expect(await ask('GET', 'accounts/none')).toBe(404);
      expect(await ask('GET', 'payslip.pdf')).toBe(200);
    },
    { RATE_LIMIT: 'on' },
  ),
};
