/** The chunk of a preview: follows the draft, and talks with the editor around the frame. */
import type { PageScreen } from '../../contract/page.ts';
import type { ChangedScreen, FromEditor, FromPreview, PreviewState } from '../../contract/preview.ts';
import { PAGE_VERSION } from '../../form/id.ts';
import { resolveDates } from '../dates.ts';
import { writeAnswers } from '../fields.ts';
import type { PageContext } from '../page-context.ts';
import { openComments } from './comment-dialog.ts';
import { setColors } from './set-colors.ts';

const POLL_MS = 1_500;
/** After this time without an answer, it asks again. */
const LONGEST_MS = 20_000;

export function mount(page: PageContext): void {
  const { data, device, form, navigation, view } = page;
  const banner = document.getElementById('preview') as HTMLElement;
  const [fault, restart] = ['[data-fault]', '[data-restart]'].map((one) => banner.querySelector<HTMLElement>(one));
  const hint = banner.querySelector<HTMLElement>('[data-hint]');
  let timer: ReturnType<typeof setTimeout>;
  /** Whether a request is under way, or the new page is. To load that again would only delay it. */
  let isAsking = false;
  /** Whether the draft may have changed since that request. */
  let isBehind = false;

  /**
   * Takes the newest draft. It asks for one version after another: the server compares the page with one of the few
   * versions that it keeps.
   */
  async function follow(): Promise<void> {
    clearTimeout(timer);
    isBehind = isAsking;
    if (isAsking) return;
    isAsking = true;
    const wait = await takeNewest();
    if (wait === undefined) return;
    isAsking = false;
    if (isBehind) return follow();
    if (wait < Infinity) pollLater(wait);
  }

  /**
   * Takes the screens that have changed if the draft has another version. If more has changed, it loads the page again:
   * its answers and its screen are on the device.
   *
   * @returns the time until the next request, in ms. Undefined where the page is loaded again
   */
  async function takeNewest(): Promise<number | undefined> {
    const { version } = data;
    const signal = AbortSignal.timeout(LONGEST_MS);
    const response = await fetch(`${data.api}/-/state/${data.language}/${version}`, { signal }).catch(() => undefined);
    const state = (await response?.json().catch(() => undefined)) as Partial<PreviewState> | undefined;
    const wait = Number(response?.headers.get('retry-after')) * 1000;
    if (response && response.status >= 400 && response.status < 500 && response.status !== 429) {
      showFault('This preview has ended. Ask for a new link.');
      return Infinity;
    }
    // A new page would lose the comment in it, and a person approves only the text that they have seen.
    if (document.querySelector('dialog[open]')) return POLL_MS;
    if (state?.version && state.version !== version) {
      if (!state.screens || shownScreen() === undefined) {
        location.reload();
        return undefined;
      }
      take(state.version, state.screens);
    }
    if (state?.faults) showFault(state.faults.join(' '));
    return wait || POLL_MS;
  }

  /** Puts screens into the page, with the answers of the device. Loading a long page delays the keys of the editor. */
  function take(version: string, screens: ChangedScreen[]): void {
    // As `start` in page.ts, whose script has no bytes left to share this.
    const { typed, params, answers } = device.state;
    const { link: _link, ...values } = params;
    for (const { html, data: changed } of screens) {
      const { id, fields } = changed;
      view.sectionOf(id).outerHTML = html;
      resolveDates(view.sectionOf(id));
      // Other scripts have the object.
      Object.assign(navigation.screen(id) as PageScreen, changed);
      writeAnswers(form, fields, typed[id] ?? { ...values, ...answers }, typed[id]);
    }
    data.version = version;
    for (const field of form.querySelectorAll<HTMLInputElement>(`[name="${PAGE_VERSION}"]`)) field.value = version;
    device.update({ version });
    view.screen(page.currentScreen());
    tellScreen();
  }

  /** The id of the screen. Undefined where something else has its place, such as the review or an ending. */
  function shownScreen(): string | undefined {
    if (!form.isConnected || form.hasAttribute('hidden')) return undefined;
    const { id } = page.currentScreen();
    return view.sectionOf(id).classList.contains('now') ? id : undefined;
  }

  function pollLater(ms = POLL_MS): void {
    clearTimeout(timer);
    timer = setTimeout(() => void (document.hidden || follow()), ms);
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

  function tellScreen(): void {
    const screen = shownScreen();
    if (screen !== undefined && parent !== window) tell({ flipsite: 'shown', screen });
  }

  /** Follows the member: the editor selects the question that was clicked, and the screen that is shown. */
  function talkWithEditor(): void {
    // Else the browser stores the state of each control of a long form, within a second of each change of its page.
    form.autocomplete = 'off';
    let last = shownScreen();
    new MutationObserver(() => {
      const screen = shownScreen();
      if (screen !== last) tellScreen();
      last = screen;
    }).observe(form, { attributes: true, attributeFilter: ['class', 'hidden'], subtree: true }); // prettier-ignore
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
        const { path } = navigation.complete();
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
