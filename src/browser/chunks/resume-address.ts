/** The address with which a person continues on another device, or in another tab. */
import type { PageContext } from '../page-context.ts';
import { pick } from '../sensitive.ts';

/**
 * @returns the path of this page with the values of its link, except sensitive ones. The token is in the fragment, which
 * browsers do not send to servers
 */
export function resumeAddress({ data, device }: PageContext): string {
  const { id, token, params } = device.state;
  const query = String(new URLSearchParams(pick(data, params, true)));
  return `${location.pathname}${query && `?${query}`}#resume=${id}.${token}`;
}
