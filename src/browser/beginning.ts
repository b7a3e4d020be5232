/**
 * The script in the head of a form's page. In a browser without `at`, the script of the page stops at once, and the page stays
 * one long form. In others, the page shows one screen at a time from here on. On a slow network, a person may type, press
 * Continue or choose a language before that script has come. It would replace the typed text by an older draft, the browser
 * would send the whole form, and the page in the other language would not know the link. So the first two are repeated once the
 * script shows the screen. If it does not come, the connection was lost: Firefox ends the page, and Chromium says nothing.
 */
declare global {
  interface Window {
    /** Repeats the first two, once. */
    repeatEntered?: () => void;
  }
}

if ('at' in []) {
  document.documentElement.classList.add('js');
  const isLoading = () => document.readyState === 'loading';
  const entered = new Map<HTMLInputElement, Pick<HTMLInputElement, 'value' | 'checked'>>();
  let pressed: HTMLElement | null;
  oninput = (event) => {
    const control = event.target as HTMLInputElement;
    const { value, checked } = control;
    if (!isLoading()) return;
    // The last one that was entered comes last, since a choice of a group replaces the one before.
    entered.delete(control);
    entered.set(control, { value, checked });
  };
  onclick = ({ target }) => {
    const link = isLoading() && (target as Element).closest<HTMLAnchorElement>('[hreflang]');
    if (link) [link.search, link.hash] = [location.search, location.hash];
  };
  onsubmit = ({ submitter, defaultPrevented }) => {
    pressed = submitter;
    const reload = () => location.reload();
    if (isLoading()) setTimeout(() => isLoading() && reload(), 25_000);
    else if (!defaultPrevented) reload();
    return false;
  };
  window.repeatEntered = () => {
    // The events are entered again.
    for (const [control, { value, checked }] of [...entered]) {
      if (!control.offsetParent) continue;
      // Writing a value moves the cursor, and ends the composition of a keyboard.
      if (control.value !== value && control.type !== 'file') control.value = value;
      control.checked = checked;
      control.dispatchEvent(new Event('input', { bubbles: true }));
    }
    entered.clear();
    if (pressed?.offsetParent) pressed.click();
    pressed = null;
  };
}

export {};
