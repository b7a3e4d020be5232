import { sign, verify } from 'hono/jwt';
import { newSandboxId, timestamp } from './ids.ts';
import { TENANT_ID, type Sandbox } from './sandbox.ts';

/** `Token` of Smile's OpenAPI document. */
export interface Token {
  id: string;
  expiresAt: string;
  mode: 'SANDBOX';
  accessToken: string;
}

interface Claims {
  sub: string;
  tenantId: string;
  userId: string;
  mode: 'SANDBOX';
  iat: number;
  exp: number;
  iss: string;
  jti: string;
}

/** Issues a link token for a user. Its format is ours (Smile's is not published); clients take it as opaque. */
export async function issueToken(world: Sandbox, userId: string): Promise<Token> {
  const iat = Math.floor(world.now().getTime() / 1000);
  const claims: Claims = {
    sub: userId,
    tenantId: TENANT_ID,
    userId,
    mode: 'SANDBOX',
    iat,
    exp: iat + world.settings.tokenLifetimeSeconds,
    iss: world.origin(),
    jti: newSandboxId('tk'),
  };
  world.state.tokens.set(claims.jti, { userId, openedBy: null, ended: false });
  return {
    id: claims.jti,
    expiresAt: timestamp(new Date(claims.exp * 1000)),
    mode: claims.mode,
    accessToken: await sign({ ...claims }, world.state.tokenSecret, 'HS256'),
  };
}

/**
 * Whose token this is and how long it is still good, if it is ours, has neither expired nor been ended, and is not in
 * use by another widget; undefined otherwise. The first widget that shows a token keeps it: Smile calls its tokens
 * single use.
 */
export async function acceptToken(world: Sandbox, accessToken: string, widgetId: string) {
  const claims = await read(world, accessToken);
  const expiresInMs = claims && claims.exp * 1000 - world.now().getTime();
  const issued = claims && world.state.tokens.get(claims.jti);
  if (!issued || !expiresInMs || expiresInMs <= 0 || issued.ended) return undefined;
  issued.openedBy ??= widgetId;
  if (issued.openedBy !== widgetId && !world.settings.tokenReuse) return undefined;
  return { userId: issued.userId, expiresInMs };
}

/** Ends the tokens that a user holds, or all of them, before their time. */
export function endTokens(world: Sandbox, userId?: string): void {
  for (const token of world.state.tokens.values()) if (!userId || token.userId === userId) token.ended = true;
}

/** The claims of a token that is ours. When it ends is up to Smile's clock, not to this machine's. */
async function read(world: Sandbox, accessToken: string): Promise<Claims | undefined> {
  try {
    const checks = { alg: 'HS256', exp: false, iat: false, nbf: false } as const;
    return (await verify(accessToken, world.state.tokenSecret, checks)) as unknown as Claims;
  } catch {
    return undefined;
  }
}
