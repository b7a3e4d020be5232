import type { WidgetLogin, WidgetProvider, WidgetSession } from './api.ts';
import { widgetButton, h, widgetIcon } from './dom.ts';
import { codeForm } from './code-form.ts';
import { field, form, missing } from './form.ts';
import { working } from './notes.ts';
import type { WidgetScreen } from './view.ts';
import { words } from './words.ts';

export type { WidgetScreen } from './view.ts';
export * from './account-screens.ts';
export * from './file-screens.ts';
export { providerList } from './provider-list.ts';
export * from './trouble-screens.ts';

export function opening(): WidgetScreen {
  return { name: 'opening', heading: words.opening, body: [working(words.openingStatus)] };
}

export function consentScreen(company: string | undefined, onAgree: () => void): WidgetScreen {
  const { consent: text } = words;
  const fact = (name: Parameters<typeof widgetIcon>[0], title: string, body: string) =>
    h('div', {}, widgetIcon(name), h('dt', {}, title), h('dd', {}, body));
  return {
    name: 'consent',
    heading: text.heading(company),
    body: [
      h('p', {}, text.intro),
      h(
        'dl',
        { class: 'facts' },
        fact('eye', text.whatTitle, text.what),
        fact('key', text.passwordTitle, text.password(company)),
        fact('undo', text.undoTitle, text.undo),
      ),
      widgetButton('main', text.agree, onAgree),
    ],
  };
}

export function login(props: {
  provider: WidgetProvider;
  userName: string;
  /** The login field that replaces the user name. */
  as: WidgetLogin | undefined;
  people: WidgetSession['testPeople'];
  showPeople: boolean;
  back: (() => void) | undefined;
  /** Opens the other ways to sign in, if there are any. */
  onOther: (() => void) | undefined;
  onSubmit: (credentials: { userName: string; password: string }) => void;
}): WidgetScreen {
  const { login: text } = words;
  const { provider, people, onSubmit } = props;
  const userName = field({
    id: 'user-name',
    label: props.as ? text.options[props.as] : text.userName,
    help: props.as ? undefined : text.userNameHelp,
    fault: missing(props.as ? text.noLogin[props.as] : text.noUserName),
    attributes: { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', value: props.userName },
  });
  const password = field({
    id: 'password',
    label: text.password,
    fault: missing(text.noPassword),
    attributes: { type: 'password', autocomplete: 'current-password' },
  });
  return {
    name: 'login',
    heading: text.heading(provider.name),
    back: props.back,
    body: [
      h('p', {}, text.intro(provider.name)),
      ...(provider.monitorSupported ? [h('p', { class: 'dim' }, text.sync)] : []),
      form([userName, password], text.submit, () =>
        onSubmit({ userName: userName.input.value, password: password.input.value }),
      ),
      ...(props.onOther ? [widgetButton('quiet', text.other, props.onOther)] : []),
      testPeople(people, props.showPeople),
    ],
  };
}

/** The other ways to sign in to a provider. */
export function loginOptions(
  provider: WidgetProvider,
  on: { back: () => void; onPick: (as: WidgetLogin) => void },
): WidgetScreen {
  const { login: text } = words;
  return {
    name: 'login-options',
    heading: text.optionsHeading(provider.name),
    back: on.back,
    body: [
      h(
        'div',
        { class: 'actions' },
        ...provider.loginOptions.map((as) => widgetButton('other', text.options[as], () => on.onPick(as))),
      ),
    ],
  };
}

/** Asks for the name of a missing employer. Test mode stores no answers. */
export function survey(back: () => void, onSubmit: () => void): WidgetScreen {
  const { survey: text } = words;
  const employer = field({
    id: 'employer',
    label: text.employer,
    fault: missing(text.noEmployer),
    attributes: { autocomplete: 'organization' },
  });
  return { name: 'survey', heading: text.heading, back, body: [form([employer], text.submit, onSubmit)] };
}

function testPeople(people: WidgetSession['testPeople'], open: boolean) {
  const { login: text } = words;
  const row = (cell: 'th' | 'td', values: string[]) =>
    h('tr', {}, ...values.map((value) => h(cell, cell === 'th' ? { scope: 'col' } : {}, value)));
  return h(
    'details',
    { open },
    h('summary', {}, widgetIcon('next'), text.testPeople),
    h('p', { class: 'dim' }, text.testHelp),
    h(
      'table',
      {},
      h('thead', {}, row('th', [text.person, text.password, text.code])),
      h('tbody', {}, ...people.map(({ userName, password, code }) => row('td', [userName, password, code]))),
    ),
  );
}

export function mfa(
  provider: WidgetProvider,
  back: (() => void) | undefined,
  onSubmit: (code: string) => void,
): WidgetScreen {
  const { mfa: text } = words;
  const body = [h('p', {}, text.intro(provider.name)), codeForm(onSubmit)];
  return { name: 'mfa', heading: text.heading, back, body };
}

const TELL_EVERY_S = 10;

export function connecting(provider: WidgetProvider, sent: 'details' | 'code'): WidgetScreen {
  const { connecting: text } = words;
  const elapsed = h('p', { class: 'dim', role: 'status' });
  const started = Date.now();
  const timer = setInterval(() => {
    if (!elapsed.isConnected) return clearInterval(timer);
    const seconds = Math.round((Date.now() - started) / 1000);
    elapsed.textContent = text.stillWorking(seconds);
  }, TELL_EVERY_S * 1000);
  return {
    name: 'connecting',
    heading: text.heading(provider.name),
    body: [
      h('p', {}, text.intro),
      h(
        'div',
        { class: 'panel near' },
        h('p', { class: 'note' }, widgetIcon('done'), sent === 'code' ? text.codeSent : text.sent),
        working(text.checking(provider.name)),
        elapsed,
      ),
    ],
  };
}
