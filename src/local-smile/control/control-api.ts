import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { signIn, sync, verifyCode } from '../link/accounts.ts';
import { consolePage } from './console.ts';
import { failWith } from '../http/envelope.ts';
import { eventTypes, foreignExamples, type LoggedEvent } from '../webhooks/events.ts';
import { depositForm } from '../store/forms.ts';
import { newSandboxId } from '../store/ids.ts';
import { mailPage } from '../link/invite-pages.ts';
import { advance } from '../store/invites.ts';
import { samplePayslip } from '../invented/payslip.ts';
import { findProvider } from '../invented/providers.ts';
import { type Env, isLoopback, jsonBody } from '../http/requests.ts';
import { completeSession } from '../link/sessions.ts';
import { settingsSchema } from './settings.ts';
import { endTokens, issueToken } from '../link/tokens.ts';
import { createUser } from '../store/users.ts';
import type { Sandbox } from '../sandbox.ts';

const accountSchema = z.strictObject({
  userId: z.string(),
  providerId: z.string(),
  userName: z.string().min(1),
  password: z.string().min(1),
  code: z.string().min(1).optional(),
});
const syncSchema = z.strictObject({
  accountId: z.string(),
  status: z.enum(['SUCCEEDED', 'FAILED']).default('SUCCEEDED'),
});
const userSchema = z.strictObject({ userId: z.string().optional() });
const expireSchema = z.strictObject({ userId: z.string().optional() });
const siteId = z.string().regex(/^(ws|site)-./, 'Give an id like ws-….');
const formSchema = z.strictObject({
  userId: z.string(),
  name: z.string().max(255).nullish(),
  reference: z.string().min(1).optional(),
  data: z.record(z.string(), z.unknown()),
  winkSiteId: siteId.optional(),
  winkSiteSessionId: z.string().startsWith('wss-').optional(),
  complete: z.boolean().default(false),
});
const eventSchema = z.strictObject({
  type: z.enum(eventTypes),
  userId: z.string().default(''),
  data: z.record(z.string(), z.unknown()).optional(),
});
const ids = z.array(z.string());
const winkTemplateSchema = z.strictObject({
  id: z.string().startsWith('wtpl-').max(64).optional(),
  name: z.string().optional(),
  primaryColor: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'Write a color as #rrggbb.')
    .optional(),
  companyName: z.string().optional(),
  providers: ids.optional(),
  topProviders: ids.max(10).optional(),
  fileTypes: ids.optional(),
  enableSearchBar: z.boolean().optional(),
  enableTypeBar: z.boolean().optional(),
  enableUpload: z.boolean().optional(),
  enableConsentPage: z.boolean().optional(),
  enableSurvey: z.boolean().optional(),
});

/**
 * Switches for tests and demonstrations, under `/__local`. They are not part of Smile. They work only if `allowed`,
 * from this machine, and from pages of this origin.
 */
export function controlApi(
  sandbox: Sandbox,
  allowed: boolean,
  { reset, send }: { reset: () => void; send: (logged: LoggedEvent) => void },
): Hono<Env> {
  const app = new Hono<Env>();
  const { state, settings } = sandbox;

  app.use(async (c, next) => {
    if (!allowed || isForeign(c))
      return failWith(c, 'UNAUTHORIZED_ACCESS', 'The control API answers on this machine only.');
    return next();
  });

  app.get('/', () => consolePage());

  app.post('/reset', (c) => {
    reset();
    return c.json({});
  });

  app.get('/settings', (c) => c.json(settings));

  app.patch('/settings', async (c) => {
    Object.assign(settings, await jsonBody(c, settingsSchema.partial()));
    return c.json(settings);
  });

  app.post('/users', async (c) => {
    const { userId } = await jsonBody(c, userSchema);
    const user = userId === undefined ? createUser(sandbox) : state.users.get(userId);
    if (!user) return failWith(c, 'MISSING_RESOURCE', 'There is no user with this id.');
    const { accessToken, expiresAt } = await issueToken(sandbox, user.id);
    return c.json({ userId: user.id, accessToken, expiresAt });
  });

  app.post('/accounts', async (c) => {
    const { userId, providerId, code, ...credentials } = await jsonBody(c, accountSchema);
    const provider = findProvider(providerId);
    if (!state.users.has(userId)) return failWith(c, 'MISSING_RESOURCE', 'There is no user with this id.');
    if (!provider?.accountConnection)
      return failWith(c, 'INVALID_PARAMETERS', 'There is no such provider to sign in to.');
    const result = signIn(sandbox, userId, provider, credentials);
    if (!result) return failWith(c, 'INVALID_PARAMETERS', 'This provider is connected already.');
    if (code && provider.mfa) {
      sandbox.schedule.later(settings.connectDelayMs, () => verifyCode(sandbox, result.account, code));
    }
    return c.json({ accountId: result.account.id });
  });

  app.post('/sync', async (c) => {
    const { accountId, status } = await jsonBody(c, syncSchema);
    const account = state.accounts.get(accountId);
    if (!account) return failWith(c, 'MISSING_RESOURCE', 'There is no account with this id.');
    if (!sync(sandbox, account, status)) {
      return failWith(c, 'INVALID_PARAMETERS', 'This account is not kept in sync: its monitorStatus says why.');
    }
    return c.json({ monitorStatus: account.monitor.status });
  });

  app.post('/expire', async (c) => {
    endTokens(sandbox, (await jsonBody(c, expireSchema)).userId);
    return c.json({});
  });

  app.post('/forms', async (c) => {
    const { userId, complete, ...body } = await jsonBody(c, formSchema);
    const user = state.users.get(userId);
    if (!user) return failWith(c, 'MISSING_RESOURCE', 'There is no user with this id.');
    const { id: formId, winkSiteId, winkSiteSessionId, reference } = depositForm(sandbox, user, body);
    if (complete) completeSession(sandbox, user);
    return c.json({ formId, winkSiteId, winkSiteSessionId, reference });
  });

  app.get('/winkTemplates', (c) => c.json({ items: [...state.winkTemplates.values()] }));

  app.post('/winkTemplates', async (c) => {
    const { id = newSandboxId('wtpl'), ...body } = await jsonBody(c, winkTemplateSchema);
    state.winkTemplates.set(id, { id, ...body });
    return c.json({ id });
  });

  app.get('/outbox', (c) => c.json({ items: [...state.outbox.values()].toReversed() }));

  app.get('/outbox/:id', (c) => {
    const mail = state.outbox.get(c.req.param('id'));
    const invite = mail && state.invites.get(mail.inviteId);
    if (!mail || !invite) return failWith(c, 'MISSING_RESOURCE', 'There is no mail with this id.');
    advance(sandbox, invite, 'EMAIL_OPENED');
    return c.req.header('accept')?.includes('text/html') ? mailPage(mail) : c.json(mail);
  });

  app.get('/events', (c) => {
    const { type, userId } = c.req.query();
    const items = state.events.filter(
      (logged) => (!type || logged.event.type === type) && (!userId || logged.userId === userId),
    );
    return c.json({ items: items.toReversed().map(({ event, deliveries }) => ({ ...event, deliveries })) });
  });

  app.post('/events', async (c) => {
    const { type, userId, ...body } = await jsonBody(c, eventSchema);
    const data = body.data ?? foreignExamples[type];
    if (!data || type === 'ALL_EVENTS') {
      return failWith(c, 'INVALID_PARAMETERS', 'data: there is an example only of VERIFICATION_… and RECORD_… events.');
    }
    sandbox.notify(type, userId, data);
    return c.json({ id: state.events.at(-1)?.event.id });
  });

  app.post('/events/:id/resend', (c) => {
    const logged = state.events.find(({ event }) => event.id === c.req.param('id'));
    if (!logged) return failWith(c, 'MISSING_RESOURCE', 'There is no event with this id, or it is too old.');
    send(logged);
    return c.json({});
  });

  app.get('/payslip.pdf', (c) => c.body(samplePayslip, 200, { 'content-type': 'application/pdf' }));

  app.all('*', (c) => failWith(c, 'MISSING_RESOURCE', 'There is no such knob.'));
  return app;
}

/**
 * From another machine, through a proxy or tunnel, under a name that only resolves to this machine, or from a page of
 * another site.
 */
function isForeign(c: Context<Env>): boolean {
  const { host, hostname } = new URL(c.req.url);
  const { remoteAddress = '127.0.0.1', httpVersion } = c.env ?? {};
  const origin = c.req.header('origin');
  return (
    !isLoopback(remoteAddress) ||
    !isLoopback(hostname) ||
    // Without a setting, nginx adds no header, and most of its versions ask by HTTP/1.0. No browser and no curl does.
    httpVersion === '1.0' ||
    Object.keys(c.req.header()).some((name) => /^(forwarded|via|x-real-ip|x-forwarded-.*)$/.test(name)) ||
    (origin !== undefined && URL.parse(origin)?.host !== host) ||
    !['same-origin', 'none'].includes(c.req.header('sec-fetch-site') ?? 'none')
  );
}
