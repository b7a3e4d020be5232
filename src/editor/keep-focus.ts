/** Keeps the focus in the editor when the control that has it goes away, as a button does that fixes an error. */
import type { Path } from '../form/edit/edit.ts';

const CONTROLS = 'a[href], button, input, select, textarea';

/** Places that a control opens. The focus goes back from there to that control. */
const OPENED = 'dialog, .add-part, .paste';

/**
 * Moves the focus of a control that is removed or disabled to the next one in its pane or list, or to the name of the view.
 * From a dialog or a part to fill in that closes, it goes back to the control before that.
 */
export function keepFocus(root: HTMLElement): void {
  let last: HTMLElement | undefined;
  let within: Element | null = null;
  /** The controls when `last` got the focus. */
  let order: HTMLElement[] = [];
  const isOpened = (target: EventTarget | null) => (target as Element).closest(OPENED);
  const canFocus = (one: HTMLElement): boolean => one.isConnected && !one.matches(':disabled') && one.checkVisibility();

  const arrive = (target: EventTarget | null): void => {
    if (!target || isOpened(target)) return;
    last = target as HTMLElement;
    within = last.closest('.faults, .pane');
    order = [...root.querySelectorAll<HTMLElement>(CONTROLS)];
  };
  root.addEventListener('focusin', ({ target }) => arrive(target));
  // A field that is left changes the form before the next control has the focus.
  root.addEventListener('blur', ({ relatedTarget }) => arrive(relatedTarget), true);
  // A click beside all controls takes the focus away on purpose.
  root.addEventListener('pointerdown', ({ target }) => {
    if (!isOpened(target) && !last?.contains(target as Node)) last = undefined;
  });
  new MutationObserver(() => {
    if (!last || document.activeElement !== document.body) return;
    const at = order.indexOf(last);
    const near = [...order.slice(at), ...order.slice(0, at).reverse()];
    const next = canFocus(last) ? last : near.find((one) => canFocus(one) && within?.contains(one));
    (next ?? root.querySelector<HTMLElement>('[aria-current]'))?.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true, attributeFilter: ['disabled'] });
}

/** Moves the focus to the row or the box of a part, or of its screen, once it is there and its page is open. */
export function focusRow(path: Path, tries = 20): void {
  requestAnimationFrame(() => {
    const rowAt = (depth?: number) =>
      document.querySelector<HTMLElement>(`.list [data-path="${path.slice(0, depth).join('.')}"]`);
    const row = rowAt() ?? rowAt(2) ?? rowAt(0);
    row?.focus();
    if (tries && row !== document.activeElement) focusRow(path, tries - 1);
  });
}
