/** The part that runs widgets, in the page or in a frame over it, and keeps what they say. */
export { runFramed } from './framed.ts';
export { hears } from './hears.ts';
export { loadScript } from './load-script.ts';
export { runWidget } from './widget.ts';
