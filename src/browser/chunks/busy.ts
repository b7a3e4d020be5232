/** Disables the buttons during a request, so that a second press does not repeat it. */
export function setBusy(form: HTMLFormElement, busy: boolean): void {
  form.setAttribute('aria-busy', String(busy));
  for (const button of form.querySelectorAll<HTMLButtonElement>('[data-next],[data-wink-leave] button'))
    button.disabled = busy;
}
