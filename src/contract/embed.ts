/** Messages between a form in a frame and the website around it, and the events of that website. Types only. */

/**
 * The details of the events that `embed.js` dispatches, by the name after `flipsite:`. No event has an answer of a
 * person.
 */
export interface EmbedEvents {
  /** The form is visible. */
  opened: { form: string; language: string };
  /** The person sees a screen of the form. */
  screen: { form: string; screen: string };
  /** The sign-in window reported an account on this screen. The server confirms it later. */
  connected: { form: string; screen: string };
  /** The form was sent. `ending` is empty where the person sees no ending, such as after a change that was not sent. */
  submitted: { form: string; ending: string };
  /** The popup or the side panel was closed. */
  closed: { form: string };
  /** The height of the content changed, in CSS pixels. */
  height: { form: string; height: number };
}

export type EmbedEventName = keyof EmbedEvents;

/**
 * A message of the frame. `ready` asks for a greeting, and is the only one that is sent before it. `top`: the sign-in window
 * shows something new, which begins at the top of the frame. `escape`: the person pressed Escape in the form, whose keys the
 * website does not get.
 */
export type FromFormFrame =
  | { flipsite: 1; type: 'ready' }
  | { flipsite: 1; type: 'top' }
  | { flipsite: 1; type: 'escape' }
  | { [Name in EmbedEventName]: { flipsite: 1; type: Name; detail: EmbedEvents[Name] } }[EmbedEventName];

/**
 * The greeting of `embed.js`. The frame sends its messages only to the website that it came from. `light`: the website has no
 * dark colors.
 */
export interface ToFormFrame {
  flipsite: 1;
  type: 'hello';
  light: boolean;
}
