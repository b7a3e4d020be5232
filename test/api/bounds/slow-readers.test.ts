/** Many phones read their own large files slowly: the server holds a few chunks for each, and serves others meanwhile. */
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { png } from '../../helpers/samples/files.ts';
import { LONG } from '../../helpers/run/long.ts';
import { openTestSite, removeFolder } from '../../helpers/site.ts';
import { begin, eventually, expectRefusal, send, type Draft } from '../../helpers/api/client.ts';
import { kill, serve } from '../serve.ts';

const MB = 1_048_576;
const FILE_BYTES = 24 * MB;
const READERS = LONG ? 60 : 20;

const FORM = `
title: Papers
screens:
  - id: papers
    title: Papers
    fields: [{ id: cv, type: file, label: CV, max_size: 25 MB, max_files: 2 }]
endings: [{ id: done, title: Thank you }]
`;

/** Bytes of buffers that the server's process holds. */
async function heldBy(origin: string): Promise<number> {
  const { text } = await send({ origin }, 'GET', '/metrics');
  return Number(/^nodejs_external_memory_bytes (\S+)$/m.exec(text)?.[1]);
}

/** Asks for a file and takes none of it until it is read. */
async function slowly(origin: string, { id, headers }: Draft, file: string): Promise<IncomingMessage> {
  // Each person has an address of their own.
  const from = { 'x-forwarded-for': `203.0.113.${parseInt(id.slice(-2), 16)}` };
  const asked = request(`${origin}/api/submissions/${id}/files/${file}`, { headers: { ...headers, ...from }, agent: false }); // prettier-ignore
  const [response] = (await once(asked.end(), 'response')) as [IncomingMessage];
  return response.pause();
}

it(`${READERS} slow readers of a 24 MB file cost the server a few chunks each, and each can read on to the last byte`, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-readers-'));
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'papers.yaml'), FORM);
  const { child, origin } = await serve(folder, { TRUSTED_PROXIES: '1', NODE_OPTIONS: '--max-old-space-size=128' });
  try {
    const bytes = png(Buffer.alloc(FILE_BYTES - png().length, 'income of Ana, '));
    const drafts: { draft: Draft; file: string }[] = [];
    for (let at = 0; at < READERS / 10; at++) {
      const draft = await begin({ origin }, 'papers');
      const more = { 'content-type': 'image/png', ...draft.headers };
      const said = await send({ origin }, 'POST', `/api/submissions/${draft.id}/files?field=cv`, bytes, more);
      expect([said.status, said.body.size]).toEqual([201, FILE_BYTES]);
      drafts.push({ draft, file: said.body.id });
    }
    const before = await heldBy(origin);
    const readers = await Promise.all(
      drafts.flatMap(({ draft, file }) => Array.from({ length: 10 }, () => slowly(origin, draft, file))),
    );
    expect(readers.map(({ statusCode }) => statusCode)).toEqual(Array(READERS).fill(200));
    const first = drafts[0]!;
    const oneMore = await send({ origin }, 'GET', `/api/submissions/${first.draft.id}/files/${first.file}`, undefined, first.draft.headers); // prettier-ignore
    expectRefusal(oneMore, 429, 'rate_limited');
    // Chunks that were let go of count until they are collected. Whole files would be eight times as much, for as long.
    const held = async () => (await heldBy(origin)) - before;
    await expect.poll(held, { interval: 500, timeout: 15_000 }).toBeLessThan((READERS * FILE_BYTES) / 8);
    expect((await begin({ origin }, 'papers')).id).toBeDefined();

    const last = readers.pop()!;
    expect(last.headers['content-length']).toBe(String(FILE_BYTES));
    for (const reader of readers) reader.destroy();
    const parts: Buffer[] = [];
    for await (const part of last) parts.push(part as Buffer);
    expect(Buffer.concat(parts).equals(bytes)).toBe(true);
    // A reader that has gone holds no place.
    await eventually(async () => {
      const again = await slowly(origin, first.draft, first.file);
      again.destroy();
      return again.statusCode === 200;
    });
  } finally {
    await kill(child);
    removeFolder(folder);
  }
});

it('a file that is damaged behind its first chunk is broken off there, and not a byte of it is made up', async () => {
  const site = await openTestSite({ forms: { papers: FORM }, env: { RATE_LIMIT: 'off' } });
  try {
    const draft = await begin(site, 'papers');
    const bytes = png(Buffer.alloc(3 * 65_536, 'income of Ana, '));
    const more = { 'content-type': 'image/png', ...draft.headers };
    const { body } = await send(site, 'POST', `/api/submissions/${draft.id}/files?field=cv`, bytes, more);
    const kept = path.join(site.folder, 'data', 'files', body.id.slice(-2), body.id);
    const sealed = readFileSync(kept);
    // In the last chunk, which has some bytes only.
    sealed[sealed.length - 20] = (sealed.at(-20) ?? 0) ^ 1;
    writeFileSync(kept, sealed);
    const response = await fetch(`${site.origin}/api/submissions/${draft.id}/files/${body.id}`, draft);
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    const read: Uint8Array[] = [];
    const reading = async () => {
      for await (const part of response.body!) read.push(part);
    };
    await expect(reading()).rejects.toThrow();
    const got = Buffer.concat(read);
    expect(got.equals(bytes.subarray(0, got.length))).toBe(true);
    expect(got.length).toBeLessThan(bytes.length);
    // The headers alone give the size, and hold nothing.
    const head = await fetch(`${site.origin}/api/submissions/${draft.id}/files/${body.id}`, {
      method: 'HEAD',
      ...draft,
    });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
  } finally {
    await site.close();
    removeFolder(site.folder);
  }
});
