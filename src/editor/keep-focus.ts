/** Keeps the focus in the editor when the control that has it goes away, as a button does that fixes an error. */

const CONTROLS = 'a[href], button, input, select, textarea';

/** Moves the focus of a control that is removed or disabled to the next one in its pane or list, or to the name of the view. */
export function keepFocus(root: HTMLElement): void {
  let last: HTMLElement | undefined;
  let within: Element | null = null;
  /** The controls when `last` got the focus. */
  let order: HTMLElement[] = [];
  const canFocus = (one: HTMLElement): boolean => one.isConnected && !one.matches(':disabled') && one.checkVisibility();

  root.addEventListener('focusin', ({ target }) => {
    last = target as HTMLElement;
    within = last.closest('.faults, .pane');
    order = [...root.querySelectorAll<HTMLElement>(CONTROLS)];
  });
  // A click beside all controls takes the focus away on purpose.
  root.addEventListener('pointerdown', () => (last = undefined));
  new MutationObserver(() => {
    if (!last || document.activeElement !== document.body || canFocus(last)) return;
    const at = order.indexOf(last);
    const near = [...order.slice(at), ...order.slice(0, at).reverse()];
    const next = near.find((one) => canFocus(one) && within?.contains(one));
    (next ?? root.querySelector<HTMLElement>('[aria-current]'))?.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true, attributeFilter: ['disabled'] });
}
