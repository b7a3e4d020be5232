/** The memory that local Smile uses. */
import { expect, it, vi } from 'vitest';
import { defaultSettings } from '../../src/local-smile/control/settings.ts';
import { receive } from '../../src/local-smile/link/archives.ts';
import { createLocalSmile, defaultKeys } from '../../src/local-smile/local-smile.ts';
import { createSchedule } from '../../src/local-smile/schedule.ts';
import { emptyState, type User } from '../../src/local-smile/store/state.ts';
import { LOCAL_SMILE_LIMITS } from '../../src/site-limits/local-smile-limits.ts';
import type { Sandbox } from '../../src/local-smile/sandbox.ts';
import { isGone } from '../helpers/heap.ts';

it('Local Smile reads no body over its limit, with or without a length', async () => {
  const smile = createLocalSmile({ origin: '/local-smile', ...defaultKeys, controlApi: true });
  const piece = new Uint8Array(1_048_576);
  const maxBytes = LOCAL_SMILE_LIMITS.localSmileBodyBytes.value;
  let pulled = 0;
  const endless = new ReadableStream({ pull: (controller) => (pulled++, controller.enqueue(piece)) });
  const ask = (body: BodyInit) =>
    smile.fetch(new Request('http://localhost/__local/accounts', { method: 'POST', body, duplex: 'half' } as RequestInit)); // prettier-ignore
  expect((await ask(endless)).status).toBe(400);
  expect(pulled).toBeLessThan(maxBytes / piece.length + 3);
  expect((await ask(new Uint8Array(maxBytes + 1))).status).toBe(400);
  await smile.close();
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
