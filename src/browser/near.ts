/** Wink screens and files: their parts load when the person comes near them, and have a say in leaving a screen. */
import type { PageScreen } from '../publish/page-data.ts';
import type { Page } from './parts.ts';
import { asksAgain } from './sensitive.ts';

export const hasFiles = ({ fields }: PageScreen) => fields.some(({ kind }) => kind === 'files');

let isFirst = true;

/** Loads what the person is about to need: for this screen and for the next one. */
export function comeNear({ way, now, part, device, entered }: Page): void {
  const { shown, given } = entered(now());
  if (isFirst && asksAgain(now(), shown, given, device.kept)) void part('keep').then((keep) => keep.askAgain());
  isFirst = false;
  const path = way.outlook();
  for (const id of path.slice(path.indexOf(now().id)).slice(0, 2)) {
    const screen = way.screen(id) as PageScreen;
    if (screen.wink) void part('wink').then((wink) => wink.show(now().id));
    if (hasFiles(screen)) void part('files').then((files) => files.show(id));
  }
}

/** Waits for files under way. @returns whether the screen is left by the server's word, as a Wink screen is */
export async function leftOtherwise({ part }: Page, screen: PageScreen): Promise<boolean> {
  if (hasFiles(screen)) await (await part('files')).arrived(screen.id);
  if (screen.wink) await (await part('keep')).leaveWink();
  return !!screen.wink;
}
