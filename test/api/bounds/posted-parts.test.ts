/** A form posted in parts: it is read as it arrives, and refused at the first part that is too many. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { pdf } from '../../helpers/samples/files.ts';
import { ask, type TestSite } from '../../helpers/site.ts';
import { send, stored } from '../../helpers/api/client.ts';
import { KB, openPapers } from '../../helpers/api/papers.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openPapers();
});
afterAll(() => site.close());

const LINE = '----WebKitFormBoundary7MA4YWxkTrZu0gW';
const part = (disposition: string, value: string | Uint8Array = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`--${LINE}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
    Buffer.from(value),
    Buffer.from('\r\n'),
  ]);
const END = Buffer.from(`--${LINE}--\r\n`);

const post = (body: Uint8Array, type = `multipart/form-data; boundary=${LINE}`, agent: string = crypto.randomUUID()) =>
  send(site, 'POST', '/papers', body, { origin: site.origin, 'content-type': type, 'user-agent': agent, accept: 'text/html' }); // prettier-ignore

/** Announces `length` bytes of a form; `write` sends some of them. */
async function announce(length: number): Promise<{ socket: Socket; answered: Promise<string> }> {
  const socket = connect(site.port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  const answered = new Promise<string>((told) => {
    socket.on('data', (chunk) => told((text += chunk.toString())));
    socket.on('close', () => told(text));
    socket.on('error', () => told(text));
  });
  socket.write(
    `POST /papers HTTP/1.1\r\nhost: 127.0.0.1:${site.port}\r\norigin: ${site.origin}\r\naccept: text/html\r\ncontent-type: multipart/form-data; boundary=${LINE}\r\ncontent-length: ${length}\r\n\r\n`,
  );
  return { socket, answered };
}

const latest = async () => {
  const row = await site.db.query
    .selectFrom('submissions')
    .select('id')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();
  return ask<{ answers: Record<string, unknown>; files: { field: string; name: string; size: number }[] }>(site, `submissions/${row.id}`); // prettier-ignore
};

describe('a form with more parts than its page can send', () => {
  it.each([
    ['empty files', part('name="cv"; filename=""')],
    ['files of no field', part('name="x"; filename="a.pdf"')],
    ['texts', part('name="full_name"', 'Ana')],
  ])('is refused while most of it is still to come: %s', async (_kind, one) => {
    const before = await stored(site);
    const { socket, answered } = await announce(1_000_000);
    // 12 fields of this form's size are far from 300 parts, which are 30 kB of the megabyte that was announced.
    for (let sent = 0; sent < 300; sent++) socket.write(one);
    expect(await answered).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
    expect(await stored(site)).toEqual(before);
  });

  it('shows the person a page with the reason', async () => {
    const said = await post(Buffer.concat([...Array.from({ length: 300 }, () => part('name="cv"; filename=""')), END]));
    expect(said.status).toBe(413);
    expect(said.text).toContain('Choose fewer or smaller files');
  });

  it('is refused when it is encoded in the address’s way, before any of its fields is decoded', async () => {
    const said = await post(Buffer.from('a=&'.repeat(80_000)), 'application/x-www-form-urlencoded');
    expect(said.status).toBe(413);
  });

  it('has less text than its files may have bytes', async () => {
    const said = await post(Buffer.concat([part('name="full_name"', 'a'.repeat(SITE_LIMITS.formPostTextBytes.value + 1)), END])); // prettier-ignore
    expect(said.status).toBe(413);
  });
});

describe('a form in parts that is as it should be', () => {
  it('is read while other requests are answered', async () => {
    const body = Buffer.concat([part('name="full_name"', 'Ana'), part('name="cv"; filename="a.pdf"', pdf()), part('name="letter"; filename="b.doc"', Buffer.alloc(900 * KB, 65)), END]); // prettier-ignore
    const { socket, answered } = await announce(body.length);
    let answers = 0;
    for (let at = 0; at < body.length; at += 64 * KB) {
      socket.write(body.subarray(at, at + 64 * KB));
      answers += Number((await fetch(`${site.origin}/healthz`)).ok);
    }
    expect(await answered).toMatch(/^HTTP\/1\.1 422 /);
    expect(answers).toBe(Math.ceil(body.length / (64 * KB)));
    socket.destroy();
  });

  it('gives the same result at every cut of the network, and with any bytes after its end', async () => {
    const text = `Zoë 陈 -- --${LINE.slice(0, -1)} --${LINE}`;
    const body = Buffer.concat([part('name="full_name"', text), part('name="cv"; filename="\u7b80\u5386 %22a%22.pdf"', pdf()), part('name="letter"; filename=""'), END]); // prettier-ignore
    for (const step of [1, 7, 61, body.length - 2]) {
      const { socket, answered } = await announce(body.length);
      for (let at = 0; at < body.length; at += step) {
        socket.write(body.subarray(at, at + step));
        await new Promise((turn) => setImmediate(turn));
      }
      expect(await answered).toMatch(/^HTTP\/1\.1 303 /);
      socket.destroy();
      const { answers, files } = await latest();
      expect(answers['full_name']).toBe(text);
      expect(files).toMatchObject([{ field: 'cv', name: '\u7b80\u5386 a.pdf', size: pdf().length }]);
      await site.db.query.deleteFrom('idempotency').execute();
    }
  });

  it.each([
    ['no name', part('filename="a"', 'x')],
    ['no disposition', Buffer.from(`--${LINE}\r\nx: y\r\n\r\nz\r\n`)],
    ['a head of 20 kB', part(`name="${'a'.repeat(20_000)}"`)],
    ['a head that is not UTF-8', Buffer.concat([Buffer.from(`--${LINE}\r\ncontent-disposition: form-data; name="`), Buffer.from([0xff, 0xfe]), Buffer.from('"\r\n\r\nx\r\n')])], // prettier-ignore
    ['a head that never ends', Buffer.from(`--${LINE}\r\ncontent-disposition: form-data`)],
  ])('is refused with %s', async (_kind, bad) => {
    expect((await post(Buffer.concat([bad, END]))).status).toBe(400);
  });

  it('survives any bytes in the place of a form', async () => {
    let seed = 1;
    const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below;
    const pieces = [`--${LINE}`, '--', '\r\n', '\r', '\n', '"', ';', 'content-disposition: form-data; ', 'name=', 'filename=', 'full_name', '=', '\0', 'é', '%22', '\\']; // prettier-ignore
    const bodies = Array.from({ length: 200 }, () => Array.from({ length: random(40) }, () => pieces[random(pieces.length)]).join('')); // prettier-ignore
    const statuses = await Promise.all(bodies.map((text) => post(Buffer.from(`--${LINE}\r\n${text}`)).then(({ status }) => status))); // prettier-ignore
    expect(statuses.filter((status) => ![303, 400, 422].includes(status))).toEqual([]);
    expect((await fetch(`${site.origin}/healthz`)).status).toBe(200);
  });
});
