/** Messages for problems on a Wink screen, and the person's ways out. */
import { fillPipes } from '../../../form/runtime/text.ts';
import { element } from '../../element.ts';
import type { PageContext } from '../../page-context.ts';
import { load as loadElsewhere } from 'chunk:resume-link';
import { trouble as words } from 'virtual:words';

/** `sentence` with the provider's name. Without a name it says "the provider", capitalized at the beginning. */
function aboutProvider(sentence: string, name: string | undefined): string {
  const text = fillPipes(sentence, { provider: name || words.provider });
  return name ? text : text.charAt(0).toUpperCase() + text.slice(1);
}

/** The provider's current work, or the step that it waits for. */
export const describeWait = (state: 'checking' | 'code', provider?: string): string =>
  aboutProvider(words[state], provider);

/** The sentence for one of Smile's error codes (Smile, Account Linking), or for a code that Smile added later. */
export function describeError(code: string | undefined, provider?: string): string {
  const known = code && /^[A-Z_]+$/.test(code) ? (words as Record<string, string>)[code] : undefined;
  return aboutProvider(known ?? words.other, provider);
}

/** The sentence for a launch failure. */
export const describeReason = (reason: string): string => (words as Record<string, string>)[reason] ?? words.broken;

/** Browsers inside apps open no popups, lose storage, or block scripts of other sites. */
const IN_APP = /\b(FBAN|FBAV|FB_IAB|Instagram|Line|MicroMessenger|TikTok|musical_ly|Snapchat|Twitter)\b|; wv\)/;

/** Alternatives to the window: another browser, another device. None before there is a submission to continue there. */
export async function alternatives(page: PageContext): Promise<Node[]> {
  if (!page.device.state.id) return [];
  const isInApp = IN_APP.test(navigator.userAgent);
  // The frame of a website has some of these limits too.
  const isOpen = isInApp || window.top !== window;
  const { resumeLinkPanel } = await loadElsewhere();
  const title = element('summary', { textContent: words.elsewhere });
  const details = element('details', { className: 'elsewhere', open: isOpen }, title);
  const fillIn = () => details.childElementCount > 1 || details.append(resumeLinkPanel(page));
  details.addEventListener('toggle', fillIn);
  if (isOpen) fillIn();
  return [...(isInApp ? [element('p', { textContent: words.inApp })] : []), details];
}
