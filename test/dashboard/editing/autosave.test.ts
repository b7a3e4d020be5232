/** The address that the editor saves drafts to: who may use it, and no draft that was acknowledged is lost or replaced. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DraftConflict, SavedDraft } from '../../../src/contract/editor.ts';
import type { Grant, Role } from '../../../src/members/roles.ts';
import { startSession } from '../../../src/members/sessions.ts';
import { openCatalog } from '../../../src/publish/catalog.ts';
import { closeDatabase, openDatabase, type Database } from '../../../src/record/db/database.ts';
import { findDraft } from '../../../src/record/forms/drafts.ts';
import { PLAIN } from '../../helpers/api/client.ts';
import { NOW, temporaryDatabase, temporaryFolder } from '../../helpers/database.ts';
import { addMember, createClient } from '../../helpers/dashboard-client.ts';

const TEXT = `# Ask Ana first\n${PLAIN.trim()}\n`;
const ADDRESS = '/admin/forms/plain/draft';

let db: Database;
let formsDir: string;
let ana: Awaited<ReturnType<typeof createClient>>;

beforeEach(async () => {
  db = await temporaryDatabase();
  formsDir = join(temporaryFolder(), 'forms');
  mkdirSync(formsDir);
  writeFileSync(join(formsDir, 'plain.yaml'), TEXT);
  await (await openCatalog(db)).sync(formsDir, NOW);
  ana = await signedIn('ana@acme.example');
  await ana.send('/admin/forms/plain/settings', { owner: 'dashboard' });
});

async function signedIn(email: string, grants?: Grant[]) {
  const opened = await createClient(db, { formsDir });
  opened.kept.cookie = `flipsite=${await startSession(db, await addMember(db, email, grants), NOW)}`;
  return opened;
}

type Sent = { by?: typeof ana; body?: string; origin?: string; type?: string };

/** Saves as the editor does. */
async function save(
  text: string,
  base: number,
  { by = ana, origin = 'http://forms.example', type = 'application/json', ...more }: Sent = {},
) {
  const body = more.body ?? JSON.stringify({ text, base });
  const headers = { origin, 'content-type': type, accept: 'application/json' };
  const { status, text: answer } = await by.ask(ADDRESS, { method: 'POST', body, headers });
  return { status, body: JSON.parse(answer) as Partial<SavedDraft & DraftConflict> & { error?: { code: string; message: string } } }; // prettier-ignore
}

const titled = (title: string) => TEXT.replace('title: Plain', `title: ${title}`);
const draft = async () => (await findDraft(db, 'plain'))?.text;

describe('a draft of the editor', () => {
  it('is stored byte for byte, and the answer has its revision, its time and no errors', async () => {
    const { status, body } = await save(titled('Draft'), 1);

    expect(status).toBe(200);
    expect(body).toEqual({ revision: 2, savedAt: NOW.toISOString(), faults: [], isChanged: true });
    expect(await draft()).toBe(titled('Draft'));
  });

  it('keeps the line ends that the text has, though the editor sends LF', async () => {
    const crlf = TEXT.replaceAll('\n', '\r\n');
    await db.query.updateTable('form_drafts').set({ text: crlf }).where('form', '=', 'plain').execute();

    await save(titled('Draft'), 1);

    expect(await draft()).toBe(titled('Draft').replaceAll('\n', '\r\n'));
  });

  it('with CR LF is in the answer to a conflict with LF, as the editor has its texts', async () => {
    const crlf = TEXT.replaceAll('\n', '\r\n');
    await db.query.updateTable('form_drafts').set({ text: crlf, revision: 2 }).where('form', '=', 'plain').execute();

    expect((await save(titled('Draft'), 1)).body.draft?.text).toBe(TEXT);
  });

  it('says that nothing differs from the published text, after a change is taken back', async () => {
    expect((await save(titled('Draft'), 1)).body.isChanged).toBe(true);
    expect((await save(TEXT, 2)).body.isChanged).toBe(false);
  });

  it('is stored with errors, which the answer names with their place and how to fix them', async () => {
    const { status, body } = await save(TEXT.replace('textarea', 'textaera'), 1);

    expect(status).toBe(200);
    expect(body.faults).toEqual([expect.objectContaining({ line: 8, remedy: 'Write `type: textarea`.' })]);
  });

  it('is stored while its YAML cannot be read, and lists show the title of before', async () => {
    const { status, body } = await save('title: {', 1);

    expect(status).toBe(200);
    expect(body.faults?.length).toBeGreaterThan(0);
    expect(await draft()).toBe('title: {');
    expect((await findDraft(db, 'plain'))?.title).toBe('Plain');
  });

  it('has its new title in lists', async () => {
    await save(titled('Draft'), 1);

    expect((await findDraft(db, 'plain'))?.title).toBe('Draft');
  });

  it('that is sent again changes nothing, and is no conflict', async () => {
    await save(titled('Draft'), 1);
    const again = await save(titled('Draft'), 1);

    expect([again.status, again.body.revision]).toEqual([200, 2]);
  });

  it('does not replace the change of another member, and the answer has that text', async () => {
    const ben = await signedIn('ben@acme.example');
    await save(titled('By Ben'), 1, { by: ben });
    const { status, body } = await save(titled('By Ana'), 1);

    expect(status).toBe(409);
    expect(body.draft).toEqual({ revision: 2, text: titled('By Ben'), by: 'ben@acme.example', at: NOW.toISOString() });
    expect(await draft()).toBe(titled('By Ben'));
  });

  it('does not replace a change that the same member has saved in another window', async () => {
    await save(titled('In one window'), 1);
    const { status, body } = await save(titled('In another one'), 1);

    expect([status, body.draft?.by]).toEqual([409, 'you']);
    expect(await draft()).toBe(titled('In one window'));
  });

  it('of many saves at once is one of them, and each other save is refused with the current revision', async () => {
    const titles = ['A', 'B', 'C', 'D', 'E', 'F'];
    const answers = await Promise.all(titles.map((title) => save(titled(title), 1)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of answers) if (status === 409) expect(body.draft?.text).toBe(await draft());
  });

  it('is not taken for a form that a file owns', async () => {
    await ana.send('/admin/forms/plain/settings', { owner: 'files' });
    const { status, body } = await save(titled('Draft'), 1);

    expect([status, body.error?.message]).toEqual([409, expect.stringContaining('This form is managed in a file')]);
  });
});

describe('a request that is no draft', () => {
  it.each([
    ['is no JSON', 400, { body: '{' }],
    ['has no text', 400, { body: '{"base":1}' }],
    ['has more in it', 400, { body: JSON.stringify({ text: TEXT, base: 1, form: 'other' }) }],
    ['is a form of a page', 415, { type: 'application/x-www-form-urlencoded' }],
    ['comes from another site', 403, { origin: 'https://evil.example' }],
  ] as const)('%s', async (_, status, sent) => {
    const answer = await save(titled('Draft'), 1, sent);

    expect([answer.status, answer.body.error?.code]).toEqual([status, `status_${status}`]);
    expect(await draft()).toBe(TEXT);
  });

  it('is larger than a form can be', async () => {
    const { status, body } = await save(`# ${'x'.repeat(6_000_000)}\n${TEXT}`, 1);

    expect([status, body.error?.message]).toEqual([
      413,
      expect.stringMatching(/too large.*Undo your last change, or make the text shorter/),
    ]);
    expect(await draft()).toBe(TEXT);
  });

  it('is stored up to that size, with an error that says so', async () => {
    const { status, body } = await save(`${TEXT}# ${'x'.repeat(4_000_000)}\n`, 1);

    expect([status, body.faults?.[0]?.message]).toEqual([200, 'the file has more than 1,000,000 characters']);
  });

  it('of a member who is signed out gets an error in JSON', async () => {
    const { status, body } = await save(titled('Draft'), 1, { by: await createClient(db, { formsDir }) });

    expect([status, body.error?.message]).toEqual([401, expect.stringContaining('signed out')]);
    expect(await draft()).toBe(TEXT);
  });

  it('meets a database that is away, and gets an error in JSON after which the editor tries again', async () => {
    const away = await openDatabase(':memory:');
    const by = await createClient(away, { formsDir });
    by.kept.cookie = ana.kept.cookie;
    await closeDatabase(away);
    const { status, body } = await save(titled('Draft'), 1, { by });

    expect([status, body.error?.message]).toEqual([503, expect.stringMatching(/\S/)]);
  });

  const grant = (role: Role, form: string | null): Grant => ({ role, form, mayReveal: false });
  it.each([
    ['a viewer', grant('viewer', null)],
    ['a reviewer', grant('reviewer', null)],
    ['an editor of another form', grant('editor', 'other')],
  ])('comes from %s', async (_, granted) => {
    const by = await signedIn('cy@acme.example', [granted]);
    const { status, body } = await save(titled('Draft'), 1, { by });

    expect([status, body.error?.message]).toEqual([403, expect.stringContaining('Your role does not allow this')]);
    expect(await draft()).toBe(TEXT);
  });

  it('is for a form that does not exist', async () => {
    const headers = { origin: 'http://forms.example', 'content-type': 'application/json', accept: 'application/json' };
    const body = JSON.stringify({ text: TEXT, base: 1 });
    const { status } = await ana.ask('/admin/forms/nothing/draft', { method: 'POST', body, headers });

    expect(status).toBe(404);
  });
});

describe('the policy of the editor', () => {
  const policyOf = async (path: string) => (await ana.ask(path)).headers.get('content-security-policy') ?? '';

  it('allows scripts and frames of this site on the page of the editor only, and no inline code without its hash', async () => {
    const policy = await policyOf('/admin/forms/plain/edit');
    expect(policy).toMatch(/script-src 'self' 'sha256-/);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-src 'self'");
    expect(policy).toMatch(/style-src 'sha256-[^;]* 'nonce-[\w+/=]{24}'/);
    expect(policy).not.toContain('unsafe');
    expect(await policyOf('/admin/forms/plain/edit')).not.toBe(policy);

    for (const path of ['/admin', '/admin/forms/plain/history', '/admin/forms/plain/publish']) {
      expect(await policyOf(path)).not.toMatch(/script-src 'self'|frame-src|nonce-/);
    }
  });
});
