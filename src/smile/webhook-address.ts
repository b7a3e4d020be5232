/** Where Smile sends the webhooks of a site, and whether that reaches it. */

/** The address for Smile's webhooks of the site at `site`. */
export const webhookAddress = (site: string): string => `${site.replace(/\/$/, '')}/api/webhooks/smile`;

/**
 * Why the webhook `url` does not reach a site, in a sentence.
 * @param hasSecret whether the site can check its signatures
 * @param address where the site expects it, if known
 */
export function explainMissed(url: string, hasSecret: boolean, address: string | undefined): string | undefined {
  if (address !== undefined && plain(url) !== plain(address))
    return `Smile sends its webhooks to ${url}, but the address of this site is ${address}.`;
  return hasSecret ? undefined : 'This site refuses the webhooks of Smile, because the key that encrypted their secret is lost.'; // prettier-ignore
}

/** One address can be written in several ways, such as with `:443`. */
const plain = (address: string): string => (URL.canParse(address) ? new URL(address).href : address);
