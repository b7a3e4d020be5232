export interface TokenClaims {
  userId: string;
  mode: string;
  iss: string;
}

/** The claims of a link token; undefined if it is not local Smile's. The server verifies it. */
export function readToken(token: string): TokenClaims | undefined {
  try {
    const base64 = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const claims = JSON.parse(new TextDecoder().decode(bytes)) as Partial<TokenClaims>;
    const { userId, mode, iss } = claims;
    return userId && mode && iss !== undefined ? { userId, mode, iss } : undefined;
  } catch {
    return undefined;
  }
}
