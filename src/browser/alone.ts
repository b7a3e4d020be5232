import { controlsOf } from './controls.ts';

/** Unticks what cannot stand beside what was just ticked: "none of these" stands alone. */
export function keepAlone(form: HTMLFormElement, ticked: EventTarget | null): void {
  if (!(ticked instanceof HTMLInputElement && ticked.type === 'checkbox' && ticked.checked)) return;
  for (const other of controlsOf(form, ticked.name)) {
    const alone = 'alone' in ticked.dataset || 'alone' in other.dataset;
    if (other !== ticked && alone) (other as HTMLInputElement).checked = false;
  }
}
