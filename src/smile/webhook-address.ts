/** Where a site expects the webhooks of Smile. */
/** Where Smile sends the webhooks of the site at `site`. */
export const webhookAddress = (site: string): string => `${site.replace(/\/$/, '')}/api/webhooks/smile`;

/** Why the webhook `url` does not reach a site that expects it at `address`, in a sentence. */
export function explainMissed(url: string, hasSecret: boolean, address: string | undefined): string | undefined {
  if (address !== undefined && url !== address) return `Smile sends its webhooks to ${url}, but the address of this site is ${address}.`; // prettier-ignore
  return hasSecret ? undefined : 'This site refuses the webhooks of Smile, because the key that encrypted their secret is lost.'; // prettier-ignore
}
