/** The origin of a form that a browser posted, and the reason why it is refused. */

/** A posted form. `expected`: the origin of this site. `host`: the one that the request names. */
export interface PostedFrom {
  origin: string;
  expected: string;
  host: string;
}

/**
 * Why a form from another origin is refused, and the remedy, in English for the person who runs the site. The message names
 * the origin only if the request itself names its host, so that no other website can put its own address into the remedy.
 */
export function explainOrigin({ origin, expected, host }: PostedFrom): string {
  const from = URL.parse(origin);
  if (from?.origin === origin && from.host === host)
    return `This form was sent from ${origin}, but Flipsite expects ${expected}. If people open it there, set PUBLIC_ORIGIN=${origin} on the server and restart it.`;
  return 'The form was sent from another website. If that website is your own, set PUBLIC_ORIGIN on the server to the address that people open, or add the website to PAGE_ORIGINS.';
}
