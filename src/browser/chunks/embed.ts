/** The chunk of a form in a frame of another website: reports its height and its events to that website. */
import type { EmbedEventName, EmbedEvents, FromFormFrame, ToFormFrame } from '../../contract/embed.ts';
import type { PageEvent } from '../../contract/api.ts';
import { element } from '../element.ts';
import type { PageContext } from '../page-context.ts';
import { setColors } from './set-colors.ts';
import { resumeAddress } from './resume-address.ts';
import { linking as words } from 'virtual:words';

export function mount(page: PageContext): void {
  const { data, device, form } = page;
  const { slug, language } = data;
  let host: string | undefined;
  const waiting: FromFormFrame[] = [];
  let shown = '';

  /** The greeting names the website, and until then messages wait. */
  function tell<Name extends EmbedEventName>(type: Name, detail: Omit<EmbedEvents[Name], 'form'>): void {
    const message = { flipsite: 1, type, detail: { form: slug, ...detail } } as unknown as FromFormFrame;
    if (host === undefined) waiting.push(message);
    else parent.postMessage(message, host);
  }

  addEventListener('message', ({ source, origin, data: message }: MessageEvent<ToFormFrame | undefined>) => {
    if (source !== parent || message?.flipsite !== 1 || message.type !== 'hello' || host !== undefined) return;
    host = origin;
    if (message.light) setColors(false);
    for (const one of waiting.splice(0)) parent.postMessage(one, host);
  });

  addEventListener('keydown', ({ key, isComposing }) => {
    if (key === 'Escape' && !isComposing && host !== undefined) parent.postMessage({ flipsite: 1, type: 'escape' } satisfies FromFormFrame, host); // prettier-ignore
  });

  tell('opened', { language });
  if (!form.hasAttribute('hidden')) showScreen(page.currentScreen().id);

  // The page reports its progress through the state on the device.
  const seen = new Set(device.state.events.map(({ id }) => id));
  let isSent = device.state.ended !== undefined;
  const { update } = device;
  device.update = (change) => {
    update(change);
    const { events, ended } = device.state;
    for (const event of events.filter(({ id }) => !seen.has(id))) tellEvent(event);
    if (ended && !isSent) {
      isSent = true;
      tell('submitted', { ending: ended.ending?.id ?? '' });
    }
  };

  function tellEvent({ id, name, data: details }: PageEvent): void {
    seen.add(id);
    const screen = String(details['screen'] ?? '');
    if (name === 'screenSeen') showScreen(screen);
    if (name === 'onAccountConnected') tell('connected', { screen });
    if (host !== undefined && name.startsWith('onUI')) parent.postMessage({ flipsite: 1, type: 'top' } satisfies FromFormFrame, host); // prettier-ignore
  }

  function showScreen(screen: string): void {
    if (screen === shown) return;
    shown = screen;
    tell('screen', { screen });
    if (parent !== top) void offerTab(screen);
  }

  /** A frame in a frame can't open the sign-in window in each browser. A tab of its own can, and continues there. */
  async function offerTab(id: string): Promise<void> {
    if (!data.screens.some((screen) => screen.id === id && screen.wink)) return;
    await (await page.chunk('submission')).start();
    const section = page.view.sectionOf(id);
    if (section.querySelector('[data-tab]') || !device.state.id) return;
    const link = element('a', { className: 'button', textContent: words.openInTab, href: resumeAddress(page), target: '_blank', rel: 'noopener' }); // prettier-ignore
    const offer = element('p', { className: 'near' }, link);
    offer.dataset['tab'] = '';
    section.querySelector('h1, h2')?.after(offer);
  }

  // The box of the content, not of the window: the window is as high as the website makes it.
  const content = document.querySelector('.page') as HTMLElement;
  let height = 0;
  new ResizeObserver(() => {
    const now = Math.ceil(content.getBoundingClientRect().height);
    if (now === height) return;
    height = now;
    tell('height', { height });
  }).observe(content);

  parent.postMessage({ flipsite: 1, type: 'ready' } satisfies FromFormFrame, '*');
}
