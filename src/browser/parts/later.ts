/** "Finish later": the link that opens this submission on any device. */
import { button } from '../element.ts';
import type { Page } from '../parts.ts';
import { load as loadElsewhere } from 'part:elsewhere';
import { keep as words } from 'virtual:words';

/** The button that opens the link. */
export function laterButton(page: Page): HTMLElement {
  const later = button(words.later, () => void open().catch(() => page.view.note(words.offline)), 'quiet');
  async function open(): Promise<void> {
    const { linkPanel } = await loadElsewhere();
    // Beside the line that is announced, not in it: what is announced next would take it away.
    const panel = linkPanel(page);
    document.getElementById('later')?.remove();
    document.getElementById('status')?.after(panel);
    later.remove();
    panel.focus();
  }
  return later;
}
