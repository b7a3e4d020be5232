import { sign, verify } from 'hono/jwt';
import { newSandboxId, timestamp } from '../store/ids.ts';
import { TENANT_ID, type Sandbox } from '../sandbox.ts';

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

/** Issues a link token for a user. Smile's format is not published, so this one is ours. Clients treat it as opaque. */
export async function issueToken(sandbox: Sandbox, userId: string): Promise<Token> {
  const iat = Math.floor(sandbox.now().getTime() / 1000);
  const claims: Claims = {
    sub: userId,
    tenantId: TENANT_ID,
    userId,
    mode: 'SANDBOX',
    iat,
    exp: iat + sandbox.settings.tokenLifetimeSeconds,
    iss: sandbox.origin(),
    jti: newSandboxId('tk'),
  };
  sandbox.state.tokens.set(claims.jti, { userId, openedBy: null, ended: false });
  return {
    id: claims.jti,
    expiresAt: timestamp(new Date(claims.exp * 1000)),
    mode: claims.mode,
    accessToken: await sign({ ...claims }, sandbox.state.tokenSecret, 'HS256'),
  };
}

/**
 * The user and lifetime of a token, if it was issued here, has not expired or ended, and no other widget uses it; else
 * undefined. The first widget keeps a token: Smile calls its tokens single use.
 */
export async function acceptToken(sandbox: Sandbox, accessToken: string, widgetId: string) {
  const claims = await read(sandbox, accessToken);
  const expiresInMs = claims && claims.exp * 1000 - sandbox.now().getTime();
  const issued = claims && sandbox.state.tokens.get(claims.jti);
  if (!issued || !expiresInMs || expiresInMs <= 0 || issued.ended) return undefined;
  issued.openedBy ??= widgetId;
  if (issued.openedBy !== widgetId && !sandbox.settings.tokenReuse) return undefined;
  return { userId: issued.userId, expiresInMs };
}

/** Ends the tokens of a user, or all tokens, early. */
export function endTokens(sandbox: Sandbox, userId?: string): void {
  for (const token of sandbox.state.tokens.values()) if (!userId || token.userId === userId) token.ended = true;
}

/** The claims of a token issued here. Smile's clock decides about its end. */
async function read(sandbox: Sandbox, accessToken: string): Promise<Claims | undefined> {
  try {
    const checks = { alg: 'HS256', exp: false, iat: false, nbf: false } as const;
    return (await verify(accessToken, sandbox.state.tokenSecret, checks)) as unknown as Claims;
  } catch {
    return undefined;
  }
}
