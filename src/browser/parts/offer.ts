/** "Finish later", under the form, for as long as the server has something to go on with. */
import { button } from '../element.ts';
import type { Page } from '../parts.ts';
import { load as loadElsewhere } from 'part:elsewhere';
import { keep as words } from 'virtual:words';

export function offerLater(page: Page): void {
  if (!page.device.kept.id || document.getElementById('later')) return;
  async function open(): Promise<void> {
    const { linkPanel } = await loadElsewhere();
    const panel = linkPanel(page);
    later.replaceWith(panel);
    panel.focus();
  }
  const later = button(words.later, () => void open().catch(() => page.view.note(words.offline)), 'quiet');
  later.id = 'later';
  // Beside the line that is announced, not in it: what is announced next would take it away.
  document.getElementById('status')?.after(later);
  // Who finishes later may be about to lose the network.
  void loadElsewhere().catch(() => undefined);
}
