import { expect, it } from 'vitest';
import { createLocalSmile, defaultKeys, MAX_BODY_BYTES } from '../../src/local-smile/local-smile.ts';
import { keepFile } from '../../src/local-smile/store/files.ts';
import { emptyState } from '../../src/local-smile/store/state.ts';
import type { Sandbox } from '../../src/local-smile/sandbox.ts';

it('Local Smile reads no body over its limit, with or without a length', async () => {
  const smile = createLocalSmile({ origin: '/local-smile', ...defaultKeys, knobs: true });
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
