/** The page after the sign-in, as an address names it. */
import { OPEN_PATHS } from '../open-paths.ts';

/** `next` as a path of the dashboard; undefined for anything else, such as the address of another site. */
export function safeNext(next: string | null | undefined, origin: string): string | undefined {
  // The time of `URL` grows faster than the length of a host, and a path of the dashboard names none.
  if (!next || !/^\/admin/.test(next) || !URL.canParse(next, origin)) return undefined;
  const { origin: target, pathname, search } = new URL(next, origin);
  const isHere = target === origin && /^\/admin(\/|$)/.test(pathname);
  return isHere && !OPEN_PATHS.includes(pathname) ? pathname + search : undefined;
}
