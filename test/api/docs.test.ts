/**
 * The documents of the API are run, call by call, and have the answers of a real site. After a change: --update. Each call is
 * also compared with `openapi.json`.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { API_KEY, openTestSite, removeFolder, root, type TestSite } from '../helpers/site.ts';
import { ENDPOINTS } from '../../src/api/endpoints/endpoints.ts';
import { linkOf } from '../../src/invite/link.ts';
import { listInvitations } from '../../src/record/invitation-list.ts';
import { createInvitations } from '../helpers/samples/invitations.ts';
import { eventually } from '../helpers/api/client.ts';
import { ownContract } from '../helpers/openapi/own-contract.ts';
import type { Contract } from '../helpers/openapi/openapi.ts';

const run = promisify(execFile);
const SITE_KEY = Buffer.alloc(32, 7);
const DOCUMENTS = ['docs/integrate/api.md', 'docs/integrate/quick-start.md'];
const BLOCK = /```sh\n((?:(?!```)[^])*)```\n\n```(json|text)\n[^]*?```/g;

it.each(DOCUMENTS)('each call in %s has the answer of a real site', { timeout: 120_000 }, async (name) => {
  const document = path.join(root, name);
  const manual = readFileSync(document, 'utf8');
  const yaml = /```yaml\n([^]*?)```/.exec(manual)?.[1] ?? '';
  const site = await openTestSite({
    forms: { hello: yaml },
    env: { WEBHOOK_SECRET: 's3cret', RATE_LIMIT: 'off' },
    key: SITE_KEY,
  });
  const env: Record<string, string> = { PATH: process.env['PATH'] ?? '', SITE: site.origin, KEY: API_KEY, WEBHOOK_SECRET: 's3cret' }; // prettier-ignore
  Object.assign(env, await invited(site));
  const contract = ownContract();
  const differences: string[] = [];

  /** Whatever stands where in the manual, a call is made after those that it needs. */
  const answers = new Map<string, string>();
  const calls = [...manual.matchAll(BLOCK)].map(([, call = '']) => call);
  for (const call of calls.toSorted((a, b) => turnOf(a) - turnOf(b))) {
    answers.set(call, await make(call, isRespondentDeletion(call) ? await anotherSubmission() : env));
  }
  async function make(call: string, env: Record<string, string>): Promise<string> {
    const { stdout } = await run('bash', ['--norc', '-c', `${CURL}\n${call}`], {
      cwd: site.folder,
      env,
    });
    differences.push(...compare(contract, site.folder, stdout));
    if (stdout.startsWith('{')) remember(env, JSON.parse(stdout) as Record<string, string>, call);
    if (call.includes('__local/accounts')) await confirmed(env['ID'] ?? '');
    return stdout;
  }
  /** Calls that delete a part get a submission of their own, so that the others keep theirs. */
  async function anotherSubmission(): Promise<Record<string, string>> {
    const own = { ...env };
    for (const call of calls.filter((one) => SET_UP.some((part) => one.includes(part)))) await make(call, own);
    return own;
  }
  async function confirmed(id: string) {
    const read = () =>
      site.db.query
        .selectFrom('account_data')
        .select('data_point')
        .where('submission_id', '=', id)
        .where('items', 'is not', null)
        .execute();
    await eventually(async () => (await read()).length > 0);
  }
  await site.close();
  removeFolder(site.folder);

  expect(differences).toEqual([]);
  const told = manual.replace(BLOCK, (_, call: string, kind: string) => {
    const said = answers.get(call) ?? '';
    const shown = kind === 'json' ? JSON.stringify(shortened(JSON.parse(said)), null, 2) : said.trimEnd();
    return `\`\`\`sh\n${call}\`\`\`\n\n\`\`\`${kind}\n${shown}\n\`\`\``;
  });
  const config = await resolveConfig(document);
  await expect(await format(told, { ...config, parser: 'markdown' })).toMatchFileSnapshot(document);
});

it('the documents of the API have a call for each endpoint', () => {
  const manual = readFileSync(path.join(root, 'docs/integrate/api.md'), 'utf8');
  const calls = [...manual.matchAll(BLOCK)].flatMap(([, block = '']) => block.split('\n').flatMap(requestIn));
  const missing = ENDPOINTS.filter(({ method, path: own }) => {
    const address = new RegExp(`^${own.replace(/:\w+/g, '[^/]+')}$`);
    return !calls.some((call) => call.method === method && address.test(call.address));
  });
  expect(missing.map(({ method, path: own }) => `${method} ${own}`)).toEqual([]);
});

/** Stores the arguments of a call, and the headers of its answer. */
const CURL = `curl() { printf '%s\\0' "$@" > call-arguments; command curl -sS -D call-headers "$@"; }`;

/** The differences of the last call in `folder` from the document, in its request or its answer. */
function compare(contract: Contract, folder: string, answer: string): string[] {
  const stored = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const args = stored('call-arguments').split('\0');
  const valueOf = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  const { pathname, searchParams } = new URL(args.find((arg) => /^https?:/.test(arg)) ?? '');
  if (!pathname.startsWith('/api/')) return [];
  const [json, bytes] = [valueOf('-d'), valueOf('--data-binary')];
  const file = valueOf('-o');
  const body = file ? stored(file) : answer;
  const method = valueOf('-X') ?? (json || bytes ? 'POST' : 'GET');
  const status = Number(/^HTTP\S+ (\d+)/.exec(stored('call-headers'))?.[1]);
  const isRefused = status >= 400;
  return [
    ...(bytes || isRefused ? [] : contract.request(method, pathname, searchParams, json && JSON.parse(json))),
    ...contract.response(method, pathname, status, body.startsWith('{') ? JSON.parse(body) : undefined),
  ];
}

/** The request that a line of a call makes. */
function requestIn(line: string): { method: string; address: string }[] {
  const address = /"\$SITE(\/api\/[^"?]+)/.exec(line)?.[1];
  const method = / -X (\w+)/.exec(line)?.[1] ?? (/ (-d|-F|--data-binary) /.test(line) ? 'POST' : 'GET');
  return address ? [{ method, address }] : [];
}

/** An invitation to the form, by the names that its calls use. */
async function invited({ db }: TestSite): Promise<Record<string, string>> {
  const person = { name: 'Ana Reyes', email: 'ana@mail.example', language: 'en' as const, prefill: { answers: { name: 'Ana Reyes' }, params: {} } }; // prettier-ignore
  const expiresAt = new Date(Date.now() + 86_400_000);
  await createInvitations(db, [person], { form: 'hello', via: 'mail', memberId: '', expiresAt }, new Date());
  const [invitation] = (await listInvitations(db, 'hello', { limit: 1 })).items;
  if (!invitation) throw new Error('The invitation is missing.');
  return { INVITATION: invitation.id, INVITATION_TOKEN: linkOf([SITE_KEY], invitation, '').split('.').at(-1) ?? '' };
}

const isRespondentDeletion = (call: string) => call.includes('-X DELETE') && call.includes('$TOKEN');

/** The calls that make a submission with a file and an account. */
const SET_UP = ['/submissions" -H \'Content-Type', '/files?', '\\"Ana\\"', '/link-token', '__local/accounts'];

/** The order: the calls of respondents, then the reads of programs, then the erasure. */
function turnOf(call: string): number {
  if (isRespondentDeletion(call) || call.includes('/invitations/')) return 2;
  if (call.includes('-X DELETE')) return 3;
  return call.includes('$KEY') ? 1 : 0;
}

/** Keeps the values of an answer that later calls need. */
function remember(env: Record<string, string>, answer: Record<string, string>, call: string): void {
  if (answer['token'] && !call.includes('/invitations/'))
    Object.assign(env, { ID: answer['id'], TOKEN: answer['token'] });
  if (answer['userId']) Object.assign(env, { USER_ID: answer['userId'] });
  if (answer['accountId']) Object.assign(env, { ACCOUNT: answer['accountId'] });
  if (call.includes('/files?')) Object.assign(env, { FILE: answer['id'] });
}

const ID = /^([0-9a-f]{8}-[0-9a-f-]{27}|[a-z]+-[0-9a-f]{32})$/;
/** The printed keys of Smile's data, which its own documentation lists. */
const OF_SMILE = 2;
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const CHANGES = /^(token|challenge|salt|signature|accessToken|reference|version|userId|accountId|smileUserId)$/;

/** An answer as it is printed: without values that differ each time, and only the beginning of longer lists. */
function shortened(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) {
    const some = value.slice(0, key === 'items' ? 1 : 2).map((one) => shortened(one));
    return some.length < value.length ? [...some, '…'] : some;
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).map(([name, one]) => [name, shortened(one, name)] as const);
    return 'metadata' in value
      ? { ...Object.fromEntries(entries.slice(0, OF_SMILE)), '…': '…' }
      : Object.fromEntries(entries);
  }
  if (typeof value !== 'string') return value;
  if (TIME.test(value)) return '2026-11-27T09:00:00.000Z';
  if (key === 'id' && DAY.test(value)) return '2026-11-27';
  if (key === 'reference') return 'KP4 TW7 HX';
  return ID.test(value) || CHANGES.test(key) || value.length > 120 ? '…' : value;
}
