/** Files brought by people, and by those who mean no good. */
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { docx, jpeg, pdf, png, pngOf, zip } from '../helpers/samples/files.ts';
import { ask, type TestSite } from '../helpers/site.ts';
import { itLong } from '../helpers/run/it-long.ts';
import { begin, eventually, expectRefusal, raw, send } from '../helpers/api/client.ts';
import { beforePapers, bytesOf, KB, keptBy, openPapers, type PaperDraft } from '../helpers/api/papers.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openPapers();
});
afterAll(() => site.close());

/** The stored bytes and the rows are the same files, whatever happened. */
async function expectWhole(): Promise<void> {
  const rows = await site.db.query.selectFrom('files').select('id').where('removed_at', 'is', null).execute();
  expect(keptBy(site)).toEqual(rows.map(({ id }) => id).sort());
}
afterEach(expectWhole);

const rowsOf = (draft: PaperDraft) =>
  site.db.query.selectFrom('files').selectAll().where('submission_id', '=', draft.id).execute();

async function storesNothing(draft: PaperDraft, attack: () => Promise<unknown>): Promise<void> {
  const before = await rowsOf(draft);
  await attack();
  expect(await rowsOf(draft)).toEqual(before);
}

describe('bringing a file', () => {
  it('keeps its bytes, and answers with its type and name', async () => {
    const draft = await beforePapers(site);
    const said = await draft.upload('cv', pdf('Ana'), { 'x-file-name': encodeURIComponent('Currículum (1).pdf') });
    expect([said.status, said.body]).toEqual([
      201,
      { id: expect.any(String), name: 'Currículum (1).pdf', type: 'application/pdf', size: pdf('Ana').length },
    ]);
    expect((await draft.files()).body).toEqual({ items: [{ ...said.body, field: 'cv' }] });
    const got = await draft.get(said.body.id);
    expect((await bytesOf(got)).equals(pdf('Ana'))).toBe(true);
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': `attachment; filename="Curr_culum (1).pdf"; filename*=UTF-8''Curr%C3%ADculum%20%281%29.pdf`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  it('is kept sealed, in the store and in the database', async () => {
    const draft = await beforePapers(site);
    await draft.upload('cv', pdf('Ana'), { 'x-file-name': 'unmistakable.pdf', 'idempotency-key': 'k' });
    const rows = JSON.stringify([await rowsOf(draft), await site.db.query.selectFrom('idempotency').selectAll().execute(), await site.db.query.selectFrom('events').selectAll().execute()]); // prettier-ignore
    expect(rows).not.toContain('unmistakable');
    expect(site.logged()).not.toContain('unmistakable');
  });

  it('takes one of exactly the largest size, and none with a byte more', async () => {
    const draft = await beforePapers(site);
    expect((await draft.upload('cv', pngOf(100 * KB))).status).toBe(201);
    const said = await draft.upload('cv', pngOf(100 * KB + 1));
    expectRefusal(said, 413, 'too_large');
    expect(said.body.error.fields).toEqual({ cv: 'Choose a file of 100 kB or less' });
  });

  it('counts a body without a length too, and reads no more than the limit', async () => {
    const draft = await beforePapers(site);
    const chunk = pngOf(60 * KB);
    const part = [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n'];
    const head = `POST /api/submissions/${draft.id}/files?field=cv HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${draft.token}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n`;
    expect(await raw(site.port, head, ...part, '0\r\n\r\n')).toMatch(/^HTTP\/1\.1 201 /);
    expect(await raw(site.port, head, ...part, ...part, '0\r\n\r\n')).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('says so of a file that is far too large while it is still being sent', async () => {
    const draft = await beforePapers(site);
    expectRefusal(await draft.upload('cv', pngOf(30 * KB * KB)), 413, 'too_large');
    expect((await draft.upload('cv', pdf())).status).toBe(201);
  });

  it('refuses an empty file with a message of its own, in the language of the person', async () => {
    const draft = await beforePapers(site, { language: 'es' });
    const said = await draft.upload('cv', new Uint8Array());
    expectRefusal(said, 415, 'unsupported_type');
    expect(said.body.error.fields).toEqual({ cv: 'Elige otro archivo, porque este está vacío' });
  });

  it('refuses one more than the field takes, until another is taken back', async () => {
    const draft = await beforePapers(site);
    const [one] = [await draft.upload('cv', pdf('1')), await draft.upload('cv', pdf('2'))];
    const third = () => draft.upload('cv', pdf('3'), { 'idempotency-key': 'third' });
    const said = await third();
    expectRefusal(said, 422, 'too_many_files');
    expect(said.body.error).toMatchObject({
      message: 'This field accepts no more files. Remove one first.',
      fields: { cv: 'Choose 2 files at most' },
    });
    await draft.remove(one.body.id);
    expect((await third()).status).toBe(201);
  });

  it('never takes one more than the field takes, however many come at once', async () => {
    const draft = await beforePapers(site);
    const said = await Promise.all(Array.from({ length: 10 }, (_, index) => draft.upload('cv', pdf(String(index)))));
    expect(said.map(({ status }) => status).sort()).toEqual([201, 201, ...Array<number>(8).fill(422)]);
    expect(await rowsOf(draft)).toHaveLength(2);
  });

  it.each(['', 'full_name', 'nothing', 'constructor', '__proto__'])('is refused for the field %j', async (field) => {
    const draft = await beforePapers(site);
    await storesNothing(draft, async () => expectRefusal(await draft.upload(field, pdf()), 400, 'invalid_request'));
  });

  it.each(['%', '%E0%A4%A', '%ff'])('is refused with a name that is not percent-encoded: %s', async (name) => {
    const draft = await beforePapers(site);
    await storesNothing(draft, async () => expectRefusal(await draft.upload('cv', pdf(), { 'x-file-name': name }), 400)); // prettier-ignore
  });

  it.each([
    ['../../../../etc/cron.d/x', 'x.pdf'],
    ['..\\..\\x.pdf', 'x.pdf'],
    ['a\r\nx: y.pdf', 'ax y.pdf'],
    ['\u0000', 'file.pdf'],
    ['x'.repeat(5_000), `${'x'.repeat(116)}.pdf`],
  ])('named %j is called something harmless', async (given, name) => {
    const draft = await beforePapers(site);
    const said = await draft.upload('cv', pdf(), { 'x-file-name': encodeURIComponent(given) });
    expect(said.body.name).toBe(name);
    const got = await draft.get(said.body.id);
    expect([got.status, got.headers.get('x')]).toEqual([200, null]);
  });
});

describe('the type of a file', () => {
  const html = '<!doctype html><script>alert(1)</script>';
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

  it.each<[string, string, Uint8Array]>([
    ['HTML', 'cv', Buffer.from(html)],
    ['SVG', 'cv', Buffer.from(svg)],
    ['SVG with an XML declaration', 'cv', Buffer.from(`<?xml version="1.0"?>${svg}`)],
    ['text', 'cv', Buffer.from('just text')],
    ['a script', 'cv', Buffer.from('#!/bin/sh\nrm -rf /\n')],
    ['a program', 'cv', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500)])],
    ['a JPEG where PNG and PDF are asked for', 'cv', jpeg],
    ['the beginning of the beginning of a PNG', 'cv', png().subarray(0, 4)],
    ['HTML before a PDF', 'cv', Buffer.concat([Buffer.from(html), pdf()])],
    ['a plain ZIP where a document is asked for', 'letter', zip({ 'a.txt': 'a' })],
    ['a program in a ZIP', 'letter', zip({ 'AndroidManifest.xml': 'x', 'classes.dex': 'x' })],
    ['a PDF where a document is asked for', 'letter', pdf()],
    ['a PDF as a signature', 'signed', pdf()],
    ['noise', 'cv', Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7_919) % 251))],
  ])('is found in its bytes: %s is refused under any name and declared type', async (_kind, field, bytes) => {
    const draft = await beforePapers(site);
    await storesNothing(draft, async () => {
      for (const [name, type] of [['me.png', 'image/png'], ['cv.pdf', 'application/pdf'], ['a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document']]) {
        const said = await draft.upload(field, bytes, { 'x-file-name': name ?? '', 'content-type': type ?? '' });
        expectRefusal(said, 415, 'unsupported_type');
        expect(said.body.error.fields[field]).toMatch(/^Choose /);
      } // prettier-ignore
    });
  });

  it('is found in its bytes, also when the name and the declared type are wrong', async () => {
    const draft = await beforePapers(site);
    const said = await draft.upload('cv', png(), { 'x-file-name': 'evil.html', 'content-type': 'text/html' });
    expect(said.body).toMatchObject({ name: 'evil.html.png', type: 'image/png' });
    expect((await draft.get(said.body.id)).headers.get('content-type')).toBe('image/png');
  });

  it('is a PNG still when a script follows, and is never given back as anything else', async () => {
    const draft = await beforePapers(site);
    const said = await draft.upload('cv', png(html), { 'x-file-name': 'x.html' });
    expect(said.body.type).toBe('image/png');
    const got = await draft.get(said.body.id);
    expect([got.headers.get('content-type'), got.headers.get('x-content-type-options')]).toEqual(['image/png', 'nosniff']); // prettier-ignore
    expect((await bytesOf(got)).equals(png(html))).toBe(true);
  });

  it('of a document is found in its content', async () => {
    const draft = await beforePapers(site);
    expect((await draft.upload('letter', docx(), { 'x-file-name': 'letter.zip' })).body).toMatchObject({
      name: 'letter.zip.docx',
      type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    });
  });

  itLong('never unpacks more than it needs: a document that would be 100 MB is just a small file', async () => {
    const draft = await beforePapers(site);
    const bomb = docx({ 'word/media/image1.png': Buffer.alloc(100 * KB * KB) });
    expect(bomb.length).toBeLessThan(KB * KB);
    expect((await draft.upload('letter', bomb)).status).toBe(201);
    const first = zip({ '[Content_Types].xml': Buffer.alloc(100 * KB * KB), 'word/document.xml': 'x' });
    expectRefusal(await (await beforePapers(site)).upload('letter', first), 415, 'unsupported_type');
  });
});

describe('a retry', () => {
  it('under one key is one file, also at once, and gets the same answer', async () => {
    const draft = await beforePapers(site);
    const one = () => draft.upload('cv', pdf('1'), { 'idempotency-key': 'one', 'x-file-name': 'cv.pdf' });
    const said = [await one(), ...(await Promise.all([one(), one(), one()]))];
    expect(new Set(said.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await rowsOf(draft)).toHaveLength(1);
    const events = await site.db.query
      .selectFrom('events')
      .select('name')
      .where('submission_id', '=', draft.id)
      .execute();
    expect(events.filter(({ name }) => name === 'fileAdded')).toHaveLength(1);
  });

  it('at once, before any was answered, is one file', async () => {
    const draft = await beforePapers(site);
    const both = () => draft.upload('cv', pdf('2'), { 'idempotency-key': 'both' });
    const [one, other] = await Promise.all([both(), both()]);
    expect(one.body).toEqual(other.body);
    expect(await rowsOf(draft)).toHaveLength(1);
  });

  it('of another file, field or name under the key is refused', async () => {
    const draft = await beforePapers(site);
    const key = { 'idempotency-key': 'k', 'x-file-name': 'a.png' };
    await draft.upload('cv', png(), key);
    await storesNothing(draft, async () => {
      for (const said of [
        await draft.upload('cv', png('other'), key),
        await draft.upload('signed', png(), key),
        await draft.upload('cv', png(), { ...key, 'x-file-name': 'b.png' }),
      ])
        expectRefusal(said, 422, 'idempotency_conflict');
    });
  });

  it('that comes late, after the form was sent, still gets its first answer', async () => {
    const draft = await beforePapers(site);
    const one = () => draft.upload('cv', pdf('late'), { 'idempotency-key': 'late' });
    const { body } = await one();
    await draft.put('papers', { cv: [body.id] });
    expect((await draft.post('submit')).status).toBe(200);
    const again = await one();
    expect([again.status, again.body]).toEqual([201, body]);
  });

  it('without a key stores a second file', async () => {
    const draft = await beforePapers(site);
    expect((await draft.upload('cv', pdf())).body.id).not.toBe((await draft.upload('cv', pdf())).body.id);
  });
});

describe('a body that is cut off', () => {
  it.each([10, 70_000])('after %i bytes leaves nothing, and the site goes on', async (sent) => {
    const draft = await beforePapers(site);
    const { connect } = await import('node:net');
    const socket = connect(site.port, '127.0.0.1');
    const head = `POST /api/submissions/${draft.id}/files?field=cv HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${draft.token}\r\ncontent-length: 90000\r\n\r\n`;
    await new Promise<void>((done) => socket.write(Buffer.concat([Buffer.from(head), pngOf(90_000).subarray(0, sent)]), () => done())); // prettier-ignore
    if (sent > 65_536) await eventually(async () => keptBy(site).some((name) => name.endsWith('.part')));
    socket.destroy();
    await eventually(async () => !keptBy(site).some((name) => name.endsWith('.part')));
    expect(await rowsOf(draft)).toEqual([]);
    expect((await draft.upload('cv', pdf())).status).toBe(201);
    expect(site.logged()).not.toContain('A request failed');
  });
});

describe('whose file it is', () => {
  it('needs the token of the submission', async () => {
    const [mine, other] = [await beforePapers(site), await beforePapers(site)];
    const { id } = (await mine.upload('cv', pdf())).body;
    const path = `/api/submissions/${mine.id}/files`;
    for (const [method, at] of [['POST', `${path}?field=cv`], ['GET', path], ['GET', `${path}/${id}`], ['DELETE', `${path}/${id}`]] as const) {
      const body = method === 'POST' ? pdf() : undefined;
      expectRefusal(await send(site, method, at, body), 401, 'unauthorized');
      for (const token of [other.token, 'x'.repeat(43)])
        expectRefusal(await send(site, method, at, body, { authorization: `Bearer ${token}` }), 404, 'unknown_submission');
    } // prettier-ignore
    expect((await mine.files()).body.items).toHaveLength(1);
  });

  it('is not found in another submission, and cannot be taken back or answered there', async () => {
    const [mine, other] = [await beforePapers(site), await beforePapers(site)];
    const { id } = (await mine.upload('cv', pdf())).body;
    expect((await other.get(id)).status).toBe(404);
    expectRefusal(await other.remove(id), 404, 'unknown_file');
    const said = await other.put('papers', { cv: [id] });
    expectRefusal(said, 422, 'invalid_answers');
    expect(said.body.error.fields).toEqual({ cv: 'Choose the file again' });
    expect((await mine.get(id)).status).toBe(200);
  });

  it('is said to be damaged, and not that another try helps, where bytes are missing', async () => {
    const draft = await beforePapers(site);
    const { id } = (await draft.upload('cv', pdf())).body;
    truncateSync(join(site.folder, 'data', 'files', id.slice(-2), id), 60);
    const answer = await draft.get(id);
    const { error } = (await answer.json()) as { error: { code: string; message: string; requestId: string } };
    expect([answer.status, error.code]).toEqual([500, 'unreadable_file']);
    expect(error.message).toBe('This file cannot be opened. It is damaged, or its key is missing.');
    expect(site.logged()).toContain(error.requestId);
  });

  it.each(['..', '%2e%2e%2f%2e%2e%2fflipsite.sqlite', 'x', '00000000-0000-0000-0000-000000000000'])(
    'is not found under %s',
    async (file) => {
      const draft = await beforePapers(site);
      expect((await draft.get(file)).status).toBe(404);
      expect((await draft.remove(file)).status).toBeGreaterThanOrEqual(404);
    },
  );
});

describe('answering with files', () => {
  it('accepts the files of the same field, and submits', async () => {
    const draft = await beforePapers(site);
    const cv = [(await draft.upload('cv', pdf('1'))).body.id, (await draft.upload('cv', png())).body.id];
    const signed = [(await draft.upload('signed', png())).body.id];
    expect((await draft.put('papers', { cv, signed })).status).toBe(200);
    expect((await draft.post('submit')).status).toBe(200);
    const item = await ask<Record<string, unknown>>(site, `submissions/${draft.id}`);
    expect(item['answers']).toMatchObject({ cv, signed, tax: 'TAX-123-456' });
    expect(item['files']).toHaveLength(3);
  });

  it.each<[string, (id: string, other: string) => unknown, string]>([
    ['a file of another field', (_, other) => [other], 'Choose the file again'],
    ['a file that never came', () => [crypto.randomUUID()], 'Choose the file again'],
    ['a file twice', (id) => [id, id], 'Choose the file again'],
    ['one of them from elsewhere', (id, other) => [id, other], 'Choose the file again'],
    ['a text', (id) => id, 'Choose the file again'],
    ['no file', () => [], 'Choose a file for “CV”'],
    ['nothing', () => null, 'Choose a file for “CV”'],
    ['a path', () => ['../../secret.key'], 'Choose the file again'],
    ['three', () => [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()], 'Choose 2 files at most'],
  ])('refuses %s', async (_kind, answer, sentence) => {
    const draft = await beforePapers(site);
    const id = (await draft.upload('cv', pdf())).body.id;
    const other = (await draft.upload('signed', png())).body.id;
    const said = await draft.put('papers', { cv: answer(id, other) });
    expectRefusal(said, 422, 'invalid_answers');
    expect(said.body.error.fields).toEqual({ cv: sentence });
  });

  it('refuses a file that was taken back, and the answer no longer has one taken back later', async () => {
    const draft = await beforePapers(site);
    const [kept, gone] = [(await draft.upload('cv', pdf('1'))).body.id, (await draft.upload('cv', pdf('2'))).body.id];
    await draft.put('papers', { cv: [kept, gone] });
    expect((await draft.remove(gone)).status).toBe(200);
    expect((await draft.remove(gone)).status).toBe(200);
    expect((await draft.get(gone)).status).toBe(404);
    expectRefusal(await draft.put('papers', { cv: [kept, gone] }), 422, 'invalid_answers');
    await draft.post('submit');
    expect((await ask<{ answers: unknown }>(site, `submissions/${draft.id}`)).answers).toMatchObject({ cv: [kept] });
  });

  it('cannot be sent without a file that is required and was taken back', async () => {
    const draft = await beforePapers(site);
    const { id } = (await draft.upload('cv', pdf())).body;
    await draft.put('papers', { cv: [id] });
    await draft.remove(id);
    const said = await draft.post('submit');
    expectRefusal(said, 422, 'incomplete');
    expect(said.body.error).toMatchObject({ screen: 'papers', fields: { cv: 'Choose a file for “CV”' } });
  });

  it('sending removes the files that the answers do not name, of hidden fields too', async () => {
    const draft = await beforePapers(site);
    const [kept, other] = [(await draft.upload('cv', pdf('1'))).body.id, (await draft.upload('cv', pdf('2'))).body.id];
    const hidden = (await draft.upload('contract', pdf())).body.id;
    await draft.put('papers', { cv: [kept] });
    await draft.post('submit');
    expect(keptBy(site)).toContain(kept);
    for (const id of [other, hidden]) expect(keptBy(site)).not.toContain(id);
  });

  it('keeps all of them when sending is refused', async () => {
    const draft = await beforePapers(site);
    const { id } = (await draft.upload('cv', pdf())).body;
    expectRefusal(await draft.post('submit'), 422, 'incomplete');
    expect((await draft.get(id)).status).toBe(200);
  });
});

describe('after the form was sent', () => {
  it('no file is taken, taken back or shown again', async () => {
    const draft = await beforePapers(site);
    const { id } = (await draft.upload('cv', pdf())).body;
    await draft.put('papers', { cv: [id] });
    await draft.post('submit');
    expectRefusal(await draft.upload('cv', png()), 409, 'already_submitted');
    expectRefusal(await draft.remove(id), 409, 'already_submitted');
    expect((await draft.files()).body).toEqual({ items: [] });
    const read = await draft.get(id);
    expect(read.status).toBe(404);
    expect(await read.text()).toContain('After the submit, the token of a submission reads no file.');
    expect(keptBy(site)).toContain(id);
  });
});

describe('sensitive answers', () => {
  it('can be read by the person who gave them, and are encrypted in the store', async () => {
    const draft = await beforePapers(site);
    const said = await send(site, 'GET', `/api/submissions/${draft.id}/answers`, undefined, draft.headers);
    expect(said.body.answers).toMatchObject({ tax: 'TAX-123-456' });
    const row = await site.db.query
      .selectFrom('submissions')
      .select('answers')
      .where('id', '=', draft.id)
      .executeTakeFirst();
    expect(JSON.parse(row?.answers ?? '')).toEqual({ full_name: 'Ana', tax: { $sealed: expect.any(String) } });
  });

  it('are in no remembered answer to a request and in no event', async () => {
    const draft = await begin(site, 'papers');
    await draft.put('about', { full_name: 'Ana', tax: 'TAX-777' }, { 'idempotency-key': 'k' });
    const tables = [
      site.db.query.selectFrom('idempotency').selectAll(),
      site.db.query.selectFrom('events').selectAll(),
    ] as const;
    expect(JSON.stringify([await tables[0].execute(), await tables[1].execute()])).not.toContain('TAX-777');
    expect(site.logged()).not.toContain('TAX-777');
  });
});
