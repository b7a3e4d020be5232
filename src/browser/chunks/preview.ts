/** The chunk of a preview: follows the draft, and talks with the editor around the frame. */
import type { FromEditor, FromPreview } from '../../contract/preview.ts';
import type { PageContext } from '../page-context.ts';
import { openComments } from './comment-dialog.ts';

const POLL_MS = 1_500;

export function mount(page: PageContext): void {
  const { data, device, form, navigation } = page;
  const banner = document.getElementById('preview') as HTMLElement;
  const [fault, restart] = ['[data-fault]', '[data-restart]'].map((one) => banner.querySelector<HTMLElement>(one));
  const hint = banner.querySelector<HTMLElement>('[data-hint]');
  let timer: ReturnType<typeof setTimeout>;
  /** Whether the new page is on its way. To load it again would only delay it. */
  let isLeaving = false;

  /** Loads the page again if the draft has another version. Its answers and its screen are on the device. */
  async function follow(): Promise<void> {
    clearTimeout(timer);
    const response = await fetch(`${data.api}/-/state`).catch(() => undefined);
    const state = (await response?.json().catch(() => undefined)) as
      | { version?: string; faults?: string[] }
      | undefined;
    if (response && response.status >= 400 && response.status < 500)
      return showFault('This preview has ended. Ask for a new link.');
    if (isLeaving) return;
    if (state?.version && state.version !== data.version) {
      isLeaving = true;
      return location.reload();
    }
    if (state?.faults) showFault(state.faults.join(' '));
    pollLater();
  }

  function pollLater(): void {
    clearTimeout(timer);
    timer = setTimeout(() => void (document.hidden || follow()), POLL_MS);
  }

  function showFault(text: string): void {
    if (fault && fault.textContent !== text) fault.textContent = text;
  }

  function startAgain(): void {
    device.lasting = false;
    try {
      localStorage.removeItem(device.name);
      sessionStorage.removeItem(device.name);
    } catch {}
    location.replace(location.pathname);
  }

  const tell = (message: FromPreview) => parent.postMessage(message, location.origin);

  /** Follows the member: the editor selects the question that was clicked, and the screen that is shown. */
  function talkWithEditor(): void {
    let last: string | undefined;
    const tellScreen = () => {
      const screen = form.hasAttribute('hidden') ? undefined : page.currentScreen().id;
      if (screen !== undefined && screen !== last) tell({ flipsite: 'shown', screen });
      last = screen;
    };
    new MutationObserver(tellScreen).observe(form, { attributes: true, attributeFilter: ['class', 'hidden'], subtree: true }); // prettier-ignore
    form.addEventListener('click', ({ target }) => {
      // A field can have the id `closest`, and is a property of the form then.
      const field = target === form ? undefined : (target as Element).closest<HTMLElement>('[data-field]')?.dataset['field']; // prettier-ignore
      tell({ flipsite: 'selected', screen: page.currentScreen().id, ...(field && { field }) });
    });
    addEventListener('message', ({ origin, source, data: message }: MessageEvent<FromEditor | undefined>) => {
      if (origin !== location.origin || source !== parent) return;
      if (message?.flipsite === 'saved') void follow();
      if (message?.flipsite === 'wait') pollLater();
      if (message?.flipsite === 'restart') startAgain();
      if (message?.flipsite === 'look') setColors(message.dark);
      if (message?.flipsite === 'show') {
        const screen = navigation.screen(message.screen);
        if (!screen || screen === page.currentScreen()) return;
        // As if the screens before it were passed, so that the page stays here when it is loaded again.
        const path = navigation.fullPath();
        const way = path.slice(0, path.indexOf(screen.id) + 1).slice(0, -1);
        device.update(({ passed }) => ({ passed: [...new Set([...passed, ...way])] }));
        page.show(screen, 'replace');
      }
    });
    tell({ flipsite: 'ready' });
    tellScreen();
  }

  if (hint) hint.hidden = !data.chunks.wink;
  if (restart) {
    restart.hidden = false;
    restart.onclick = startAgain;
  }
  const opener = banner.querySelector<HTMLElement>('[data-comment]');
  if (opener) openComments(page, opener);
  if (parent !== window) talkWithEditor();
  document.addEventListener('visibilitychange', () => document.hidden || void follow());
  pollLater();
}

/** Applies the rules for dark mode, or none of them, whatever the device prefers. */
function setColors(dark: boolean): void {
  for (const { cssRules } of document.styleSheets) {
    for (const rule of cssRules) {
      if (!(rule instanceof CSSMediaRule) || !isForDark(rule)) continue;
      darkRules.add(rule);
      rule.media.mediaText = dark ? 'all' : 'not all';
    }
  }
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
}

const darkRules = new WeakSet<CSSMediaRule>();
const isForDark = (rule: CSSMediaRule) => darkRules.has(rule) || rule.media.mediaText.includes('prefers-color-scheme');
