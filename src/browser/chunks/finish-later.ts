/** Under the form: "Finish later", for as long as the server has something to go on with, and "This isn't my phone". */
import { button } from '../element.ts';
import type { PageContext } from '../page-context.ts';
import { load as loadElsewhere } from 'chunk:resume-link';
import { load as loadEnding } from 'chunk:ending';
import { keep as words } from 'virtual:words';

export function offerFinishLater(page: PageContext): void {
  const offline = () => page.view.note(words.offline);
  async function open(): Promise<void> {
    const { resumeLinkPanel } = await loadElsewhere();
    const panel = resumeLinkPanel(page);
    document.getElementById('later')?.replaceWith(panel);
    panel.focus();
  }
  async function clear(): Promise<void> {
    (await loadEnding()).clearDevice(page);
    document.getElementById('away')?.remove();
    if (page.device.state.id) await open();
  }
  // Beside the line that is announced, not in it: what is announced next would take it away.
  const offer = (id: string, text: string, after: string, act: () => Promise<void>) => {
    if (document.getElementById(id)) return;
    const made = button(text, () => void act().catch(offline), 'quiet');
    made.id = id;
    document.getElementById(after)?.after(made);
  };
  if (!page.device.state.away) offer('away', words.notMine, 'status', clear);
  if (!page.device.state.id) return;
  offer('later', words.later, 'status', open);
  // Who finishes later may be about to lose the network.
  void loadElsewhere().catch(() => undefined);
}
