export interface TokenClaims {
  userId: string;
  mode: string;
  iss: string;
}

/** What a link token says of itself; undefined when it is not one of Local Smile's. The server checks it. */
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
