/** Whether people outside can reach the address of the site. */
import { isIP } from 'node:net';
import { isPublic } from '../../deliver/webhook-address.ts';

/** Why a link to `site` works for nobody else, and what to do; undefined for an address on the internet with https. */
export function addressWarning(site: string): string | undefined {
  const { protocol, hostname } = new URL(site);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isHere = /^(localhost|127\..*|::1)$|\.localhost$/i.test(host);
  if (isHere) return 'This link works only on this computer. Set the public address of the site first (PUBLIC_ORIGIN).';
  if (isIP(host) ? !isPublic(host) : /(^|\.)(local|internal|lan)$/i.test(host) || !host.includes('.'))
    return 'This link works only in your network. Set the public address of the site first (PUBLIC_ORIGIN).';
  if (protocol !== 'https:')
    return 'This link is not encrypted, and browsers warn people about it. Set an address with https first (PUBLIC_ORIGIN).';
  return undefined;
}
