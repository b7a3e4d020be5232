/** "Finish later", under the form, for as long as the server has something to go on with. */
import { button } from '../element.ts';
import type { Page } from '../parts.ts';
import { keep as words } from 'virtual:words';

export function offerLater({ device: { kept }, part }: Page): void {
  if (!kept.id || document.getElementById('later')) return;
  const open = () => void part('later').then((link) => link.open(later));
  const later = button(words.later, open, 'quiet');
  later.id = 'later';
  // Beside the line that is announced, not in it: what is announced next would take it away.
  document.getElementById('status')?.after(later);
  // Who finishes later may be about to lose the network.
  void part('later');
}
