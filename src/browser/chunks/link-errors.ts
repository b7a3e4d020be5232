/** What went wrong on a Wink screen, in words, and what the person can do about it. */
import { fillPipes } from '../../form/runtime/text.ts';
import { element } from '../element.ts';
import type { PageContext } from '../page-context.ts';
import { load as loadElsewhere } from 'chunk:resume-link';
import { trouble as words } from 'virtual:words';

/** `sentence` about the provider called `name`; before its name is known, about "the provider", also where it begins. */
function aboutProvider(sentence: string, name: string | undefined): string {
  const told = fillPipes(sentence, { provider: name || words.provider });
  return name ? told : told.charAt(0).toUpperCase() + told.slice(1);
}

/** What a provider is doing, or waits for. */
export const waitInWords = (what: 'checking' | 'code', provider?: string): string =>
  aboutProvider(words[what], provider);

/** The sentence for one of Smile's error codes (Smile, Account Linking), or for a code that it has added since. */
export function errorInWords(code: string | undefined, provider?: string): string {
  const known = code && /^[A-Z_]+$/.test(code) ? (words as Record<string, string>)[code] : undefined;
  return aboutProvider(known ?? words.other, provider);
}

/** The sentences for why the window did not come, by name. */
export const reasonInWords = (why: string): string => (words as Record<string, string>)[why] ?? words.broken;

/** Browsers inside other apps open no windows, forget what was kept, or load no scripts of others. */
const IN_APP = /\b(FBAN|FBAV|FB_IAB|Instagram|Line|MicroMessenger|TikTok|musical_ly|Snapchat|Twitter)\b|; wv\)/;

/** The ways on where the window does not come: another browser, another device. */
export async function waysOn(page: PageContext): Promise<Node[]> {
  const inside = IN_APP.test(navigator.userAgent) || window.top !== window;
  const { resumeLinkPanel } = await loadElsewhere();
  const title = element('summary', { textContent: words.elsewhere });
  const details = element('details', { className: 'elsewhere', open: inside }, title);
  const fillIn = () => details.childElementCount > 1 || details.append(resumeLinkPanel(page));
  details.addEventListener('toggle', fillIn);
  if (inside) fillIn();
  return [...(inside ? [element('p', { textContent: words.inApp })] : []), details];
}
