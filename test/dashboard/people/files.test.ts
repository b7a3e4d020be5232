/** Files and sensitive answers, as members see them. */
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskStore } from '../../../src/record/files/disk.ts';
import { s3Store } from '../../../src/record/files/s3.ts';
import { addFile, markFileRemoved, writeBytes } from '../../../src/record/files/files.ts';
import { listEvents } from '../../../src/record/event-queries.ts';
import { newId } from '../../../src/record/ids.ts';
import type { Submission } from '../../../src/record/submissions/submissions.ts';
import { mergeAnswers } from '../../../src/record/submissions/save-answers.ts';
import { later, NOW, temporaryDatabase, temporaryFolder } from '../../helpers/database.ts';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { docx, jpeg, largePng, pdf, png } from '../../helpers/samples/files.ts';
import { createClient, MEMBER, openClient } from '../../helpers/dashboard-client.ts';
import { compiled, publish } from '../forms.ts';

const LOAN = compiled(
  `
title: Loan
screens:
  - id: about
    title: About
    fields:
      - { id: full_name, type: text, label: Full name, sensitive: true }
      - { id: email, type: email, label: Email }
      - { id: tax, type: text, label: Tax number, sensitive: true }
      - { id: home, type: address, label: Home }
      - { id: cv, type: file, label: CV, accept: [pdf, image, document], max_files: 5 }
      - { id: payslip, type: file, label: Payslip, sensitive: true }
  - { id: end, title: 'Nearly there, {full_name}' }
endings: [{ id: done, title: Done }]
`,
  'loan',
);

/** The beginning of a JPEG file of this size, with so many bytes before its size. */
function jpegOf(width: number, height: number, before = 10): Buffer {
  const parts = [Buffer.from('ffd8', 'hex')];
  for (let left = before; left > 0; left -= 60_000) {
    const part = Buffer.alloc(4 + Math.min(left, 60_000));
    part.writeUInt16BE(0xffe1, 0);
    part.writeUInt16BE(part.length - 2, 2);
    parts.push(part);
  }
  const size = Buffer.from('ffc20011080000000003012200021101031101', 'hex');
  size.writeUInt16BE(height, 5);
  size.writeUInt16BE(width, 7);
  return Buffer.concat([...parts, size, Buffer.from('ffda', 'hex'), Buffer.alloc(20)]);
}

const webpOf = (chunk: string, data: string): Buffer =>
  Buffer.concat([Buffer.from(`RIFF\0\0\0\0WEBP${chunk}\0\0\0\0`), Buffer.from(data.replaceAll(' ', ''), 'hex'), Buffer.alloc(20)]); // prettier-ignore

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

async function open() {
  const db = await temporaryDatabase();
  const folder = join(temporaryFolder(), 'files');
  const files = diskStore(folder);
  const make = await publish(db, LOAN);
  const submission = await make({
    full_name: 'Ana Secret',
    email: 'ana@mail.example',
    tax: 'TAX-123-456',
    home: { line1: '1 Main St', city: 'Cebu' },
  });
  async function add(field: string, name: string, type: string, bytes: Uint8Array, to: Submission = submission) {
    const id = newId(NOW);
    await writeBytes(db, files, id, [bytes]);
    await addFile(db, { id, submissionId: to.id, field, name, type, size: bytes.length, sha256: '' }, NOW);
    return id;
  }
  const path = `/admin/forms/loan/people/${submission.id}`;
  return { db, files, folder, make, submission, add, path, member: await openClient(db, { files }) };
}

describe('sensitive answers', () => {
  it('are not in the page of the submission until one is asked for, and others are', async () => {
    const { member, path } = await open();
    const { text } = await member.ask(path);
    expect(text).not.toMatch(/Ana Secret|TAX-123/);
    expect(text).toMatch(/1 Main St.*Cebu/);
    expect(text.replace(/<[^>]*>/g, '')).toMatch(/Full name\s*•••\s*Show Full name/);
    const asked = await member.send(`${path}/sensitive`, { field: 'tax' });
    expect([asked.status, asked.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(asked.text).toContain('TAX-123-456');
    expect(asked.text).not.toContain('Ana Secret');
    expect((await member.ask(path)).text).not.toContain('TAX-123');
  });

  it('keep each reader and time, on the page too', async () => {
    const { db, submission, member, path, add } = await open();
    const payslip = await add('payslip', 'pay.pdf', 'application/pdf', pdf());
    member.at(later(60));
    await member.send(`${path}/sensitive`, { field: 'tax' });
    const asked = await member.send(`${path}/sensitive`, { field: 'payslip' });
    expect(asked.text).toContain(payslip);
    const events = await listEvents(db, { id: submission.id, smileUserId: null });
    expect(events.map(({ name, source, at, data }) => [name, source, at, data])).toEqual(
      ['tax', 'payslip'].map((field) => [
        'sensitiveShown',
        'server',
        later(60).toISOString(),
        { fields: [field], email: MEMBER.email, member: expect.any(String) },
      ]),
    );
    expect(asked.text.replace(/<[^>]*>/g, '')).toMatch(/Private answer shown.*“Payslip”\. By ops@acme\.example/);
  });

  it('record each member who opens a sensitive file, and no opening of other files', async () => {
    const { db, submission, member, path, add } = await open();
    const [payslip, cv] = [await add('payslip', 'pay.pdf', 'application/pdf', pdf()), await add('cv', 'cv.pdf', 'application/pdf', pdf())]; // prettier-ignore
    for (const file of [payslip, cv, payslip]) expect((await member.ask(`${path}/files/${file}`)).status).toBe(200);
    const events = await listEvents(db, { id: submission.id, smileUserId: null });
    const opened = { fields: ['payslip'], file: 'pay.pdf', email: MEMBER.email, member: expect.any(String) };
    expect(events.map(({ name, data }) => [name, data])).toEqual(Array(2).fill(['sensitiveFileOpened', opened]));
    const { text } = await member.ask(path);
    expect(text.replace(/<[^>]*>/g, '')).toMatch(/Private file opened.*“Payslip”\. By ops@acme\.example/);
    expect(text).not.toContain('pay.pdf');
  });

  it('are shown to members only, and nothing is recorded where nothing is shown', async () => {
    const { db, files, submission, member, path } = await open();
    const stranger = await createClient(db, { files });
    for (const [who, field, to] of [
      [stranger, 'tax', `/admin/sign-in?next=${encodeURIComponent(path)}&lost=view`],
      [member, 'email', path],
      [member, 'payslip', path],
      [member, '__proto__', path],
    ] as const) {
      const { status, location, text } = await who.send(`${path}/sensitive`, { field });
      expect([status, location, text]).toEqual([303, to, '']);
    }
    expect((await member.send(`${path}/sensitive`, { field: 'tax' }, { origin: 'https://evil.example' })).status).toBe(403); // prettier-ignore
    expect((await member.ask(`${path}/sensitive`)).text).not.toContain('TAX-123');
    const strange = await stranger.send('/admin/forms/loan/submissions.csv', {});
    expect([strange.status, strange.text]).toEqual([303, '']);
    expect(await listEvents(db, { id: submission.id, smileUserId: null })).toEqual([]);
  });

  it('are left out of the table of submissions, and of titles with answers in them', async () => {
    const { member, path } = await open();
    const { text } = await member.ask('/admin/forms/loan/people');
    expect(text).toContain('ana@mail.example');
    expect(text).not.toMatch(/Ana Secret|TAX-123/);
    expect((await member.ask(path)).text).not.toContain('Nearly there, Ana');
  });

  it('are covered in the CSV file, unless it is asked for with them, which every submission keeps', async () => {
    const { db, make, submission, member, add } = await open();
    const payslip = await add('payslip', 'secret name.pdf', 'application/pdf', pdf());
    await mergeAnswers(db, submission.id, { set: { payslip: [payslip] }, clear: [] }, NOW);
    const without = await make({ email: 'ben@mail.example' });
    expect((await member.ask('/admin/forms/loan/people')).text).toContain('Download with private answers');
    const covered = (await member.ask('/admin/forms/loan/submissions.csv')).text;
    expect(covered).not.toMatch(/Ana Secret|TAX-123|secret name/);
    expect(covered).toMatch(/•••,ana@mail\.example,•••,/);
    expect(await listEvents(db, submission)).toEqual([]);
    const { text, headers } = await member.send('/admin/forms/loan/submissions.csv', {});
    expect(text).toMatch(/Ana Secret.*TAX-123-456.*secret name/);
    expect(headers.get('content-disposition')).toContain('loan-sensitive-2026-11-24.csv');
    const [event, ...more] = await listEvents(db, submission);
    expect([event?.name, event?.data, more]).toEqual([
      'sensitiveDownloaded',
      { fields: ['full_name', 'tax', 'payslip'], email: MEMBER.email, member: expect.any(String) },
      [],
    ]);
    expect(await listEvents(db, without)).toEqual([]);
  });

  it('that cannot be opened say so, and nothing else is kept from view', async () => {
    const { db, submission, member, path } = await open();
    const sealed = { tax: { $sealed: 'sealed:1:00000000:AAAAAAAAAAAAAAAA:AAAA:AAAAAAAAAAAAAAAAAAAAAA' }, email: 'ana@mail.example' }; // prettier-ignore
    await db.query.updateTable('submissions').set({ answers: JSON.stringify(sealed) }).where('id', '=', submission.id).execute(); // prettier-ignore
    for (const page of [path, '/admin/forms/loan/submissions.csv']) {
      const { status, text } = await member.ask(page);
      expect([status, text]).toEqual([200, expect.stringMatching(/annot be opened\. It was encrypted with another SECRET_KEY/)]); // prettier-ignore
      expect(text).toContain('ana@mail.example');
    }
    expect((await member.ask('/admin/forms/loan/people')).status).toBe(200);
  });
});

describe('files', () => {
  it('are listed by name, kind and size, pictures in small, and covered where they are sensitive', async () => {
    const { member, path, add } = await open();
    const cv = await add('cv', 'cv <1>.pdf', 'application/pdf', pdf());
    const photo = await add('cv', 'me.png', 'image/png', png());
    const payslip = await add('payslip', 'pay.jpg', 'image/jpeg', jpeg);
    const { text, headers } = await member.ask(path);
    const [before = ''] = text.split('Payslip');
    expect(before).toContain(`href="${path}/files/${cv}"`);
    expect(before).toContain('cv &lt;1&gt;.pdf');
    expect(before).toMatch(/<small>PDF, 1 kB<\/small>/);
    expect(before).toContain(`<img src="${path}/files/${photo}?preview"`);
    expect(before).not.toContain(`<img src="${path}/files/${cv}`);
    expect(text).not.toMatch(new RegExp(`${payslip}|pay\\.jpg`));
    const asked = await member.send(`${path}/sensitive`, { field: 'payslip' });
    expect(asked.text).toContain(`<img src="${path}/files/${payslip}?preview"`);
    expect(headers.get('content-security-policy')).toContain("img-src 'self' data:");
  });

  it('are named in the CSV file where an answer holds them', async () => {
    const { db, submission, member, add } = await open();
    const ids = [await add('cv', 'a.pdf', 'application/pdf', pdf()), await add('cv', '=b.png', 'image/png', png())];
    await add('cv', 'not answered.pdf', 'application/pdf', pdf());
    await mergeAnswers(db, submission.id, { set: { cv: ids }, clear: [] }, NOW);
    const { text } = await member.ask('/admin/forms/loan/submissions.csv');
    expect(text).toContain("a.pdf; '=b.png");
    expect(text).not.toContain('not answered');
  });

  it.each([
    ['a picture', 'me.png', 'image/png', png('<script>'), 'inline', /sandbox/],
    ['a PDF', 'cv.pdf', 'application/pdf', pdf(), 'inline', /^frame-ancestors 'none'$/],
    ['a document', 'cv.docx', DOCX, docx(), 'attachment', /sandbox/],
    ['a picture that few browsers show', 'me.heic', 'image/heic', png(), 'attachment', /sandbox/],
  ])('come with their own type: %s', async (_kind, name, type, bytes, how, policy) => {
    const { member, path, add } = await open();
    const id = await add('cv', name, type, bytes);
    const { status, headers, text } = await member.ask(`${path}/files/${id}`);
    expect([status, headers.get('content-type')]).toEqual([200, type]);
    expect(text).toBe(bytes.toString());
    expect(headers.get('content-disposition')).toBe(`${how}; filename="${name}"; filename*=UTF-8''${name}`);
    expect(headers.get('content-security-policy')).toMatch(policy);
    expect([headers.get('x-content-type-options'), headers.get('cache-control')]).toEqual(['nosniff', 'no-store']);
  });

  it('that are damaged say so, and not that another try helps', async () => {
    const { member, path, add, folder } = await open();
    const id = await add('cv', 'cv.pdf', 'application/pdf', pdf());
    truncateSync(join(folder, id.slice(-2), id), 60);
    const { status, text } = await member.ask(`${path}/files/${id}`);
    expect(status).toBe(500);
    expect(text).toMatch(/This file cannot be opened.*It was changed, shortened or moved after it was encrypted/s);
    expect(text).not.toMatch(/try again/i);
  });

  it('that are pictures are shown up to so many pixels, however few bytes they have', async () => {
    const { member, path, add } = await open();
    const { value: most } = SITE_LIMITS.shownPicturePixels;
    const shown: [string, Buffer, boolean][] = [
      ['image/png', largePng(16_000, 16_000), false],
      ['image/png', largePng(5_000, most / 5_000), true],
      ['image/png', largePng(5_000, most / 5_000 + 1), false],
      ['image/jpeg', jpegOf(4_000, 3_000), true],
      ['image/jpeg', jpegOf(65_000, 65_000), false],
      ['image/jpeg', jpegOf(4_000, 3_000, 100_000), true],
      ['image/jpeg', jpegOf(4_000, 3_000, 400_000), false],
      ['image/jpeg', Buffer.from('ffd8ffe00001ffff', 'hex'), false],
      ['image/webp', webpOf('VP8X', '00000000 9f0f00 b70b00'), true],
      ['image/webp', webpOf('VP8X', '00000000 ffffff ffffff'), false],
      ['image/webp', webpOf('VP8L', '2f ffffff0f'), false],
      ['image/webp', webpOf('VP8 ', '000000 9d012a a00f b80b'), true],
    ];
    expect(shown[0]![1].length).toBeLessThan(50_000);
    for (const [index, [type, bytes, isShown]] of shown.entries()) {
      const id = await add('cv', 'photo', type, bytes);
      const [file, preview] = [
        await member.ask(`${path}/files/${id}`),
        await member.ask(`${path}/files/${id}?preview`),
      ];
      const how = file.headers.get('content-disposition')?.split(';')[0];
      expect([index, how, preview.headers.get('content-type')]).toEqual([index, isShown ? 'inline' : 'attachment', isShown ? type : 'image/svg+xml']); // prettier-ignore
      expect([file.status, file.headers.get('content-type'), file.headers.get('content-length')]).toEqual([200, type, String(bytes.length)]); // prettier-ignore
      expect(file.text).toBe(bytes.toString());
    }
  });

  it('that are pictures are shown in small, up to so many of them', async () => {
    const { member, path, add } = await open();
    const { value: most } = SITE_LIMITS.shownPicturesPerPage;
    for (let at = 0; at <= most; at++) await add('cv', `${at}.png`, 'image/png', png());
    const { text } = await member.ask(path);
    expect(text.match(/<img src="[^"]*\?preview"/g)).toHaveLength(most);
    expect(text).toContain(`${most}.png`);
  });

  it('are 503 with when to come again while their bucket is away, and everything else goes on', async () => {
    const { db, path, add } = await open();
    const id = await add('cv', 'cv.pdf', 'application/pdf', pdf());
    const away = s3Store({ url: 'http://127.0.0.1:9/forms', region: 'r', accessKeyId: 'k', secretAccessKey: 's', patienceMs: 500 }); // prettier-ignore
    const member = await createClient(db, { files: away });
    await member.signIn();
    const { status, headers, text } = await member.ask(`${path}/files/${id}`);
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(text).toContain('<h1>This does not work right now</h1>');
    expect((await member.ask(path)).status).toBe(200);
  });

  it('are for members only', async () => {
    const { db, files, path, add } = await open();
    const id = await add('cv', 'cv.pdf', 'application/pdf', pdf('secret'));
    const stranger = await createClient(db, { files });
    const { status, location, text } = await stranger.ask(`${path}/files/${id}`);
    expect([status, location]).toEqual([303, expect.stringMatching(/^\/admin\/sign-in/)]);
    expect(text).not.toContain('secret');
  });

  it('are not found in another submission or form, once they are removed, or when there are none', async () => {
    const { db, make, submission, member, path, add } = await open();
    const other = await make({});
    const [theirs, removed] = [await add('cv', 'a.pdf', 'application/pdf', pdf(), other), await add('cv', 'b.pdf', 'application/pdf', pdf())]; // prettier-ignore
    await markFileRemoved(db, [removed], NOW);
    const [none, secret] = [crypto.randomUUID(), '..%2f..%2fflipsite.sqlite'];
    for (const at of [theirs, removed, none, secret].map((id) => `${path}/files/${id}`).concat(`/admin/forms/driver/people/${submission.id}/files/${theirs}`)) {
      expect((await member.ask(at)).status, at).toBe(404);
    } // prettier-ignore
    expect((await member.ask(`/admin/forms/loan/people/${other.id}/files/${theirs}`)).status).toBe(200);
  });
});
