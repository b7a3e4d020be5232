import type { WidgetAccount, WidgetProvider } from './api.ts';
import { widgetButton, h, widgetIcon } from './dom.ts';
import { working } from './notes.ts';
import type { WidgetScreen } from './view.ts';
import { words } from './words.ts';

export function success(
  provider: WidgetProvider,
  account: WidgetAccount,
  onDone: () => void,
  onAnother: (() => void) | undefined,
): WidgetScreen {
  const { success: text } = words;
  return {
    name: 'success',
    heading: text.heading(provider.name),
    body: [
      h('p', {}, text.intro),
      accountPanel(provider, account),
      h(
        'div',
        { class: 'actions' },
        widgetButton('main', words.done, onDone),
        onAnother && widgetButton('other', text.another, onAnother),
      ),
    ],
  };
}

export function accountStatus(
  provider: WidgetProvider,
  account: WidgetAccount,
  on: { back: (() => void) | undefined; onDone: () => void; onDisconnect: () => void },
): WidgetScreen {
  const { status: text } = words;
  return {
    name: 'status',
    heading: text.heading(provider.name),
    back: on.back,
    body: [
      accountPanel(provider, account),
      h(
        'div',
        { class: 'actions' },
        widgetButton('main', words.done, on.onDone),
        widgetButton('other', text.disconnect, on.onDisconnect),
      ),
    ],
  };
}

export function confirmDisconnect(
  provider: WidgetProvider,
  on: { onConfirm: () => void; onKeep: () => void },
): WidgetScreen {
  const { status: text } = words;
  return {
    name: 'confirm',
    heading: text.confirmHeading(provider.name),
    back: on.onKeep,
    body: [
      h('p', {}, text.confirm),
      h(
        'div',
        { class: 'actions' },
        widgetButton('main', text.disconnect, on.onConfirm),
        widgetButton('other', text.keep, on.onKeep),
      ),
    ],
  };
}

export function disconnecting(provider: WidgetProvider): WidgetScreen {
  const { status: text } = words;
  return { name: 'disconnecting', heading: provider.name, body: [working(text.disconnecting)] };
}

export function disconnected(provider: WidgetProvider, onConnect: () => void): WidgetScreen {
  const { status: text } = words;
  return {
    name: 'disconnected',
    heading: text.removedHeading(provider.name),
    body: [h('p', {}, text.removed), widgetButton('other', text.connect, onConnect)],
  };
}

function accountPanel(provider: WidgetProvider, account: WidgetAccount) {
  const { status: text } = words;
  return h(
    'div',
    { class: 'panel near' },
    h(
      'div',
      { class: 'row' },
      h('span', { class: 'mark', 'aria-hidden': 'true' }, provider.initials),
      h('div', {}, h('b', {}, provider.name), h('p', { class: 'dim' }, text.signedInAs(account.loginName))),
    ),
    h('p', { class: 'note ok' }, widgetIcon('done'), h('b', {}, text.connected)),
  );
}
