/** A person asks what is held on them, and that it be erased. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskStore } from '../../src/record/files/disk.ts';
import { addFile, writeBytes } from '../../src/record/files/files.ts';
import { listEvents } from '../../src/record/events.ts';
import { recordAttempt } from '../../src/record/deliveries.ts';
import { newId } from '../../src/record/ids.ts';
import { createInvitations, listInvitations, markOpened, tieSubmission } from '../../src/record/invitations.ts';
import { findSubmission } from '../../src/record/submissions.ts';
import { linkOf } from '../../src/invite/link.ts';
import { later, NOW, SECRET, temporaryDatabase, temporaryFolder } from '../record/temporary.ts';
import { keptBytes, pdf } from '../helpers/files.ts';
import { desk, openDesk } from './desk.ts';
import { compiled, publish } from './forms.ts';

const LOAN = compiled(
  `
title: Loan
screens:
  - id: about
    title: About
    fields:
      - { id: full_name, type: text, label: Full name }
      - { id: tax, type: text, label: Tax number, sensitive: true }
      - { id: cv, type: file, label: CV }
endings: [{ id: done, title: Done }]
`,
  'loan',
);

async function open() {
  const db = await temporaryDatabase();
  const files = diskStore(join(temporaryFolder(), 'files'));
  const make = await publish(db, LOAN);
  const { id } = await make({ full_name: 'Ana Reyes', tax: 'TAX-123-456' });
  const file = newId(NOW);
  await writeBytes(db, files, file, [pdf('Ana')]);
  await addFile(db, { id: file, submissionId: id, field: 'cv', name: 'cv.pdf', type: 'application/pdf', size: 3, sha256: '' }, NOW); // prettier-ignore
  const names = async () => (await listEvents(db, { id, smileUserId: null })).map(({ name }) => name);
  return { db, files, file, id, names, path: `/admin/forms/loan/${id}`, member: await openDesk(db, { files }) };
}

describe('all that is held on a person', () => {
  it('comes in one file, sensitive answers and the bytes of files too, and that it was taken is recorded', async () => {
    const { member, path, names } = await open();
    const said = await member.send(`${path}/person`, {});
    expect(said.status).toBe(200);
    expect(said.headers.get('content-disposition')).toMatch(/^attachment; filename=".+\.json"/);
    expect(JSON.parse(said.text)).toMatchObject({
      answers: { full_name: 'Ana Reyes', tax: 'TAX-123-456' },
      files: [{ name: 'cv.pdf', base64: pdf('Ana').toString('base64') }],
      linked: [],
      deliveries: [],
    });
    expect(await names()).toContain('personDownloaded');
  });

  it('has the invitation too, opened, who made it, and every attempt to send it, but not its link', async () => {
    const { db, id, member, path } = await open();
    expect(JSON.parse((await member.send(`${path}/person`, {})).text)).toMatchObject({ invitation: null });
    const { id: memberId } = await db.selectFrom('members').select('id').executeTakeFirstOrThrow();
    const given = { answers: { tax: 'TAX-123-456' }, params: { branch: 'cebu' } };
    const person = { name: 'Ana Reyes', email: 'ana@mail.example', language: 'en', given };
    const other = { ...person, name: 'Ben Cruz', email: 'ben@mail.example' };
    await createInvitations(db, [person, other], { form: 'loan', via: 'mail', memberId, expiresAt: later(600) }, NOW);
    const { items } = await listInvitations(db, 'loan', { limit: 2 });
    const invitation = items.find(({ name }) => name === 'Ana Reyes')!;
    const attempt = { at: NOW.toISOString(), ok: true, status: 250, said: 'Taken', tookMs: 7 };
    await recordAttempt(db, invitation.deliveryId ?? '', attempt, 'sent', NOW);
    await markOpened(db, invitation.id, later(60));
    await tieSubmission(db, invitation.id, id);

    const { text } = await member.send(`${path}/person`, {});
    expect(JSON.parse(text).invitation).toMatchObject({
      name: 'Ana Reyes',
      email: 'ana@mail.example',
      given,
      invitedBy: 'ops@acme.example',
      createdAt: NOW.toISOString(),
      openedAt: later(60).toISOString(),
      deliveries: [{ target: 'ana@mail.example', status: 'sent', attempts: [attempt] }],
    });
    expect(text).not.toContain(linkOf([SECRET], invitation, '').split('.').at(-1));
    expect(text).not.toContain('Ben Cruz');
  });
});

describe('erasing', () => {
  it('takes everything, says on the page who has done it, and is not offered again', async () => {
    const { db, files, file, id, member, path } = await open();
    expect((await member.ask(path)).text).toContain('Erase for good');
    expect((await member.send(`${path}/erase`, {})).location).toBe(path);
    const { text } = await member.ask(path);
    expect(text).toMatch(/Erased[^]*Asked for, by ops@acme\.example/);
    expect(text).not.toMatch(/Ana Reyes|Erase for good|cv\.pdf/);
    expect(await keptBytes(files, file)).toBeUndefined();
    expect((await findSubmission(db, id))?.answers).toEqual({});
    expect((await member.ask('/admin/forms/loan')).text).not.toContain('Ana Reyes');
  });

  it('is refused to who is not signed in, from another site, and under another form', async () => {
    const { db, files, id, member, path } = await open();
    const stranger = await desk(db, { files });
    for (const what of ['erase', 'person']) {
      expect((await stranger.send(`${path}/${what}`, {})).location).toContain('/admin/sign-in');
      expect((await member.send(`${path}/${what}`, {}, { origin: 'https://evil.example' })).status).toBe(403);
      await member.send(`/admin/forms/other/${id}/${what}`, {});
      expect((await member.ask(`${path}/${what}`)).status).toBe(404);
    }
    expect((await findSubmission(db, id))?.answers).toMatchObject({ full_name: 'Ana Reyes' });
  });
});
