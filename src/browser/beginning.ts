/**
 * The script in the head of a form's page. In a browser without `at`, the script of the page stops at once, and the page stays
 * one long form. In others, the page shows one screen at a time from here on. On a slow network, a person may type and press
 * Continue before that script has come. It would replace the typed text by an older draft, and the browser would send the
 * whole form. So both are repeated then. If the script does not come, the connection was lost: Firefox ends the page, and
 * Chromium says nothing.
 */
if ('at' in []) {
  document.documentElement.classList.add('js');
  const isLoading = () => document.readyState === 'loading';
  const entered: [HTMLInputElement, Pick<HTMLInputElement, 'value' | 'checked'>][] = [];
  let pressed: HTMLElement | null;
  oninput = (event) => {
    const control = event.target as HTMLInputElement;
    if (isLoading()) entered.push([control, { value: control.value, checked: control.checked }]);
  };
  onsubmit = ({ submitter, defaultPrevented }) => {
    pressed = submitter;
    const reload = () => location.reload();
    if (isLoading()) setTimeout(() => isLoading() && reload(), 25_000);
    else if (!defaultPrevented) reload();
    return false;
  };
  addEventListener('DOMContentLoaded', () => {
    for (const [control, state] of entered) {
      if (control.type !== 'file') Object.assign(control, state);
      control.dispatchEvent(new Event('input', { bubbles: true }));
    }
    if (pressed?.offsetParent) pressed.click();
  });
}
