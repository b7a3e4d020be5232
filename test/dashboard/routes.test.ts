/** The members who may use each address of the dashboard. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDashboard } from '../../src/dashboard/app.ts';
import { OPEN_PATHS } from '../../src/dashboard/open-paths.ts';
import { ROUTES } from '../../src/dashboard/routes.ts';
import type { Route } from '../../src/dashboard/route.ts';
import { ROLES, type Grant, type Permission, type Role } from '../../src/members/roles.ts';
import { startSession } from '../../src/members/sessions.ts';
import { closeDatabase, openDatabase, type Database } from '../../src/record/db/database.ts';
import { enqueueDelivery } from '../../src/record/deliveries.ts';
import { listDeliveries } from '../../src/record/delivery-queries.ts';
import { listInvitations } from '../../src/record/invitation-list.ts';
import { enqueue, listJobs } from '../../src/record/jobs/jobs.ts';
import { createInvitations } from '../helpers/samples/invitations.ts';
import { later, NOW, SECRET } from '../helpers/database.ts';
import { addMember, createClient } from '../helpers/dashboard-client.ts';
import { compiled, publish } from './forms.ts';

/** The roles that design and documents promise. `reviewer+` is a reviewer who may reveal. */
const ALLOWED: Record<Permission, (Role | 'reviewer+')[]> = {
  seeResults: ['owner', 'editor', 'reviewer', 'reviewer+', 'viewer'],
  seePeople: ['owner', 'reviewer', 'reviewer+'],
  revealAnswers: ['owner', 'reviewer+'],
  editForms: ['owner', 'editor'],
  invitePeople: ['owner', 'reviewer', 'reviewer+'],
  sendMessages: ['owner', 'reviewer', 'reviewer+'],
  decideSpam: ['owner', 'reviewer', 'reviewer+'],
  erasePeople: ['owner', 'reviewer', 'reviewer+'],
  changeSettings: ['owner'],
};

const LOAN = compiled(
  `
title: Loan
invite: {}
screens: [{ id: a, title: A, fields: [{ id: name, type: text, label: Name }, { id: tax, type: text, label: Tax, sensitive: true }] }]
endings: [{ id: done, title: Done }]
`,
  'loan',
);
const LEASE = compiled(
  `
title: Lease
screens: [{ id: a, title: A, fields: [{ id: name, type: text, label: Name }] }]
endings: [{ id: done, title: Done }]
`,
  'lease',
);

let db: Database;
let ids: Record<string, string>;
/** Beside the form that all paths name. */
let leaseId: string;

beforeAll(async () => {
  db = await openDatabase(':memory:', [SECRET]);
  const { id } = await (await publish(db, LOAN))({ name: 'Ana', tax: '123' }, { ending: 'done' });
  leaseId = (await (await publish(db, LEASE))({ name: 'Ben' }, { ending: 'done' })).id;
  await addMember(db);
  for (const [form, submissionId, target] of [
    ['loan', id, 'ops@acme.example'],
    ['lease', leaseId, 'inbox@lease.example'],
  ] as const)
    await enqueueDelivery(db, { form, submissionId, channel: 'email', target, cause: 'submitted' }, NOW);
  const person = {
    name: 'Cora',
    email: 'cora@mail.example',
    language: 'en' as const,
    prefill: { answers: {}, params: {} },
  };
  await createInvitations(db, [person], { form: 'loan', via: 'mail', memberId: 'm', expiresAt: later(86_400) }, NOW);
  await enqueue(db, { kind: 'retrieve', subject: 'account', submissionId: id }, NOW);
  ids = {
    slug: 'loan',
    submission: id,
    file: 'none',
    delivery: (await listDeliveries(db, { form: 'loan' }, { limit: 1 })).items[0]?.id ?? '',
    invitation: (await listInvitations(db, 'loan', { limit: 1 })).items[0]?.id ?? '',
    job: (await listJobs(db, id)).find(({ kind }) => kind === 'retrieve')?.id ?? '',
  };
  expect(Object.values(ids).filter((one) => !one)).toEqual([]);
});

afterAll(() => closeDatabase(db));

const addressOf = ({ path }: Route): string => path.replace(/:(\w+)/g, (_, name: string) => ids[name] ?? name);
/** The route that answers this address. */
const routeAt = (method: string, address: string): Route | undefined =>
  ROUTES.find(
    (route) => route.method === method && new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(address),
  );
const closed = ROUTES.filter(({ path }) => !OPEN_PATHS.includes(path));
const named = closed.map((route) => [`${route.method} ${route.path}`, route] as const);

/** A browser in which a member with these roles is signed in. */
async function signedIn(email: string, grants: Grant[]) {
  const client = await createClient(db);
  client.kept.cookie = `flipsite=${await startSession(db, await addMember(db, email, grants), NOW)}`;
  return client;
}

const grantOf = (role: Role | 'reviewer+', form: string | null): Grant =>
  role === 'reviewer+' ? { role: 'reviewer', form, mayReveal: true } : { role, form, mayReveal: false };

/** Asks as the form of the page would, but with nothing in it, so that little is changed. */
const use = (client: Awaited<ReturnType<typeof createClient>>, route: Route, from = 'http://forms.example') => {
  if (route.method === 'GET') return client.ask(addressOf(route), { headers: { origin: from } });
  const body = route.jsonBytes ? '{}' : route.uploadBytes ? new FormData() : new URLSearchParams();
  const type = route.jsonBytes ? { 'content-type': 'application/json' } : undefined;
  return client.ask(addressOf(route), { method: 'POST', body, headers: { origin: from, ...type } });
};

describe('every address of the dashboard', () => {
  it.each(named)('%s needs a session', async (_, route) => {
    const { status, location, text } = await use(await createClient(db), route);
    expect([status, text]).toEqual([303, '']);
    expect(location).toMatch(/^\/admin\/sign-in(\?|$)/);
  });

  it.each(named)('%s refuses another method than its own, and says which it takes', async (_, route) => {
    const method = route.method === 'GET' ? 'POST' : 'GET';
    if (routeAt(method, addressOf(route))) return;
    const client = await signedIn('owner@acme.example', [grantOf('owner', null)]);
    const { status, headers } = await use(client, { ...route, method, uploadBytes: 0 });
    expect([status, headers.get('allow')]).toEqual([405, route.method === 'GET' ? 'GET, HEAD' : 'POST']);
  });

  it.each(named.filter(([, { method }]) => method === 'POST'))(
    '%s refuses a post from another site',
    async (_, route) => {
      const client = await signedIn('owner@acme.example', [grantOf('owner', null)]);
      const { status, text } = await use(client, route, 'https://evil.example');
      expect(status).toBe(403);
      expect(text).toContain('This was sent from another site');
    },
  );

  it.each(named.filter(([, { method }]) => method === 'GET'))(
    '%s lets no script of another site read it',
    async (_, route) => {
      const client = await signedIn('owner@acme.example', [grantOf('owner', null)]);
      const { headers } = await use(client, route, 'https://evil.example');
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    },
  );

  it('POST refuses a post from another site where no session is needed either', async () => {
    const open = ROUTES.filter(({ method, path }) => method === 'POST' && OPEN_PATHS.includes(path));
    for (const route of open)
      expect((await use(await createClient(db), route, 'https://evil.example')).status).toBe(403);
    expect(open).toHaveLength(4);
  });
});

const WITH_REVEAL = [...ROLES, 'reviewer+'] as const;

// Before anything is deleted below.
describe.each(WITH_REVEAL)('the role %s for one form', (role) => {
  it('opens no other form, and nothing of the whole site', async () => {
    const client = await signedIn(`${role}-lease@acme.example`, [grantOf(role, 'lease')]);
    for (const route of closed.filter((one) => one.for !== 'any form')) {
      const { status } = await use(client, route);
      expect([`${route.method} ${route.path}`, status]).toEqual([`${route.method} ${route.path}`, 403]);
    }
    const forms = (await client.ask('/admin')).text;
    expect(forms).toContain('/admin/forms/lease');
    expect(forms).not.toContain('/admin/forms/loan');
    const mayReadMessages = ALLOWED.seePeople.includes(role);
    const messages = await client.ask('/admin/messages');
    expect(messages.status).toBe(mayReadMessages ? 200 : 403);
    expect(messages.text.includes('inbox@lease.example')).toBe(mayReadMessages);
    expect(messages.text).not.toContain('ops@acme.example');
    expect((await client.ask(`/admin/forms/lease/people/${leaseId}`)).status).toBe(mayReadMessages ? 200 : 403);
  });
});

describe.each(WITH_REVEAL)('the role %s for all forms', (role) => {
  it('opens its own pages only', async () => {
    const client = await signedIn(`${role}@acme.example`, [grantOf(role, null)]);
    for (const route of closed) {
      const { status, text } = await use(client, route);
      const isRefused = text.includes('Your role does not allow this');
      const mayUse = ALLOWED[route.needs as Permission].includes(role);
      expect([`${route.method} ${route.path}`, isRefused]).toEqual([`${route.method} ${route.path}`, !mayUse]);
      if (!mayUse) expect(status).toBe(403);
      else expect([200, 303, 400, 404, 409, 422]).toContain(status);
    }
  });
});

describe('a page', () => {
  const linksIn = (html: string) =>
    [...html.matchAll(/(?:href|action)="(\/admin[^"]*)"/g)].map(([, path]) => path ?? '');

  it('leads a member who can turn invitations on to them, and no other member while they are off', async () => {
    const linksFor = async (role: Role) => {
      const client = await signedIn(`${role}-invites@acme.example`, [grantOf(role, null)]);
      return linksIn((await client.ask('/admin/forms/lease/people')).text + (await client.ask('/admin/forms/lease/invitations')).text); // prettier-ignore
    };
    // The text of this form is in a file, so the way leads to Settings first.
    const ways = ['/admin/forms/lease/invitations', '/admin/forms/lease/settings'];
    expect(await linksFor('owner')).toEqual(expect.arrayContaining(ways));
    expect((await linksFor('reviewer')).filter((path) => ways.includes(path))).toEqual([]);
  });

  it('tells a reviewer who can turn invitations on, and not how', async () => {
    const client = await signedIn('reviewer-reads@acme.example', [grantOf('reviewer', null)]);
    const { text } = await client.ask('/admin/forms/lease/invitations');
    expect(text).toContain('a member with the role Owner or Editor');
    expect(text).not.toContain('Members can invite people by name');
  });

  it('tells a member who may not publish a new address whom to ask for it', async () => {
    const grants = [grantOf('editor', null), grantOf('reviewer', 'quiet')];
    const { text } = await (await signedIn('editor-reads@acme.example', grants)).ask('/admin/messages');
    expect(text).toContain('ask an owner to add your address to a form');
    expect(text).not.toContain('Emails and webhooks');
  });

  it.each(ROLES)('shows a member with the role %s no link or button that would be refused', async (role) => {
    // Everything was used by the tests above, so each role looks at people of its own.
    const own = await (await publish(db, LOAN))({ name: 'Dina', tax: '9' }, { ending: 'done' });
    const client = await signedIn(`${role}-looks@acme.example`, [grantOf(role, null)]);
    const pages = ['/admin', '/admin/people', '/admin/settings', '/admin/forms/loan', '/admin/forms/loan/people', `/admin/forms/loan/people/${own.id}`, '/admin/forms/loan/invitations', '/admin/messages']; // prettier-ignore
    for (const path of pages) {
      const { status, text } = await client.ask(path);
      // A member who may see people goes on from the numbers of a form to these.
      if (status === 403 || status === 303) continue;
      expect([path, status]).toEqual([path, 200]);
      for (const link of linksIn(text)) {
        const isForm = text.includes(`method="post" action="${link}"`);
        const route = routeAt(isForm ? 'POST' : 'GET', link.split(/[?#]/)[0] ?? '');
        if (route?.needs) expect([path, link, ALLOWED[route.needs].includes(role)]).toEqual([path, link, true]);
      }
    }
  });

  it('hides people from a viewer and an editor, and shows them the numbers', async () => {
    for (const role of ['viewer', 'editor'] as const) {
      const client = await signedIn(`${role}-numbers@acme.example`, [grantOf(role, null)]);
      const { text } = await client.ask('/admin/forms/loan');
      expect(text).toContain('Results');
      expect(text).not.toMatch(/Ana|Dina|<table/);
    }
  });

  it('names the roles that a member lacks', async () => {
    const client = await signedIn('viewer-asks@acme.example', [grantOf('viewer', null)]);
    expect((await client.ask('/admin/settings/smile')).text).toContain('You need the role Owner for all forms.');
    expect((await client.ask(`/admin/forms/loan/people/${ids['submission']}`)).text).toContain('You need the role Owner or Reviewer for this form.'); // prettier-ignore
    const { text } = await client.send(`/admin/forms/loan/people/${ids['submission']}/sensitive`, { field: 'tax' });
    expect(text).toContain('You need the role Owner or Reviewer with private answers for this form.');
  });
});

describe('the table of routes', () => {
  const start = (route: Route) => () =>
    createDashboard({ db, keys: [Buffer.alloc(32)], setup: { code: 'x', generated: false } } as never, [route]);
  const handler = () => new Response();

  it('does not start with a route that has no permission', () => {
    expect(start({ method: 'GET', path: '/admin/keys', handler })).toThrow('GET /admin/keys has no permission.');
    expect(start({ method: 'GET', path: '/admin/keys', needs: 'changeSettings', handler })).toThrow('no permission');
    expect(start({ method: 'GET', path: '/admin/keys', needs: 'changeSettings', for: 'whole site', handler })).not.toThrow(); // prettier-ignore
  });

  it('does not start with a route of a form that is not for this form', () => {
    expect(start({ method: 'GET', path: '/admin/forms/:slug/x', needs: 'seePeople', for: 'any form', handler })).toThrow('names a form'); // prettier-ignore
  });

  it('asks for more than the right to see something, wherever something is changed', () => {
    const acts = ROUTES.filter(({ method, needs }) => method === 'POST' && needs?.startsWith('see'));
    expect(acts.map(({ path }) => path)).toEqual([]);
  });

  it('leaves exactly four paths open', () => {
    const open = new Set(ROUTES.filter(({ needs }) => !needs).map(({ path }) => path));
    expect([...open].sort()).toEqual(['/admin/code', '/admin/setup', '/admin/sign-in', '/admin/sign-out']);
  });
});
