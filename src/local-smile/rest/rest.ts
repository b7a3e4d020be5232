import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { failWith } from '../http/envelope.ts';
import type { Env } from '../http/requests.ts';
import type { Sandbox } from '../sandbox.ts';
import { accountRoutes } from './accounts.ts';
import { archiveRoutes } from './archives.ts';
import { consentTemplateRoutes } from './consent-templates.ts';
import { datapointRoutes } from './datapoints.ts';
import { fileTypeRoutes } from './file-types.ts';
import { formRoutes } from './forms.ts';
import { inviteTemplateRoutes } from './invite-templates.ts';
import { inviteRoutes } from './invites.ts';
import { providerRoutes } from './providers.ts';
import { rateLimit } from './rate-limit.ts';
import { taskRoutes } from './tasks.ts';
import { tokenRoutes } from './tokens.ts';
import { userRoutes } from './users.ts';
import { webhookRoutes } from './webhooks.ts';

const parts = [
  userRoutes,
  tokenRoutes,
  accountRoutes,
  taskRoutes,
  providerRoutes,
  formRoutes,
  inviteRoutes,
  inviteTemplateRoutes,
  consentTemplateRoutes,
  webhookRoutes,
  archiveRoutes,
  fileTypeRoutes,
  datapointRoutes,
];

/** Smile's Open API as far as local Smile has it, under `/v1`. Without CORS: it is not for browsers. */
export function restApi(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();
  const overLimit = rateLimit();

  app.use(async (c, next) => {
    if (overLimit(c.env?.remoteAddress ?? '', sandbox.settings.rateLimitPerSecond)) {
      return failWith(c, 'REQUEST_LIMIT_EXCEEDED', 'Too many requests in this second.');
    }
    const pair = basicPair(c.req.header('authorization'));
    if (!pair) return failWith(c, 'INVALID_TOKEN', 'Send the API key and secret as HTTP Basic authorization.');
    if (!same(pair, `${sandbox.apiKey}:${sandbox.apiSecret}`)) {
      return failWith(c, 'INVALID_CREDENTIALS', 'API key or secret is wrong.');
    }
    return next();
  });

  const routes = parts.map((make) => make(sandbox));
  for (const part of routes) app.route('/', part);

  const known = new Set(routes.flatMap((part) => part.routes.map(({ path }) => path)));
  for (const path of known) {
    app.all(path, (c) => failWith(c, 'UNSUPPORTED_METHOD', `${c.req.method} is not supported here.`));
  }
  app.all('*', (c) => failWith(c, 'MISSING_RESOURCE', 'There is nothing at this address.'));
  return app;
}

/** `key:secret` of an Authorization header; undefined if it is missing or malformed. */
function basicPair(header: string | undefined) {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '')?.[1];
  const pair = encoded && Buffer.from(encoded, 'base64').toString();
  return pair?.includes(':') ? pair : undefined;
}

function same(sent: string, expected: string) {
  const [a, b] = [Buffer.from(sent), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
