/** A person asks for a copy of their data, and for its deletion. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskStore } from '../../../src/record/files/disk.ts';
import { addFile, writeBytes } from '../../../src/record/files/files.ts';
import { listEvents } from '../../../src/record/event-queries.ts';
import { appendEvents } from '../../../src/record/events.ts';
import { enqueueDelivery, recordAttempt } from '../../../src/record/deliveries.ts';
import { listDeliveries } from '../../../src/record/delivery-queries.ts';
import { newId } from '../../../src/record/ids.ts';
import { listInvitations } from '../../../src/record/invitation-list.ts';
import { markOpened, attachSubmission } from '../../../src/record/invitations.ts';
import { findSubmission } from '../../../src/record/submissions/submissions.ts';
import { linkOf } from '../../../src/invite/link.ts';
import { later, NOW, SECRET, temporaryDatabase, temporaryFolder } from '../../helpers/database.ts';
import { keptBytes, pdf } from '../../helpers/samples/files.ts';
import { startSession } from '../../../src/members/sessions.ts';
import { createInvitations } from '../../helpers/samples/invitations.ts';
import { addMember, createClient, openClient } from '../../helpers/dashboard-client.ts';
import { compiled, publish } from '../forms.ts';
import { wordsOf } from '../../helpers/visitor.ts';

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
      - { id: passport, type: file, label: Passport, sensitive: true }
endings: [{ id: done, title: Done }]
`,
  'loan',
);

const CONTACTS = `
title: Loan
screens:
  - id: about
    title: About
    fields:
      - { id: full_name, type: text, label: Full name }
      - { id: email, type: email, label: Email }
      - { id: mobile, type: phone, label: Mobile }
endings: [{ id: done, title: Done }]
`;

const LEASE = `
title: Lease
invite: {}
screens:
  - id: about
    title: About
    fields:
      - { id: name, type: text, label: Name }
      - { id: phone, type: phone, label: Phone, sensitive: true }
endings: [{ id: done, title: Done }]
`;

async function open() {
  const db = await temporaryDatabase();
  const files = diskStore(join(temporaryFolder(), 'files'));
  const make = await publish(db, LOAN);
  const { id } = await make({ full_name: 'Ana Reyes', tax: 'TAX-123-456' });
  const file = newId(NOW);
  await writeBytes(db, files, file, [pdf('Ana')]);
  await addFile(db, { id: file, submissionId: id, field: 'cv', name: 'cv.pdf', type: 'application/pdf', size: 3, sha256: '' }, NOW); // prettier-ignore
  const names = async () => (await listEvents(db, { id, smileUserId: null })).map(({ name }) => name);
  return {
    db,
    files,
    file,
    id,
    names,
    path: `/admin/forms/loan/people/${id}`,
    member: await openClient(db, { files }),
  };
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

  it('has the events as they are, with each kind of line break', async () => {
    const { db, id, member, path } = await open();
    const data = { text: 'one\ntwo\u2028three\u2029four' };
    const at = NOW.toISOString();
    await appendEvents(db, [{ id: newId(NOW), submissionId: id, smileUserId: null, name: 'asked', source: 'page', at, receivedAt: at, data }]); // prettier-ignore
    const { events } = JSON.parse((await member.send(`${path}/person`, {})).text) as { events: object[] };
    expect(events).toContainEqual(expect.objectContaining({ name: 'asked', data }));
  });

  it('includes the invitation with its opening, every attempt to send it, but without its link', async () => {
    const { db, id, member, path } = await open();
    expect(JSON.parse((await member.send(`${path}/person`, {})).text)).toMatchObject({ invitation: null });
    const { id: memberId } = await db.query.selectFrom('members').select('id').executeTakeFirstOrThrow();
    const prefill = { answers: { tax: 'TAX-123-456' }, params: { branch: 'cebu' } };
    const person = { name: 'Ana Reyes', email: 'ana@mail.example', language: 'en', prefill };
    const other = { ...person, name: 'Ben Cruz', email: 'ben@mail.example' };
    await createInvitations(db, [person, other], { form: 'loan', via: 'mail', memberId, expiresAt: later(600) }, NOW);
    const { items } = await listInvitations(db, 'loan', { limit: 2 });
    const invitation = items.find(({ name }) => name === 'Ana Reyes')!;
    const attempt = { at: NOW.toISOString(), ok: true, status: 250, message: 'Taken', tookMs: 7 };
    await recordAttempt(db, invitation.deliveryId ?? '', attempt, 'sent', NOW);
    await markOpened(db, invitation.id, later(60));
    await attachSubmission(db, invitation.id, id);

    const { text } = await member.send(`${path}/person`, {});
    expect(JSON.parse(text).invitation).toMatchObject({
      name: 'Ana Reyes',
      email: 'ana@mail.example',
      prefill,
      createdAt: NOW.toISOString(),
      openedAt: later(60).toISOString(),
      deliveries: [
        { target: 'ana@mail.example', status: 'sent', attempts: [{ at: NOW.toISOString(), ok: true, status: 250 }] },
      ],
    });
    expect(text).not.toContain(linkOf([SECRET], invitation, '').split('.').at(-1));
    expect(text).not.toContain('Ben Cruz');
  });

  it('names no member and no receiver, and has no secret of one', async () => {
    const { db, id, member, path } = await open();
    const targets = { email: 'hr@lender.example', webhook: 'https://hooks.example/in?key=hidden' };
    for (const channel of ['email', 'webhook'] as const) await enqueueDelivery(db, { form: 'loan', channel, target: targets[channel], cause: 'submitted', submissionId: id, secretEnv: 'HOOK_SECRET' }, NOW); // prettier-ignore
    const { items } = await listDeliveries(db, { submissionId: id }, { limit: 2 });
    for (const one of items) await recordAttempt(db, one.id, { at: NOW.toISOString(), ok: true, status: 200, message: 'row 7 of crm', tookMs: 7 }, 'sent', NOW); // prettier-ignore
    const { text } = await member.send(`${path}/person`, {});
    expect((JSON.parse(text) as { deliveries: { target: string }[] }).deliveries.map(({ target }) => target).toSorted()).toEqual(['hooks.example', 'lender.example']); // prettier-ignore
    expect(text).not.toMatch(/hr@|hidden|HOOK_SECRET|row 7|ops@acme/);
  });
});

describe('erasing', () => {
  it('deletes everything, names the member on the page, and is offered once', async () => {
    const { db, files, file, id, member, path } = await open();
    expect((await member.ask(path)).text).not.toContain('Yes, delete everything');
    expect((await member.ask(`${path}?delete=yes`)).text).toContain('Yes, delete everything');
    expect((await member.send(`${path}/erase`, {})).location).toBe(path);
    const { text } = await member.ask(`${path}?delete=yes`);
    expect(text).toMatch(/Deleted[^]*On request, by ops@acme\.example/);
    expect(wordsOf(text)).toMatch(/The data was deleted .+ by ops@acme\.example\./);
    expect(text).not.toMatch(/Ana Reyes|Yes, delete everything|cv\.pdf|No answers yet|No work account/);
    // The name of the event is hidden until a member asks for technical details.
    expect(text).toMatch(/Show technical details[^]*<p class="raw technical">[^<]*<code>erased/);
    expect(await keptBytes(files, file)).toBeUndefined();
    expect((await findSubmission(db, id))?.answers).toEqual({});
    // A tab that was open since before the deletion still offers this.
    await member.send(`${path}/verdict`, { verdict: 'spam' });
    expect((await findSubmission(db, id))?.verdict).toBeNull();
    expect((await member.ask(`${path}?done=spam`)).text).not.toContain('It is marked as spam');
    // The copy of the rest names no member.
    const rest = await member.send(`${path}/person`, {});
    expect(rest.text).toContain('"erased"');
    expect(rest.text).not.toContain('ops@acme.example');
    expect((await member.ask('/admin/forms/loan')).text).not.toContain('Ana Reyes');
  });

  it('lists everything that it deletes, and says that there is no other data of the person if that is so', async () => {
    const { db, id, member, path } = await open();
    await addFile(db, { id: newId(NOW), submissionId: id, field: 'passport', name: 'p.pdf', type: 'application/pdf', size: 3, sha256: '' }, NOW); // prettier-ignore
    const words = wordsOf((await member.ask(`${path}?delete=yes`)).text);
    expect(words).toMatch(/Flipsite deletes this for good: 4 answers 2 files the timeline with \d+ entr/);
    expect(words).toContain('Backups made before now keep everything');
    expect(words).toContain('This submission has no email address and no phone number');
  });

  it('says what stays of a draft, which has no reference and no ending', async () => {
    const db = await temporaryDatabase();
    const makeLoan = await publish(db, compiled(CONTACTS, 'loan'));
    const member = await openClient(db);
    const stays = async ({ id }: { id: string }) =>
      wordsOf((await member.ask(`/admin/forms/loan/people/${id}?delete=yes`)).text);
    expect(await stays(await makeLoan({ full_name: 'Ana' }, { ending: 'done' }))).toContain('Its reference, its dates, its language, its version of the form and its ending stay, with'); // prettier-ignore
    expect(await stays(await makeLoan({ full_name: 'Ana' }))).toContain('Its dates, its language and its version of the form stay, with'); // prettier-ignore
  });

  it('names the other submissions and invitations of the person, sensitive contacts too, and links to each', async () => {
    const db = await temporaryDatabase();
    const other = compiled(LEASE, 'lease');
    const [makeLoan, makeLease] = [await publish(db, compiled(CONTACTS, 'loan')), await publish(db, other)];
    const { id } = await makeLoan({ full_name: 'Ana Reyes', email: 'Ana@Mail.example', mobile: '+639175550142' }, { ending: 'done' }); // prettier-ignore
    const draft = await makeLoan({ full_name: 'Ana R.', email: 'ana@mail.example' });
    const byPhone = await makeLease({ name: 'A. Reyes', phone: '+639175550142' }, { ending: 'done' });
    const stranger = await makeLease({ name: 'Ben Cruz', phone: '+639175550143' }, { ending: 'done' });
    const prefill = { answers: {}, params: {} };
    const people = ['ana@mail.example', 'ben@mail.example'].map((email) => ({ name: `Invited ${email}`, email, language: 'en', prefill })); // prettier-ignore
    await createInvitations(db, people, { form: 'lease', via: 'mail', memberId: 'm', expiresAt: later(600) }, NOW);
    const member = await openClient(db);
    const { text } = await member.ask(`/admin/forms/loan/people/${id}?delete=yes`);
    expect(wordsOf(text)).toContain('This does not delete the person’s other data. Open each and delete it too:');
    expect(text).toContain(`href="/admin/forms/loan/people/${draft.id}?delete=yes#privacy"`);
    expect(text).toContain(`href="/admin/forms/lease/people/${byPhone.id}?delete=yes#privacy"`);
    expect(text).toContain('Invited ana@mail.example');
    expect(text).not.toContain(stranger.id);
    expect(text).not.toContain('ben@mail.example');
    // A member who may not see private answers learns nothing about them from guesses.
    const reviewer = await createClient(db);
    reviewer.kept.cookie = `flipsite=${await startSession(db, await addMember(db, 'rev@acme.example', [{ role: 'reviewer', form: null, mayReveal: false }]), NOW)}`;
    const seen = (await reviewer.ask(`/admin/forms/loan/people/${id}?delete=yes`)).text;
    expect([seen.includes(draft.id), seen.includes(byPhone.id)]).toEqual([true, false]);
    expect(wordsOf(seen)).toContain('It did not compare private answers');
    // Nor is this submission said to have no contact because its contact is private.
    const unseen = wordsOf((await reviewer.ask(`/admin/forms/lease/people/${byPhone.id}?delete=yes`)).text);
    expect(unseen).toContain('no phone number among the answers that your role includes, so Flipsite cannot look');
    expect(unseen).not.toContain('It did not compare');
    // Nothing is looked for, and nothing opened, before a member asks.
    expect((await member.ask(`/admin/forms/loan/people/${id}`)).text).not.toContain(byPhone.id);
  });

  it('says how far back it looked where there are too many others to list', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db, compiled(CONTACTS, 'loan'));
    const contact = { full_name: 'Ana Reyes', email: 'ana@mail.example' };
    const { id } = await make(contact, { ending: 'done' });
    for (let n = 0; n < 65; n++) await make(contact);
    const { text } = await (await openClient(db)).ask(`/admin/forms/loan/people/${id}?delete=yes`);
    expect(wordsOf(text)).toContain('It looked at the newest submissions, back to');
  });

  it('is refused without a session, from another site, and under another form', async () => {
    const { db, files, id, member, path } = await open();
    const stranger = await createClient(db, { files });
    for (const what of ['erase', 'person']) {
      expect((await stranger.send(`${path}/${what}`, {})).location).toContain('/admin/sign-in');
      expect((await member.send(`${path}/${what}`, {}, { origin: 'https://evil.example' })).status).toBe(403);
      await member.send(`/admin/forms/other/people/${id}/${what}`, {});
      expect((await member.ask(`${path}/${what}`)).status).toBe(405);
    }
    expect((await findSubmission(db, id))?.answers).toMatchObject({ full_name: 'Ana Reyes' });
  });
});

it('the timeline leads to the download only a member who may download', async () => {
  const { db, id, path } = await open();
  const at = NOW.toISOString();
  const seen = (number: number) => ({ id: `seen-${number}`, submissionId: id, smileUserId: null, name: 'screenSeen', source: 'page' as const, at, receivedAt: at, data: { screen: `s${number}` } }); // prettier-ignore
  await appendEvents(
    db,
    Array.from({ length: 502 }, (_, number) => seen(number)),
  );
  for (const [mayReveal, says] of [
    [true, ' “Download a copy of their data” includes them.'],
    [false, ''],
  ] as const) {
    const client = await createClient(db);
    const grant = { role: 'reviewer' as const, form: null, mayReveal };
    client.kept.cookie = `flipsite=${await startSession(db, await addMember(db, `may-${mayReveal}@acme.example`, [grant]), NOW)}`;
    expect(wordsOf((await client.ask(path)).text)).toContain(`2 older events are not shown.${says} Show technical`);
  }
});
