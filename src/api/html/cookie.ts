/** Cookies of respondents: kept from scripts and from other sites' posts. */
interface Cookie {
  name: string;
  value: string;
  path: string;
  seconds: number;
  /** Whether it is kept to HTTPS. */
  secure: boolean;
}

/** The `Set-Cookie` header for a cookie (RFC 6265). */
export const setCookieHeader = ({ name, value, path, seconds, secure }: Cookie): string =>
  [
    `${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${seconds}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(secure ? ['Secure'] : []),
  ].join('; ');
