import { Hono } from 'hono';
import { ok, failWith } from '../http/envelope.ts';
import {
  findProvider,
  sandboxProviders,
  subTypeLabels,
  typeLabels,
  type SandboxProvider,
} from '../invented/providers.ts';
import { baseFor, type Env } from '../http/requests.ts';
import type { Sandbox } from '../sandbox.ts';
import { pageOf } from './paging.ts';

const MAX_PINNED = 10;

export function providerRoutes(sandbox: Sandbox): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/providers', (c) => {
    const pinned = list(c.req.query('topIds'));
    if (pinned.length > MAX_PINNED) return failWith(c, 'INVALID_PARAMETERS', `topIds takes at most ${MAX_PINNED} ids.`);
    const ids = list(c.req.query('ids'));
    const name = c.req.query('name')?.toLowerCase();
    const rank = (provider: SandboxProvider) => {
      const place = pinned.indexOf(provider.id);
      return place === -1 ? pinned.length : place;
    };
    const wanted = sandboxProviders
      .filter((provider) => ids.length === 0 || ids.includes(provider.id))
      .filter((provider) => !name || `${provider.name} ${provider.longName}`.toLowerCase().includes(name))
      .toSorted((a, b) => rank(a) - rank(b))
      .map((provider) => shown(provider, baseFor(c, sandbox)));
    const words = ['type', 'subType', 'active', 'enabled', 'accountConnection'] as const;
    const equal = Object.fromEntries(words.map((word) => [word, (provider: Shown) => String(provider[word])]));
    return ok(c, pageOf(c, wanted.toReversed(), { equal }));
  });

  app.get('/providers/:id', (c) => {
    const provider = findProvider(c.req.param('id'));
    if (!provider) return failWith(c, 'MISSING_RESOURCE', 'There is no provider with this id.');
    return ok(c, shown(provider, baseFor(c, sandbox)));
  });

  return app;
}

type Shown = ReturnType<typeof shown>;

/** `Provider` of Smile's OpenAPI document. */
function shown(provider: SandboxProvider, base: string) {
  return {
    id: provider.id,
    name: provider.name,
    longName: provider.longName,
    logoUrl: `${base}/logos/${provider.id}.svg`,
    type: provider.type,
    typeLabel: typeLabels[provider.type],
    subType: provider.subType,
    subTypeLabel: subTypeLabels[provider.subType],
    active: true,
    enabled: true,
    mfa: provider.mfa,
    accountConnection: provider.accountConnection,
    supported: provider.supported,
    monitorSupported: provider.monitorSupported,
  };
}

function list(value: string | undefined) {
  return (value ?? '').split(',').filter(Boolean);
}
