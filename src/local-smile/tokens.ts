import { sign, verify } from 'hono/jwt';
import { newId, timestamp } from './ids.ts';
import { TENANT_ID, type World } from './world.ts';

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
export async function issueToken(world: World, userId: string): Promise<Token> {
  const iat = Math.floor(Date.now() / 1000);
  const claims: Claims = {
    sub: userId,
    tenantId: TENANT_ID,
    userId,
    mode: 'SANDBOX',
    iat,
    exp: iat + world.settings.tokenLifetimeSeconds,
    iss: world.origin(),
    jti: newId('tk'),
  };
  return {
    id: claims.jti,
    expiresAt: timestamp(new Date(claims.exp * 1000)),
    mode: claims.mode,
    accessToken: await sign({ ...claims }, world.state.tokenSecret, 'HS256'),
  };
}

/**
 * The claims of a token that is ours, still valid, and not in use by another widget; undefined otherwise.
 * The first widget that shows a token keeps it: Smile calls its tokens single use.
 */
export async function acceptToken(world: World, accessToken: string, widgetId: string): Promise<Claims | undefined> {
  let claims: Claims;
  try {
    claims = (await verify(accessToken, world.state.tokenSecret, 'HS256')) as unknown as Claims;
  } catch {
    return undefined;
  }
  const { openedTokens } = world.state;
  const holder = openedTokens.get(claims.jti) ?? widgetId;
  if (holder !== widgetId && !world.settings.tokenReuse) return undefined;
  openedTokens.set(claims.jti, holder);
  return claims;
}
