/** The dashboard over a database, without a server, and a member who uses it. */
import { addGrants, OWNER_OF_ALL } from '../../src/members/grants.ts';
import { hashPassword } from '../../src/members/passwords.ts';
import { startSession } from '../../src/members/sessions.ts';
import type { SetupCode } from '../../src/members/setup-code.ts';
import { openLinks } from '../../src/links/registry.ts';
import { openCatalog } from '../../src/publish/catalog.ts';
import { openFormChecker } from '../../src/publish/check/form-checker.ts';
import { createPublisher } from '../../src/publish/publisher.ts';
import { createDashboard } from '../../src/dashboard/app.ts';
import type { Database } from '../../src/record/db/database.ts';
import { newId } from '../../src/record/ids.ts';
import { countChanges } from '../../src/record/results/count-changes.ts';
import { diskStore } from '../../src/record/files/disk.ts';
import type { FileStore } from '../../src/record/files/store.ts';
import { eraseSubmission } from '../../src/respond/erase.ts';
import { describeRehearsal } from '../../src/respond/rehearsal/rehearse-form.ts';
import { storeSpamDecision } from '../../src/respond/spam-decision.ts';
import { NOW, temporaryFolder } from './database.ts';

export const SETUP: SetupCode = { code: 'KP4T-W7HX-CDF2', generated: true };
export const MEMBER = { email: 'ops@acme.example', password: 'correct horse battery' };
/** The hash of that password. */
const memberHash = await hashPassword(MEMBER.password);

// Made by `astro build`, which types know nothing of.
const built = '../../dist/server/entry.mjs';
type Render = (request: Request, locals: App.Locals) => Promise<Response>;

export type Answer = { status: number; headers: Headers; text: string; location: string | null; cookie: string };

/** Shared, since the start of its thread takes longer than most tests. */
const checker = openFormChecker();

/** A browser's side of a dashboard over `db`. It keeps its cookie, and its clock can be set. */
export async function createClient(
  db: Database,
  {
    origin = 'http://forms.example',
    remoteAddress = '203.0.113.7',
    files = diskStore(temporaryFolder()),
    mailing = false,
    outgoing = true,
    formsDir = temporaryFolder(),
    examples = true,
  }: {
    origin?: string;
    remoteAddress?: string;
    files?: FileStore;
    mailing?: boolean;
    outgoing?: boolean;
    formsDir?: string;
    /** Whether people can open examples. */
    examples?: boolean;
  } = {},
) {
  const { render } = (await import(built)) as { render: Render };
  let now = NOW;
  const errors: string[] = [];
  const warnings: string[] = [];
  const warn = (_: object, message: string) => void warnings.push(message);
  const log = { info: () => {}, warn };
  const judging = { db, catalog: await openCatalog(db), keys: [Buffer.alloc(32, 1)] as const, now: () => now };
  const decideSpam: Parameters<typeof createDashboard>[0]['decideSpam'] = (slug, id, verdict, member) =>
    storeSpamDecision(judging, slug, id, verdict, member);
  const erase: Parameters<typeof createDashboard>[0]['erase'] = (id, { email }) =>
    eraseSubmission({ db, files, now: () => now, log }, id, { reason: 'asked', by: email });
  const keys = [Buffer.alloc(32, 1)] as const;
  const publisher = createPublisher({ db, catalog: judging.catalog, checker, now: () => now }, formsDir);
  const serve = createDashboard({
    keys,
    results: { countWaiting: () => countChanges(db), countTests: async () => 0 },
    db,
    files,
    catalog: judging.catalog,
    links: await openLinks(db, judging.catalog),
    publisher,
    rehearse: (before, after) => describeRehearsal(judging, before, after),
    render,
    setup: SETUP,
    decideSpam,
    erase,
    mailing,
    outgoing,
    examples,
    log,
    logError: (error) => void errors.push(String(error)),
    clock: () => now,
  });
  const kept = { cookie: '' };

  async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (kept.cookie) headers.set('cookie', kept.cookie);
    const request = new Request(origin + path, { ...init, headers });
    const response = await serve(request, remoteAddress);
    const cookie = response.headers.getSetCookie()[0] ?? '';
    if (cookie) kept.cookie = /^[^=]+=;/.test(cookie) ? '' : (cookie.split(';')[0] ?? '');
    const { status, headers: answered } = response;
    // The places at which a long word may break are no part of it.
    const text = (await response.text()).replaceAll('<wbr>', '');
    return { status, headers: answered, text, location: answered.get('location'), cookie };
  }

  const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', body: new URLSearchParams(fields), headers: { origin, ...headers } });

  return {
    publisher,
    ask,
    send,
    serve,
    kept,
    errors,
    warnings,
    at: (moment: Date) => void (now = moment),
    setUp: () => send('/admin/setup', { code: SETUP.code, ...MEMBER }),
    signIn: (given: Partial<typeof MEMBER> = {}) => send('/admin/sign-in', { ...MEMBER, ...given }),
  };
}

/** Makes a member with the password of `MEMBER`, unless there is one with this email. */
export async function addMember(db: Database, email = MEMBER.email, grants = [OWNER_OF_ALL]): Promise<string> {
  const known = await db.query.selectFrom('members').select('id').where('email', '=', email).executeTakeFirst();
  if (known) return known.id;
  const id = newId(NOW);
  const row = { id, email, password_hash: memberHash, created_at: NOW.toISOString() };
  await db.query.insertInto('members').values(row).execute();
  await addGrants(db, id, grants);
  return id;
}

/** A dashboard that has been set up, and its member is signed in. */
export async function openClient(db: Database, given: Parameters<typeof createClient>[1] = {}) {
  const made = await createClient(db, given);
  const token = await startSession(db, await addMember(db), NOW);
  made.kept.cookie = `${given.origin?.startsWith('https:') ? '__Host-' : ''}flipsite=${token}`;
  return made;
}
