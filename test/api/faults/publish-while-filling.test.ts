/** A form that is published again and again while people fill it in, on one server of SQLite or two of one PostgreSQL. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { textHash } from '../../../src/record/forms/form-text.ts';
import { listPublications } from '../../../src/record/forms/publications.ts';
import type { SavedDraft } from '../../../src/contract/editor.ts';
import { sessionCookie, visitor } from '../../helpers/visitor.ts';
import { LONG } from '../../helpers/run/long.ts';
import { API_KEY, openTestSite, removeFolder, type TestSite } from '../../helpers/site.ts';
import { draftOf, eventually, send } from '../../helpers/api/client.ts';

const PEOPLE = 50;
/** How many texts are published after the first one. */
const CHANGES = LONG ? 10 : 3;

const FIRST = `
title: Intake 0
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
  - id: work
    title: Work
    fields:
      - { id: kind, type: radio, label: Kind, required: true, options: [Rides, Parcels, Food] }
      # Here
  - id: more
    title: More
    fields:
      - { id: note, type: textarea, label: Note, required: true }
endings:
  - { id: done, title: 'Thank you, {full_name}' }
`;

/** The texts in the order of their publication: the second one adds a question, the third one removes an option. */
const TEXTS = Array.from({ length: CHANGES + 1 }, (_, index) => {
  const titled = FIRST.replace('Intake 0', `Intake ${index}`);
  const asked = index >= 1 ? titled.replace('# Here', '- { id: city, type: text, label: City }') : titled;
  return index >= 2 ? asked.replace(', Food]', ']') : asked;
});

let servers: TestSite[];
beforeEach(async () => {
  const env = { RATE_LIMIT: 'off' };
  const first = await openTestSite({ forms: {}, env });
  servers = [first];
  if (first.db.engine.kind === 'postgres') servers.push(await openTestSite({ forms: {}, env, folder: first.folder }));
});
afterEach(async () => {
  for (const server of servers) await server.close();
  removeFolder(servers[0]!.folder);
});

/** One server after the other, as a balancer asks them. */
let turn = 0;
const next = (): TestSite => servers[turn++ % servers.length]!;

const KEY = { authorization: `Bearer ${API_KEY}` };

interface Sent {
  id: string;
  version: string;
  answers: Record<string, string>;
}

it(`loses nothing and repeats nothing of ${PEOPLE} people, while ${CHANGES} more texts are published`, async () => {
  const cookie = await sessionCookie(servers[0]!.db);
  /** The number of the latest publication, and of the one that every server shows; how many people have started since. */
  let [published, shown, started] = [0, 0, 0];
  /** The version of each publication, in order. */
  const versions: string[] = [];

  await publishByProgram(TEXTS[0]!, undefined);
  const people = Promise.all(Array.from({ length: PEOPLE }, (_, index) => person(index)));
  people.catch(() => undefined);
  for (const text of TEXTS.slice(1)) {
    // Others of this version start while the next one is published.
    await Promise.race([people, eventually(async () => started >= PEOPLE / TEXTS.length / 2)]);
    if (shown % 2) await publishByMember(text);
    else await publishByProgram(text, TEXTS[shown - 1]!);
  }
  const sent = await people;

  const [{ db }] = servers as [TestSite];
  const publications = (await listPublications(db, 'intake', { limit: 100 })).toReversed();
  expect(publications.map(({ number, version, textHash: hash }) => ({ number, version, hash }))).toEqual(
    TEXTS.map((text, index) => ({ number: index + 1, version: versions[index], hash: textHash(text) })),
  );
  expect(new Set(sent.map(({ version }) => version))).toEqual(new Set(versions));

  const rows = await db.query.selectFrom('submissions').select(['id', 'version', 'answers']).execute();
  const stored = rows.map(({ answers, ...row }) => ({ ...row, answers: JSON.parse(answers) as Sent['answers'] }));
  expect(stored.toSorted(byId)).toEqual(sent.toSorted(byId));
  const events = await db.query.selectFrom('events').select(['submission_id', 'name']).orderBy('seq').execute();
  const named = Map.groupBy(events, ({ submission_id }) => submission_id ?? '');
  for (const { id } of sent)
    expect(named.get(id)?.map(({ name }) => name)).toEqual(['started', 'answersSaved', 'answersSaved', 'answersSaved', 'submitted']); // prettier-ignore

  /** Opens the page, saves three screens and submits. One server gets the page, and others the later requests. */
  async function person(index: number): Promise<Sent> {
    const from = 1 + (index % TEXTS.length);
    // Half of them come while the other server does not have the new version yet.
    const isEarly = Math.floor(index / TEXTS.length) % 2 === 0;
    await eventually(async () => (isEarly ? published : shown) >= from);
    const page = (await send(next(), 'GET', '/intake')).text;
    const [, version = ''] = /"version":"([0-9a-f]{16})"/.exec(page) ?? [];
    const begun = await insist('POST', '/api/forms/intake/submissions', { version });
    expect(begun).toMatchObject({ status: 201, body: { version } });
    started++;
    const draft = draftOf({ origin: '' }, begun.body);
    const answers = {
      full_name: `Person ${index}`,
      // The version of the page decides, not a version that is published meanwhile.
      kind: page.includes('value="Food"') ? 'Food' : 'Rides',
      ...(page.includes('name="city"') && { city: `City ${index}` }),
      note: `Note ${index}`,
    };
    const { full_name, note, ...work } = answers;
    const screens = Object.entries({ about: { full_name }, work, more: { note } });
    for (const [at, [screen, values]] of screens.entries()) {
      // Some have gone on before the next publication, some wait for one or two.
      const until = Math.min(from + (at * (index % 3)) / 2, TEXTS.length);
      await eventually(async () => published >= Math.floor(until));
      const saved = await insist(
        'PUT',
        `/api/submissions/${draft.id}/answers`,
        { screen, answers: values },
        draft.headers,
      );
      expect([saved.status, saved.text]).toEqual([200, saved.text]);
    }
    expect(await insist('POST', `/api/submissions/${draft.id}/submit`, {}, draft.headers)).toMatchObject({ status: 200, body: { ending: { title: `Thank you, Person ${index}` } } }); // prettier-ignore
    return { id: draft.id, version, answers };
  }

  /** Two programs send the same text at once, each to another server. One of them publishes it. */
  async function publishByProgram(text: string, former: string | undefined): Promise<void> {
    const replaces: Record<string, string> = former
      ? { 'if-match': `"${textHash(former)}"` }
      : { 'if-none-match': '*' };
    const headers = { ...KEY, ...replaces, 'content-type': 'text/yaml' };
    const both = await Promise.all([next(), next()].map((server) => send(server, 'PUT', '/api/forms/intake/source', text, headers))); // prettier-ignore
    expect(both.map(({ status }) => status).toSorted()).toEqual([former ? 200 : 201, 412]);
    const { number, version } = both.find(({ status }) => status !== 412)!.body;
    expect(number).toBe(shown + 1);
    [published, started] = [published + 1, 0];
    await isShown(text, version);
  }

  async function publishByMember(text: string): Promise<void> {
    const [{ origin }, path] = [next(), '/admin/forms/intake'];
    const member = visitor(origin, cookie);
    const base = Number(valueOf((await member(`${path}/edit`)).text, 'base'));
    const headers = { cookie, origin, accept: 'application/json' };
    const saved = await send({ origin }, 'POST', `${path}/draft`, { text, base }, headers);
    expect(saved.body).toMatchObject({ revision: base + 1, faults: [] } satisfies Partial<SavedDraft>);
    const asked = (await member(`${path}/publish`)).text;
    const fields = { base: valueOf(asked, 'base'), replaces: valueOf(asked, 'replaces'), understood: 'yes' };
    const location = `${path}/edit?published=${shown + 1}`;
    expect(await member(`${path}/publish`, fields)).toMatchObject({ status: 303, location });
    [published, started] = [published + 1, 0];
    await isShown(text, undefined);
  }

  /** Waits until every server shows the text, without a restart of any. */
  async function isShown(text: string, version: string | undefined): Promise<void> {
    const [, title] = /title: (.*)/.exec(text) as unknown as [string, string];
    const shows = async (server: TestSite) => {
      const page = (await send(server, 'GET', '/intake')).text;
      return page.includes(`<title>${title}`) && /"version":"([0-9a-f]{16})"/.exec(page)?.[1];
    };
    const all = await Promise.all(servers.map((server) => eventually(() => shows(server))));
    expect(new Set([...all, version ?? all[0]]).size).toBe(1);
    versions.push(all[0]!);
    shown++;
  }
});

/** Sends a request twice at once under one key, each to another server, as a page that did not wait for its answer. */
async function insist(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  await wait(Math.random() * 20);
  const keyed = { ...headers, 'idempotency-key': crypto.randomUUID() };
  const [one, two] = await Promise.all([next(), next()].map((server) => send(server, method, path, body, keyed)));
  expect([two!.status, two!.body]).toEqual([one!.status, one!.body]);
  return one!;
}

const valueOf = (html: string, name: string): string =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1);
