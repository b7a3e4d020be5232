/** The memory that local Smile uses. */
import { expect, it, vi } from 'vitest';
import { defaultSettings } from '../../src/local-smile/control/settings.ts';
import { receive } from '../../src/local-smile/link/archives.ts';
import { createLocalSmile, defaultKeys, MAX_BODY_BYTES } from '../../src/local-smile/local-smile.ts';
import { createSchedule } from '../../src/local-smile/schedule.ts';
import { keepFile } from '../../src/local-smile/store/files.ts';
import { emptyState, type User } from '../../src/local-smile/store/state.ts';
import type { Sandbox } from '../../src/local-smile/sandbox.ts';
import { isGone } from '../helpers/heap.ts';
import { startSmile } from './smile.ts';

it('Local Smile reads no body over its limit, with or without a length', async () => {
  const smile = createLocalSmile({ origin: '/local-smile', ...defaultKeys, controlApi: true });
  const piece = new Uint8Array(1_048_576);
  let pulled = 0;
  const endless = new ReadableStream({ pull: (controller) => (pulled++, controller.enqueue(piece)) });
  const ask = (body: BodyInit) =>
    smile.fetch(new Request('http://localhost/__local/accounts', { method: 'POST', body, duplex: 'half' } as RequestInit)); // prettier-ignore
  expect((await ask(endless)).status).toBe(400);
  expect(pulled).toBeLessThan(MAX_BODY_BYTES / piece.length + 3);
  expect((await ask(new Uint8Array(MAX_BODY_BYTES + 1))).status).toBe(400);
  await smile.close();
});

it('Local Smile keeps the newest files that fit into its memory', () => {
  const sandbox = { state: emptyState() } as Sandbox;
  const bytes = new Uint8Array(15 * 1_048_576);
  const paths = Array.from({ length: 6 }, (_, n) =>
    keepFile(sandbox, 'user', `${n}.pdf`, { bytes, mediaType: 'application/pdf', sourceId: 's' }),
  );
  expect([...sandbox.state.files.keys()]).toEqual(paths.slice(-4));
});

it('Local Smile holds the bytes of a document only as long as its file', async () => {
  const state = emptyState();
  const settings = { ...defaultSettings, taskDelayMs: 0 };
  const schedule = createSchedule();
  const sandbox = { state, settings, schedule, now: () => new Date(), notify: () => {} } as unknown as Sandbox;
  const user = { id: 'user', session: { id: 'session' } } as unknown as User;
  const send = () => {
    const bytes = new Uint8Array(1_048_576);
    receive(sandbox, { user, providerId: 'user-provided', type: 'PAYSLIP', files: [{ name: 'a.pdf', subType: 'MAIN', format: 'PDF', bytes }] }); // prettier-ignore
    return new WeakRef(bytes);
  };
  const sent = send();
  await vi.waitFor(() => expect([...state.archives.values()]).toMatchObject([{ status: 'ERROR' }]));
  expect(isGone(sent)).toBe(false);
  // As for newer files.
  state.files.clear();
  await vi.waitFor(() => expect(isGone(sent)).toBe(true));
});

it('Local Smile keeps a bounded number of files, also of empty ones', () => {
  const sandbox = { state: emptyState() } as Sandbox;
  const file = { bytes: new Uint8Array(0), mediaType: 'application/pdf', sourceId: 's' };
  for (let n = 0; n < 1_005; n++) keepFile(sandbox, 'user', `${n}.pdf`, file);
  expect(sandbox.state.files.size).toBe(1_000);
});

it('Local Smile takes few files at once, with short names, and few accounts and documents of one person', async () => {
  const smile = await startSmile();
  const { accessToken } = await smile.newUser();
  const headers = { authorization: `Bearer ${accessToken}` };
  const upload = (files: number, name = 'a.pdf', subType = 'MAIN') => {
    const body = new FormData();
    body.set('fileType', 'PAYSLIP');
    for (let n = 0; n < files; n++) body.append(subType, new File(['a'], name));
    return fetch(`${smile.origin}/v1/link/archives`, { method: 'POST', headers, body });
  };
  expect((await upload(20)).status).toBe(400);
  // A name stays in memory with its document.
  expect((await upload(1, `${'a'.repeat(500)}.pdf`)).status).toBe(400);
  expect((await upload(1, 'a.pdf', 'A'.repeat(500))).status).toBe(400);
  for (let n = 0; n < 200; n++) expect((await upload(1)).status).toBe(200);
  expect((await upload(1)).status).toBe(429);
  const credentials = { providerId: 'x', userName: 'George', password: '123456' };
  const { body } = await smile.call('POST', '/v1/link/open', {}, headers);
  const provider = body.data.providers.find((one: { accountConnection: boolean }) => one.accountConnection);
  const signIn = await smile.call('POST', '/v1/link/accounts', { ...credentials, providerId: provider.id }, headers);
  expect(signIn.status).toBe(429);
  await smile.stop();
});

it('Local Smile takes no form with a long boundary, which its parser would need minutes for', async () => {
  const smile = await startSmile();
  const { accessToken } = await smile.newUser();
  const uploadWith = (boundary: string) => {
    const part = (head: string, text: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${text}\r\n`;
    const body = `${part('name="fileType"', 'PAYSLIP')}${part('name="MAIN"; filename="a.pdf"', 'a')}--${boundary}--\r\n`;
    const headers = { authorization: `Bearer ${accessToken}`, 'content-type': `multipart/form-data; boundary=${boundary}` }; // prettier-ignore
    return fetch(`${smile.origin}/v1/link/archives`, { method: 'POST', headers, body });
  };
  expect((await uploadWith('b'.repeat(70))).status).toBe(200);
  expect((await uploadWith('b'.repeat(200))).status).toBe(400);
  await smile.stop();
});

it('Local Smile parses no large JSON of a person with a link token, with or without a length', async () => {
  const smile = await startSmile();
  const { accessToken } = await smile.newUser();
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
  const large = JSON.stringify({ templateId: 'none', extra: Array(10_000).fill({}) });
  for (const path of ['open', 'accounts', 'accounts/a-1/code']) {
    for (const body of [large, new Blob([large]).stream()]) {
      const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
      const answer = await fetch(`${smile.origin}/v1/link/${path}`, init);
      expect(await answer.json(), path).toMatchObject({ message: 'The body is too large.' });
    }
  }
  const usual = { method: 'POST', headers, body: JSON.stringify({ templateId: 'none' }) };
  expect((await fetch(`${smile.origin}/v1/link/open`, usual)).status).toBe(200);
  await smile.stop();
});
