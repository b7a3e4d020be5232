import { linkApi, type Account, type Answer, type LinkApi, type Provider, type Session } from './api.ts';
import type { CloseReason, Options } from './options.ts';
import * as screens from './screens.ts';
import { readToken } from './token.ts';
import { openView } from './view.ts';

export interface Flow {
  /** Closes the widget as its Close button does. */
  dismiss(): void;
}

const POLL_MS = 400;
const POLL_FAILURES = 3;
const POLL_RETRY_MS = 1500;

/** Opens the dialog and leads through it (Smile, Account Linking: consent, list, login, code, success). */
export function startFlow(options: Options, widgetId: string, scriptUrl: string, onGone: () => void): Flow {
  const { providers: only = [], topProviders = [], providerTypes = [], enableConsentPage = true } = options;
  let api: LinkApi | undefined;
  let user = { userId: '', mode: 'SANDBOX' };
  let session: Session | undefined;
  let consented = false;
  let expiry: ReturnType<typeof setTimeout> | undefined;
  /** Grows with every screen, so that an answer that comes too late changes nothing. */
  let turn = 0;

  const view = openView(() => finish('close'));
  if (options.templateId) {
    console.warn(`Local Smile has no Wink templates; ${options.templateId} shows its defaults.`);
  }
  // Only once the caller holds the flow: a callback may well open or close the widget.
  queueMicrotask(() => start(options.userToken));
  return { dismiss: () => finish('close') };

  function show(screen: screens.Screen) {
    turn += 1;
    view.show(screen);
  }

  function finish(reason: CloseReason) {
    turn += 1;
    clearTimeout(expiry);
    view.remove();
    api?.closed();
    onGone();
    call(() => options.onClose?.({ reason }));
  }

  function start(token: string) {
    const claims = readToken(token);
    const base = claims && URL.parse(claims.iss, scriptUrl || undefined)?.href.replace(/\/+$/, '');
    if (!claims || !base) return expired();
    user = claims;
    api = linkApi(base, token, widgetId);
    void open();
  }

  async function open() {
    show(screens.opening());
    const answer = await ask((link) => link.open(), open);
    if (!answer) return;
    session = answer;
    clearTimeout(expiry);
    expiry = setTimeout(expired, answer.expiresInMs);
    if (consented || (dedicated() && !enableConsentPage)) return choose();
    show(
      screens.consent(options.companyName, () => {
        consented = true;
        choose();
      }),
    );
    ui('ConsentPageOpened');
  }

  /** The providers on offer: those that can be signed in to, narrowed by the options, pinned ones first. */
  function offered(): Provider[] {
    const rank = ({ id }: Provider) => {
      const place = topProviders.indexOf(id);
      return place === -1 ? topProviders.length : place;
    };
    return (session?.providers ?? [])
      .filter((provider) => provider.accountConnection)
      .filter(({ id }) => only.length === 0 || only.includes(id))
      .filter(({ type }) => providerTypes.length === 0 || providerTypes.includes(type))
      .sort((a, b) => rank(a) - rank(b));
  }

  /** The one provider that the page asked for, if it asked for one. */
  function dedicated(): Provider | undefined {
    return only.length === 1 ? offered()[0] : undefined;
  }

  function choose() {
    const provider = dedicated();
    if (provider) return pick(provider);
    show(
      screens.providerList({
        providers: offered(),
        connected: new Set(session?.accounts.filter(({ status }) => status === 'CONNECTED').map((a) => a.providerId)),
        search: options.enableSearchBar ?? true,
        types: options.enableTypeBar ?? true,
        onPick: pick,
        onMissing: () => finish('exit'),
      }),
    );
    ui('ProviderListPageOpened');
  }

  function pick(provider: Provider) {
    const account = session?.accounts.find(({ providerId }) => providerId === provider.id);
    if (account?.status === 'CONNECTED') accountStatus(provider, account);
    else login(provider, account?.loginName);
  }

  function toList() {
    return dedicated() ? undefined : choose;
  }

  function login(provider: Provider, userName = '') {
    show(
      screens.login({
        provider,
        userName,
        people: session?.testPeople ?? [],
        showPeople: options.enableSampleModel ?? false,
        back: toList(),
        onSubmit: (credentials) => void signIn(provider, credentials),
      }),
    );
    ui('LoginPageOpened', { providerId: provider.id });
  }

  async function signIn(provider: Provider, credentials: { userName: string; password: string }) {
    show(screens.connecting(provider, 'details'));
    const account = await ask(
      (link) => link.signIn({ providerId: provider.id, ...credentials }),
      () => void signIn(provider, credentials),
    );
    if (!account) return;
    if (account.created) call(() => options.onAccountCreated?.(ref(account)));
    void watch(provider, account);
  }

  async function verify(provider: Provider, account: Account, code: string) {
    show(screens.connecting(provider, 'code'));
    const sent = await ask(
      (link) => link.sendCode(account.id, code),
      () => void verify(provider, account, code),
    );
    if (sent) void watch(provider, sent);
  }

  /** Asks for the account until the provider has decided. */
  async function watch(provider: Provider, account: Account) {
    const mine = turn;
    let failures = 0;
    while (account.checking) {
      await new Promise((resolve) => setTimeout(resolve, failures > 0 ? POLL_RETRY_MS : POLL_MS));
      if (mine !== turn) return;
      const answer = await api?.account(account.id);
      if (mine !== turn || !answer) return;
      if (answer.ok) [account, failures] = [answer.data, 0];
      else if (answer.why === 'expired') return expired();
      else if (++failures >= POLL_FAILURES) {
        return unreachable(() => {
          show(screens.connecting(provider, 'details'));
          void watch(provider, account);
        });
      }
    }
    remember(account);
    decided(provider, account);
  }

  function decided(provider: Provider, account: Account) {
    if (account.status === 'CONNECTED') {
      clearTimeout(expiry);
      show(screens.success(provider, account, () => finish('exit'), toList()));
      ui('ConnectSuccessPageOpened', { providerId: provider.id, accountId: account.id });
      call(() => options.onAccountConnected?.(ref(account)));
    } else if (account.status === 'AWAITING_MFA') {
      show(screens.mfa(provider, toList(), (code) => void verify(provider, account, code)));
      ui('MfaPageOpened', { providerId: provider.id });
    } else {
      const errorCode = account.errorCode ?? 'SYSTEM_ERROR';
      show(
        screens.failure(provider, errorCode, {
          onRetry: () => login(provider, account.loginName),
          onExit: () => finish('error'),
          back: toList(),
        }),
      );
      call(() => options.onAccountError?.({ ...ref(account), errorCode }));
    }
  }

  function accountStatus(provider: Provider, account: Account) {
    show(
      screens.accountStatus(provider, account, {
        back: toList(),
        onDone: () => finish('exit'),
        onDisconnect: () =>
          show(
            screens.confirmDisconnect(provider, {
              onConfirm: () => void disconnect(provider, account),
              onKeep: () => accountStatus(provider, account),
            }),
          ),
      }),
    );
    ui('AccountRevokePageOpened', { providerId: provider.id, accountId: account.id });
  }

  async function disconnect(provider: Provider, account: Account) {
    show(screens.disconnecting(provider));
    const done = await ask(
      async (link) => {
        const answer = await link.disconnect(account.id);
        return answer.ok ? { ok: true, data: true } : answer;
      },
      () => void disconnect(provider, account),
    );
    if (!done) return;
    remember({ ...account, status: 'DISCONNECTED' });
    show(screens.disconnected(provider, choose));
    call(() => options.onAccountRemoved?.(ref(account)));
  }

  function remember(account: Account) {
    if (!session) return;
    const others = session.accounts.filter(({ providerId }) => providerId !== account.providerId);
    session.accounts = account.status === 'DISCONNECTED' ? others : [...others, account];
  }

  /** Asks the Link API; leads to the right screen and answers undefined when that fails or comes too late. */
  async function ask<T>(request: (link: LinkApi) => Promise<Answer<T>>, again: () => void): Promise<T | undefined> {
    const mine = turn;
    const answer = api && (await request(api));
    if (!answer || mine !== turn) return undefined;
    if (answer.ok) return answer.data;
    if (answer.why === 'expired') expired();
    else unreachable(again);
    return undefined;
  }

  function unreachable(again: () => void) {
    show(screens.unreachable(again, () => finish('error')));
  }

  function expired() {
    clearTimeout(expiry);
    show(screens.expired());
    call(() => options.onTokenExpired?.(start));
  }

  function ui(eventName: string, account: { providerId: string; accountId?: string } | null = null) {
    const { userId, mode } = user;
    const eventTime = new Date().toISOString();
    call(() => options.onUIEvent?.({ eventName, eventTime, mode, userId, account, archive: null }));
  }

  function ref(account: Account) {
    return { accountId: account.id, userId: user.userId, providerId: account.providerId };
  }
}

/** A page's callback that throws is the page's trouble, not the widget's. */
function call(callback: () => void) {
  try {
    callback();
  } catch (error) {
    reportError(error);
  }
}
