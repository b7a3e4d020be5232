/** The messages between the editor and the preview in its frame. Both sides accept only their own origin. Types only. */

/**
 * `saved`: the draft has changed. `wait`: it has changed, but its member still types. `restart`: deletes the answers.
 * `show`: shows a screen, whatever the answers. `look`: the colors, whatever the device prefers.
 */
export type FromEditor =
  | { flipsite: 'saved' | 'wait' | 'restart' }
  | { flipsite: 'show'; screen: string }
  | { flipsite: 'look'; dark: boolean };

/** `ready`: the page was loaded, and listens. `shown`: the person sees this screen now. `selected`: the person clicked on it, and on a question of it. */
export type FromPreview =
  | { flipsite: 'ready' }
  | { flipsite: 'shown'; screen: string }
  | { flipsite: 'selected'; screen: string; field?: string };
