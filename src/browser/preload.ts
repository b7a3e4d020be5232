/** Wink screens and files: their parts load when the person comes near them, and have a say in leaving a screen. */
import type { PageScreen } from '../contract/page.ts';
import type { PageContext } from './page-context.ts';
import { asksAgain } from './sensitive.ts';

export const hasFiles = ({ fields }: PageScreen) => fields.some(({ kind }) => kind === 'files');

let isFirst = true;

/** Loads what the person is about to need: for this screen and for the next one. */
export function preloadNext({ navigation, currentScreen, chunk, device, entered }: PageContext): void {
  const { shown, given } = entered(currentScreen());
  if (isFirst && asksAgain(currentScreen(), shown, given, device.state))
    void chunk('submission').then((keep) => keep.askAgain());
  isFirst = false;
  const path = navigation.outlook();
  for (const id of path.slice(path.indexOf(currentScreen().id)).slice(0, 2)) {
    const screen = navigation.screen(id) as PageScreen;
    if (screen.wink) void chunk('wink').then((wink) => wink.show(currentScreen().id));
    if (hasFiles(screen)) void chunk('files').then((files) => files.show(id));
  }
}

/** Waits for files under way. @returns whether the screen is left by the server's word, as a Wink screen is */
export async function leaveViaChunk({ chunk }: PageContext, screen: PageScreen): Promise<boolean> {
  if (hasFiles(screen)) await (await chunk('files')).arrived(screen.id);
  if (screen.wink) await (await chunk('submission')).leaveWink();
  return !!screen.wink;
}
