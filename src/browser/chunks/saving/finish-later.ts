/** The buttons under the form: "Finish later" once there is a submission, and "This isn't my phone". */
import { button } from '../../element.ts';
import type { PageContext } from '../../page-context.ts';
import { load as loadElsewhere } from 'chunk:resume-link';
import { load as loadEnding } from 'chunk:ending';
import { keep as words } from 'virtual:words';

export function offerFinishLater(page: PageContext): void {
  // The page resumes, or shows an ending.
  if (page.form.hasAttribute('hidden')) return;
  const notLoaded = () => page.view.note(page.data.words.notLoaded);
  async function open(): Promise<void> {
    const panel = await (await loadElsewhere()).panelOnceSaved(page);
    document.getElementById('later')?.replaceWith(panel);
    panel.focus();
  }
  async function clear(): Promise<void> {
    (await loadEnding()).clearDevice(page);
    document.getElementById('away')?.remove();
    if (page.device.state.id) await open();
  }
  // Beside the announced line, not inside it: the next message would remove it.
  const offer = (id: string, text: string, after: string, action: () => Promise<void>) => {
    if (document.getElementById(id)) return;
    const created = button(text, () => void action().catch(notLoaded), 'quiet');
    created.id = id;
    document.getElementById(after)?.after(created);
  };
  if (!page.device.state.away) offer('away', words.notMine, 'status', clear);
  if (!page.device.state.id) return;
  offer('later', words.later, 'status', open);
  // People who finish later may be about to lose the network.
  void loadElsewhere().catch(() => undefined);
}
