import { Hono, type Context } from 'hono';
import { cors } from 'hono/cors';
import { z } from 'zod';
import { accountsOf, disconnect, signIn, verifyCode } from './accounts.ts';
import { ok, refuse, Refusal } from './envelope.ts';
import { people } from './people.ts';
import { findProvider, initials, providers } from './providers.ts';
import { type Env, jsonBody } from './requests.ts';
import type { Account } from './state.ts';
import { acceptToken } from './tokens.ts';
import type { World } from './world.ts';

type LinkEnv = Env & { Variables: { userId: string; expiresInMs: number } };

/** The header by which one widget is told from another with the same token. */
export const WIDGET_HEADER = 'smile-widget';

const credentialsSchema = z.object({
  providerId: z.string(),
  userName: z.string().min(1).max(200),
  password: z.string().min(1).max(200),
});
const codeSchema = z.object({ code: z.string().min(1).max(20) });

/**
 * What Local Smile's own widget talks to, relative to `/v1/link`. Private: Smile's is not published, so nothing else may
 * depend on it. Open to every origin, `null` included, since the link token is all the authority there is.
 */
export function linkApi(world: World): Hono<LinkEnv> {
  const app = new Hono<LinkEnv>();

  app.use(cors({ origin: '*', allowHeaders: ['authorization', 'content-type', WIDGET_HEADER], maxAge: 600 }));
  app.use(async (c, next) => {
    const token = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const claims = token && (await acceptToken(world, token, c.req.header(WIDGET_HEADER) ?? ''));
    if (!claims || !world.state.users.has(claims.userId)) {
      return refuse(c, 'INVALID_TOKEN', 'The link token is invalid, expired, or used by another widget.');
    }
    c.set('userId', claims.userId);
    c.set('expiresInMs', claims.exp * 1000 - Date.now());
    return next();
  });

  app.post('/open', (c) =>
    ok(c, {
      expiresInMs: c.get('expiresInMs'),
      providers: providers.map((provider) => ({
        id: provider.id,
        name: provider.name,
        initials: initials(provider.name),
        type: provider.type,
        accountConnection: provider.accountConnection,
      })),
      accounts: accountsOf(world, c.get('userId'))
        .filter(({ status }) => status !== 'DISCONNECTED')
        .map(shown),
      testPeople: people.map(({ userName, password, code }) => ({ userName, password, code })),
    }),
  );

  app.post('/accounts', async (c) => {
    const { providerId, ...credentials } = await jsonBody(c, credentialsSchema);
    const provider = findProvider(providerId);
    if (!provider?.accountConnection) return refuse(c, 'INVALID_PARAMETERS', 'This provider has no sign-in.');
    const result = signIn(world, c.get('userId'), provider, credentials);
    if (!result) return refuse(c, 'INVALID_PARAMETERS', 'This provider is connected already.');
    return ok(c, { ...shown(result.account), created: result.created });
  });

  app.get('/accounts/:id', (c) => ok(c, shown(ownAccount(c))));

  app.post('/accounts/:id/code', async (c) => {
    const { code } = await jsonBody(c, codeSchema);
    const account = ownAccount(c);
    if (!verifyCode(world, account, code)) {
      return refuse(c, 'INVALID_PARAMETERS', 'This account is not waiting for a verification code.');
    }
    return ok(c, shown(account));
  });

  app.delete('/accounts/:id', (c) => {
    const account = ownAccount(c);
    if (account.status !== 'DISCONNECTED') disconnect(world, account);
    return ok(c);
  });

  app.post('/closed', (c) => {
    const user = world.state.users.get(c.get('userId'));
    const connected = accountsOf(world, c.get('userId')).some(({ status }) => status === 'CONNECTED');
    if (user && connected) user.sessionStatus = 'COMPLETED';
    return ok(c);
  });

  app.all('*', (c) => refuse(c, 'MISSING_RESOURCE', 'There is nothing at this address.'));
  return app;

  function ownAccount(c: Context<LinkEnv, '/accounts/:id'>): Account {
    const account = world.state.accounts.get(c.req.param('id'));
    if (account?.userId !== c.get('userId')) {
      throw new Refusal('MISSING_RESOURCE', 'There is no account with this id.');
    }
    return account;
  }
}

function shown(account: Account) {
  const { id, providerId, status, errorCode, loginName, checking } = account;
  return { id, providerId, status, errorCode, loginName, checking };
}
