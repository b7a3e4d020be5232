import { h, widgetIcon } from './dom.ts';

/** A note that something is in progress. */
export function working(text: string) {
  return h('p', { class: 'note', role: 'status' }, widgetIcon('spin'), h('b', {}, text));
}

/** An error message, announced at once by screen readers. */
export function alert(text: string) {
  return h('p', { class: 'note no', role: 'alert' }, widgetIcon('stop'), h('b', {}, text));
}
