/** Loads the chunks of Wink screens and files early, and lets them take part in leaving a screen. */
import type { PageScreen } from '../contract/page.ts';
import type { PageContext } from './page-context.ts';

export const hasFiles = ({ fields }: PageScreen) => fields.some(({ kind }) => kind === 'files');

/** Loads the chunks for this screen and the next one. */
export function preloadNext({ navigation, currentScreen, chunk }: PageContext): void {
  const { path } = navigation.complete();
  for (const id of path.slice(path.indexOf(currentScreen().id)).slice(0, 2)) {
    const screen = navigation.screen(id) as PageScreen;
    if (screen.wink) void chunk('wink').then((wink) => wink.show(currentScreen().id));
    if (hasFiles(screen)) void chunk('files').then((files) => files.show(id));
  }
}

/**
 * Waits for uploads, and lets the server decide about a Wink screen.
 * @returns whether the page has nothing left to do: the server has decided, or an upload has failed and the person stays
 */
export async function leaveViaChunk({ chunk }: PageContext, screen: PageScreen): Promise<boolean> {
  if (hasFiles(screen) && !(await (await chunk('files')).finishUploads(screen.id))) return true;
  if (screen.wink) await (await chunk('submission')).leaveWink();
  return !!screen.wink;
}
