import { Hono, type Context } from 'hono';
import { z } from 'zod';
import { signIn, verifyCode } from './accounts.ts';
import { refuse } from './envelope.ts';
import { findProvider } from './providers.ts';
import { type Env, isLoopback, jsonBody } from './requests.ts';
import { settingsSchema } from './settings.ts';
import type { World } from './world.ts';

const accountSchema = z.strictObject({
  userId: z.string(),
  providerId: z.string(),
  userName: z.string().min(1),
  password: z.string().min(1),
  code: z.string().min(1).optional(),
});

/**
 * Switches for tests and demonstrations, relative to `/__local`; no part of Smile. Refused unless `allowed`, to other
 * machines, and to pages of other sites.
 */
export function knobs(world: World, allowed: boolean, reset: () => void): Hono<Env> {
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    if (!allowed || isForeign(c))
      return refuse(c, 'UNAUTHORIZED_ACCESS', 'The knobs can be turned on this machine only.');
    return next();
  });

  app.post('/reset', (c) => {
    reset();
    return c.json({});
  });

  app.patch('/settings', async (c) => {
    const changes = await jsonBody(c, settingsSchema.partial());
    Object.assign(world.settings, changes);
    return c.json(world.settings);
  });

  app.post('/accounts', async (c) => {
    const { userId, providerId, code, ...credentials } = await jsonBody(c, accountSchema);
    const provider = findProvider(providerId);
    if (!world.state.users.has(userId)) return refuse(c, 'MISSING_RESOURCE', 'There is no user with this id.');
    if (!provider?.accountConnection)
      return refuse(c, 'INVALID_PARAMETERS', 'There is no such provider to sign in to.');
    const result = signIn(world, userId, provider, credentials);
    if (!result) return refuse(c, 'INVALID_PARAMETERS', 'This provider is connected already.');
    if (code && provider.mfa) {
      world.schedule.later(world.settings.connectDelayMs, () => verifyCode(world, result.account, code));
    }
    return c.json({ accountId: result.account.id });
  });

  app.all('*', (c) => refuse(c, 'MISSING_RESOURCE', 'There is no such knob.'));
  return app;
}

/** From another machine, through a proxy or a tunnel, under a name that only points here, or by a page of another site. */
function isForeign(c: Context<Env>): boolean {
  const { host, hostname } = new URL(c.req.url);
  const { remoteAddress = '127.0.0.1' } = c.env ?? {};
  const origin = c.req.header('origin');
  return (
    !isLoopback(remoteAddress) ||
    !isLoopback(hostname) ||
    ['forwarded', 'x-forwarded-for', 'x-forwarded-host'].some((name) => c.req.header(name) !== undefined) ||
    (origin !== undefined && URL.parse(origin)?.host !== host) ||
    !['same-origin', 'none'].includes(c.req.header('sec-fetch-site') ?? 'none')
  );
}
