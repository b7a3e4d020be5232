/** Whether people outside can reach the address of the site. */
import { isIP } from 'node:net';
import { isPublic } from '../../deliver/webhook-address.ts';

/** The host of an address. An IPv6 address has no brackets. */
const hostOf = (site: string): string => new URL(site).hostname.replace(/^\[|\]$/g, '');

/** Whether `site` is an address of the machine itself, so that no phone reaches it. */
export function isThisMachine(site: string): boolean {
  const host = hostOf(site);
  return /^(.+\.)?localhost$/i.test(host) || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

const ASK = 'Ask the person who runs Flipsite for a public address. Do not print or send it before that.';

/** Why a link to `site` does not work for other people, and how to change that; undefined for an address on the internet with https. */
export function addressWarning(site: string): string | undefined {
  const host = hostOf(site);
  if (isThisMachine(site)) return `This link works only on this computer. ${ASK}`;
  if (isIP(host) ? !isPublic(host) : /(^|\.)(local|internal|lan)$/i.test(host) || !host.includes('.'))
    return `This link works only in your network. ${ASK}`;
  if (new URL(site).protocol !== 'https:')
    return 'This link is not encrypted, and browsers warn people about it. Ask the person who runs Flipsite for an address with https. Do not print or send it before that.';
  return undefined;
}
