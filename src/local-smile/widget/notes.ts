import { h, widgetIcon } from './dom.ts';

/** Says that something is being waited for. */
export function working(text: string) {
  return h('p', { class: 'note', role: 'status' }, widgetIcon('spin'), h('b', {}, text));
}

/** Says what went wrong, at once to a screen reader too. */
export function alert(text: string) {
  return h('p', { class: 'note no', role: 'alert' }, widgetIcon('stop'), h('b', {}, text));
}
