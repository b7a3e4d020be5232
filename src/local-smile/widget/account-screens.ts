import type { Account, Provider } from './api.ts';
import { button, h, icon } from './dom.ts';
import { working } from './notes.ts';
import type { Screen } from './view.ts';
import { words } from './words.ts';

export function success(
  provider: Provider,
  account: Account,
  onDone: () => void,
  onAnother: (() => void) | undefined,
): Screen {
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
        button('main', words.done, onDone),
        onAnother && button('other', text.another, onAnother),
      ),
    ],
  };
}

export function accountStatus(
  provider: Provider,
  account: Account,
  on: { back: (() => void) | undefined; onDone: () => void; onDisconnect: () => void },
): Screen {
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
        button('main', words.done, on.onDone),
        button('other', text.disconnect, on.onDisconnect),
      ),
    ],
  };
}

export function confirmDisconnect(provider: Provider, on: { onConfirm: () => void; onKeep: () => void }): Screen {
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
        button('main', text.disconnect, on.onConfirm),
        button('other', text.keep, on.onKeep),
      ),
    ],
  };
}

export function disconnecting(provider: Provider): Screen {
  const { status: text } = words;
  return { name: 'disconnecting', heading: provider.name, body: [working(text.disconnecting)] };
}

export function disconnected(provider: Provider, onConnect: () => void): Screen {
  const { status: text } = words;
  return {
    name: 'disconnected',
    heading: text.removedHeading(provider.name),
    body: [h('p', {}, text.removed), button('other', text.connect, onConnect)],
  };
}

function accountPanel(provider: Provider, account: Account) {
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
    h('p', { class: 'note ok' }, icon('done'), h('b', {}, text.connected)),
  );
}
