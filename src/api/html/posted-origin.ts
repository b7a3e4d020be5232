/** The origin of a form that a browser posted, and the reason why it is refused. */
import type { Logger } from 'pino';

/** A posted form. `expected`: the origin of this site. `host`: the one that the request names. */
export interface PostedFrom {
  origin: string;
  expected: string;
  host: string;
}

/** Whether the request itself names the host of the origin, as one to this site does. */
function isOwnHost({ origin, host }: PostedFrom): boolean {
  const from = URL.parse(origin);
  return from?.origin === origin && from.host === host;
}

/**
 * Why a form from another origin is refused, and the remedy, in English for the person who runs the site. The message names
 * the origin only if the request itself names its host, so that no other website can put its own address into the remedy.
 */
export function explainOrigin(posted: PostedFrom): string {
  const { origin, expected } = posted;
  if (isOwnHost(posted))
    return `This form was sent from ${origin}, but Flipsite expects ${expected}. If people open it there, set PUBLIC_ORIGIN=${origin} on the server and restart it.`;
  return 'The form was sent from another website. If that website is your own, set PUBLIC_ORIGIN on the server to the address that people open, or add the website to PAGE_ORIGINS.';
}

const WARN_AFTER_MS = 60_000;

/** Names no address as a remedy. A program can send any origin with the same host, and no browser is needed for that. */
const REFUSED =
  'Refused a form that was not sent from the expected origin. If people open the site at this origin, set PUBLIC_ORIGIN to it. If you do not know it, do nothing, because anyone can invent one';

/**
 * @param now the time
 * @returns a function that logs why a form was refused, because a setting may be wrong. Anyone can send a form with an invented
 * origin, so it logs each of the two reasons at most once a minute
 */
export function originWarning(log: Pick<Logger, 'warn'>, now: () => Date): (posted: PostedFrom) => void {
  const next = new Map<boolean, number>();
  return (posted) => {
    const [reason, time] = [isOwnHost(posted), now().getTime()];
    if (time < (next.get(reason) ?? -Infinity)) return;
    next.set(reason, time + WARN_AFTER_MS);
    const origin = URL.parse(posted.origin)?.origin.slice(0, 200);
    log.warn({ origin, expected: posted.expected }, REFUSED);
  };
}
