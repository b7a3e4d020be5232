/** The answers that an open preview gets from the server, and its messages with the editor around its frame. Types only. */
import type { PageScreen } from './page.ts';

/**
 * The newest draft: `GET /preview/{token}/-/state/{language}/{version}`, with the language and the version of the open
 * page.
 */
export interface PreviewState {
  /** The version that the preview shows now. Absent where no text was ever good. */
  version?: string | undefined;
  /** The errors of the newest text, in sentences. */
  faults: string[];
  /** The screens in which the page of that version differs. Absent where the page has to be loaded again. */
  screens?: ChangedScreen[] | undefined;
}

export interface ChangedScreen {
  html: string;
  data: PageScreen;
}

/**
 * From the editor. Both sides accept only their own origin.
 *
 * `saved`: the draft has changed. `wait`: it has changed, but its member still types. `restart`: deletes the answers.
 * `show`: shows a screen, whatever the answers. `look`: the colors, whatever the device prefers.
 */
export type FromEditor =
  | { flipsite: 'saved' | 'wait' | 'restart' }
  | { flipsite: 'show'; screen: string }
  | { flipsite: 'look'; dark: boolean };

/** `ready`: the page was loaded, and listens. `shown`: the person sees this screen now, or its newest texts. `selected`: the person clicked on it, and on a question of it. */
export type FromPreview =
  | { flipsite: 'ready' }
  | { flipsite: 'shown'; screen: string }
  | { flipsite: 'selected'; screen: string; field?: string };
