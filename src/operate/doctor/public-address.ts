/** Checks whether the public address leads to Flipsite. */
import type { DoctorFinding } from './finding.ts';

/**
 * @param url the address that people open, without a slash at the end. It may have a path.
 * @param sendsMail whether emails leave the site, with links to it
 */
export async function checkPublicAddress(url: string | undefined, sendsMail: boolean): Promise<DoctorFinding> {
  if (!url && sendsMail)
    return { level: 'note', message: 'PUBLIC_ORIGIN is not set, so the links in emails lead to localhost, where only this machine opens them. Set it to the address that people open.' }; // prettier-ignore
  if (!url)
    return { level: 'note', message: 'PUBLIC_ORIGIN is not set. That is fine on this machine. Set it if the site is public or behind a proxy.' }; // prettier-ignore
  try {
    const answer = await fetch(`${url}/healthz`, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
    const location = answer.headers.get('location') ?? '';
    if (url.startsWith('http:') && location.startsWith('https:'))
      return { level: 'error', message: `PUBLIC_ORIGIN is ${url}, but the proxy sends people to https. Set it to ${url.replace('http:', 'https:')}.` }; // prettier-ignore
    if ((await answer.text()).startsWith('Flipsite '))
      return { level: 'ok', message: `People open the site at ${url}.` };
    return { level: 'note', message: `${url} answers with status ${answer.status}, and not as Flipsite. If the site is running, check the proxy and PUBLIC_ORIGIN.` }; // prettier-ignore
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    const why = name === 'TimeoutError' ? 'it did not answer in 5 s' : (cause?.code ?? name);
    const certificate = /CERT|SIGNED|SSL|TLS/.test(why) ? 'its certificate and the clock of this machine' : 'its domain and the proxy'; // prettier-ignore
    return { level: 'note', message: `${url} cannot be reached from this machine: ${why}. If the site is running, check ${certificate}.` }; // prettier-ignore
  }
}
