/**
 * The script in the head of a form's page. In a browser without `at`, the script of the page stops at once, and the page stays
 * one long form. In others, the page shows one screen at a time from here on. On a slow network, a person may type, press
 * Continue or choose a language before that script has come. It would replace the typed text by an older draft, the browser
 * would send the whole form, and the page in the other language would not know the link. So typed answers and the press of
 * Continue are repeated once the script shows the screen. If nothing more comes, the connection was lost: Firefox ends the page,
 * and Chromium says nothing.
 */
declare global {
  interface Window {
    /** Repeats early answers and an early press of Continue, once. Returns how many answers there were. */
    repeatEntered?: () => number | undefined;
  }
}

if ('at' in []) {
  document.documentElement.classList.add('js');
  /** The early answers. Undefined once they are repeated. */
  let entered: Map<HTMLInputElement, Pick<HTMLInputElement, 'value' | 'checked'>> | undefined = new Map();
  let pressed: { button: HTMLElement | null; seen: string } | undefined;
  /** The screen of a button, as the person sees it. */
  const stateOf = (button: Element | null) =>
    [...(button?.closest('section')?.querySelectorAll<HTMLInputElement>('input,select,textarea') ?? [])]
      .map(({ value, checked, offsetParent }) => value + checked + !!offsetParent)
      .join();
  oninput = (event) => {
    const control = event.target as HTMLInputElement;
    const { value, checked } = control;
    // The last one that was entered comes last, since a choice of a group replaces the one before.
    entered?.delete(control);
    entered?.set(control, { value, checked });
  };
  onclick = ({ target }) => {
    const link = entered && (target as Element).closest<HTMLAnchorElement>('[hreflang]');
    if (link) [link.search, link.hash] = [location.search, location.hash];
  };
  onsubmit = ({ submitter: button, defaultPrevented }) => {
    if (!defaultPrevented) {
      pressed = { button, seen: stateOf(button) };
      const size = () => document.querySelectorAll('*').length;
      const before = size();
      const isOver = () => document.readyState !== 'loading' || size() === before;
      setTimeout(
        () => document.querySelector('[data-ready]') ?? (isOver() && location.reload()),
        document.readyState === 'loading' ? 25_000 : 0,
      );
    }
    return false;
  };
  window.repeatEntered = () => {
    const all = entered;
    entered = undefined;
    for (const [control, { value, checked }] of all ?? []) {
      if (!control.offsetParent) continue;
      // Writing a value moves the cursor, and ends the composition of a keyboard.
      if (control.value !== value && control.type !== 'file') control.value = value;
      control.checked = checked;
      control.dispatchEvent(new Event('input', { bubbles: true }));
    }
    // Not over a draft or a further question that the person has not seen, nor after they have typed again.
    if (pressed?.button?.offsetParent && pressed.seen === stateOf(pressed.button)) pressed.button.click();
    pressed = undefined;
    return all?.size;
  };
}

export {};
