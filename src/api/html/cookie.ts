/** Cookies of respondents, which scripts can't read and other sites' posts don't send. */
interface Cookie {
  name: string;
  value: string;
  path: string;
  seconds: number;
  /** Whether it is for HTTPS only. */
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
