import type { WidgetAccount, WidgetLogin, WidgetProvider } from './api.ts';
import * as screens from './screens.ts';
import type { Stage } from './stage.ts';

const POLL_MS = 400;
const POLL_FAILURES = 3;
const POLL_RETRY_MS = 1500;

/** From a provider to an account: sign-in, code, success; or the existing account, and disconnecting it. */
export function accountFlow(
  stage: Stage,
  { choose, toList }: { choose: () => void; toList: () => (() => void) | undefined },
) {
  function pick(provider: WidgetProvider) {
    const account = stage.session.accounts.find(({ providerId }) => providerId === provider.id);
    if (account?.status === 'CONNECTED') accountStatus(provider, account);
    else login(provider, account?.loginName);
  }

  function login(provider: WidgetProvider, userName = '', as?: WidgetLogin) {
    stage.show(
      screens.login({
        provider,
        userName,
        as,
        people: stage.session.testPeople,
        showPeople: stage.choices.enableSampleModel,
        back: toList(),
        onOther: provider.loginOptions.length > 0 ? () => loginOptions(provider) : undefined,
        onSubmit: (credentials) => void signIn(provider, credentials),
      }),
    );
    stage.ui('LoginPageOpened', { account: { providerId: provider.id } });
  }

  function loginOptions(provider: WidgetProvider) {
    const back = () => login(provider);
    stage.show(screens.loginOptions(provider, { back, onPick: (as) => login(provider, '', as) }));
    stage.ui('LoginOptionsPageOpened', { account: { providerId: provider.id } });
  }

  async function signIn(provider: WidgetProvider, credentials: { userName: string; password: string }) {
    stage.show(screens.connecting(provider, 'details'));
    const account = await stage.ask(
      (link) => link.signIn({ providerId: provider.id, ...credentials }),
      () => void signIn(provider, credentials),
    );
    if (!account) return;
    if (account.created) stage.callPage((page) => page.onAccountCreated?.(ref(account)));
    void watch(provider, account);
  }

  async function verify(provider: WidgetProvider, account: WidgetAccount, code: string) {
    stage.show(screens.connecting(provider, 'code'));
    const sent = await stage.ask(
      (link) => link.sendCode(account.id, code),
      () => void verify(provider, account, code),
    );
    if (sent) void watch(provider, sent);
  }

  /** Polls the account until the provider has decided. */
  async function watch(provider: WidgetProvider, account: WidgetAccount) {
    const here = stage.isCurrent();
    let failures = 0;
    while (account.checking) {
      await new Promise((resolve) => setTimeout(resolve, failures > 0 ? POLL_RETRY_MS : POLL_MS));
      if (!here()) return;
      const answer = await stage.api?.account(account.id);
      if (!here() || !answer) return;
      if (answer.ok) [account, failures] = [answer.data, 0];
      else if (answer.why === 'expired') return stage.expired();
      else if (++failures >= POLL_FAILURES) {
        return stage.unreachable(() => {
          stage.show(screens.connecting(provider, 'details'));
          void watch(provider, account);
        });
      }
    }
    remember(account);
    decided(provider, account);
  }

  function decided(provider: WidgetProvider, account: WidgetAccount) {
    const onCode = (code: string) => void verify(provider, account, code);
    // An app may disconnect an account before the widget asks about it.
    const isGone = account.status === 'DISCONNECTED' && account.wasConnected;
    if (account.status === 'CONNECTED' || isGone) {
      stage.keepOpen();
      stage.show(screens.success(provider, account, () => stage.finish('exit'), toList()));
      stage.ui('ConnectSuccessPageOpened', { account: { providerId: provider.id, accountId: account.id } });
      stage.callPage((page) => page.onAccountConnected?.(ref(account)));
    } else if (account.status === 'AWAITING_MFA') {
      stage.show(screens.mfa(provider, toList(), onCode));
      stage.ui('MfaPageOpened', { account: { providerId: provider.id } });
    } else {
      const errorCode = account.errorCode ?? 'SYSTEM_ERROR';
      stage.show(
        screens.failure(provider, errorCode, {
          onRetry: () => login(provider, account.loginName),
          onCode: account.takesCode ? onCode : undefined,
          onExit: () => stage.finish('error'),
          back: toList(),
        }),
      );
      stage.callPage((page) => page.onAccountError?.({ ...ref(account), errorCode }));
    }
  }

  function accountStatus(provider: WidgetProvider, account: WidgetAccount) {
    const onKeep = () => accountStatus(provider, account);
    const onConfirm = () => void disconnect(provider, account);
    stage.show(
      screens.accountStatus(provider, account, {
        back: toList(),
        onDone: () => stage.finish('exit'),
        onDisconnect: () => stage.show(screens.confirmDisconnect(provider, { onConfirm, onKeep })),
      }),
    );
    stage.ui('AccountRevokePageOpened', { account: { providerId: provider.id, accountId: account.id } });
  }

  async function disconnect(provider: WidgetProvider, account: WidgetAccount) {
    stage.show(screens.disconnecting(provider));
    const done = await stage.ask(
      (link) => link.disconnect(account.id),
      () => void disconnect(provider, account),
    );
    if (!done) return;
    remember({ ...account, status: 'DISCONNECTED' });
    stage.show(screens.disconnected(provider, choose));
    stage.callPage((page) => page.onAccountRemoved?.(ref(account)));
  }

  function remember(account: WidgetAccount) {
    const others = stage.session.accounts.filter(({ providerId }) => providerId !== account.providerId);
    stage.session.accounts = account.status === 'DISCONNECTED' ? others : [...others, account];
  }

  function ref(account: WidgetAccount) {
    return { accountId: account.id, userId: stage.userId, providerId: account.providerId };
  }

  return { pick };
}
