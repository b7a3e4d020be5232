/** Websites that may show a form, as a person types them. */

/** A website, or all websites below a domain: `https://acme.example`, `https://*.acme.example`. */
export const WEBSITE = /^https?:\/\/(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*(:\d{1,5})?$/;

/** @returns the website as a form names it, or a sentence about the mistake: "ACME.example/" is `https://acme.example` */
export function readWebsite(typed: string): { website: string } | { problem: string } {
  const text = typed.trim();
  const address = /^https?:\/\//i.test(text) ? text : `https://${text}`;
  const url = text.includes('@') ? undefined : urlOf(address);
  const website = url && `${url.protocol}//${url.host}`;
  // A name without a dot is a word, or a computer in the office.
  if (!website || !WEBSITE.test(website) || !/\.|\/\/localhost(:|$)/.test(website))
    return { problem: 'This is not the address of a website. Write one like https://acme.example.' };
  if (url.pathname !== '/' || url.search || url.hash)
    return { problem: `You allow all pages of a website at once. Write only ${website}.` };
  return { website };
}

/** Undefined for a text that is no address. Browsers of two years ago have no `URL.parse`. */
function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
