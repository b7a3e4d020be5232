import { accountErrors, type AccountErrorCode, errorForUserName } from '../invented/account-errors.ts';
import { newSandboxId, timestamp } from '../store/ids.ts';
import { inviteeLinked, inviteeRevoked } from '../store/invites.ts';
import { forget } from '../store/items.ts';
import { findPerson, people, type SandboxPerson } from '../invented/people.ts';
import { findProvider, type SandboxProvider } from '../invented/providers.ts';
import { readAccount, refreshAccount, notifyRefreshed } from './reading.ts';
import { accountsOf, aboutAccount } from '../store/sources.ts';
import type { SandboxAccount, ConnectionStatus, MonitorStatus } from '../store/state.ts';
import type { Sandbox } from '../sandbox.ts';

export interface Credentials {
  userName: string;
  password: string;
}

/** The user's account at a provider, unless it was disconnected. */
function currentAccount(sandbox: Sandbox, userId: string, providerId: string): SandboxAccount | undefined {
  return accountsOf(sandbox, userId).findLast(
    (account) => account.providerId === providerId && account.status !== 'DISCONNECTED',
  );
}

/**
 * Sends credentials to the provider, which answers after `connectDelayMs`. The account is new, or the user's existing
 * one if it is not connected, so a retry keeps its id.
 * @returns the account; undefined if it is connected already
 */
export function signIn(sandbox: Sandbox, userId: string, provider: SandboxProvider, credentials: Credentials) {
  const existing = currentAccount(sandbox, userId, provider.id);
  if (existing?.status === 'CONNECTED') return undefined;

  const account = existing ?? newAccount(sandbox, userId, provider.id);
  sandbox.state.accounts.set(account.id, account);
  account.loginName = credentials.userName;
  account.codesLeft = sandbox.settings.mfaTries;
  move(sandbox, account, 'PENDING');
  if (!existing) sandbox.notify('ACCOUNT_CREATED', userId, aboutAccount(account));

  check(sandbox, account, () => {
    const person = findPerson(credentials.userName);
    const requestedCode = errorForUserName(credentials.userName);
    if (requestedCode) return fail(sandbox, account, requestedCode);
    if (!person || person.password !== credentials.password) return fail(sandbox, account, 'INVALID_CREDENTIALS');
    account.personName = person.userName;
    if (provider.mfa) awaitCode(sandbox, account);
    else connect(sandbox, account, provider, person);
  });
  return { account, created: !existing };
}

/**
 * Sends a verification code to the provider. A wrong code fails the account. The same sign-in accepts further codes
 * until its tries are used up.
 * @returns false if the account is not waiting for a code
 */
export function verifyCode(sandbox: Sandbox, account: SandboxAccount, code: string): boolean {
  const person = people.find(({ userName }) => userName === account.personName);
  const provider = findProvider(account.providerId);
  if (!takesCode(account) || !person || !provider) return false;
  if (account.status === 'ERROR') move(sandbox, account, 'AWAITING_MFA');
  account.codesLeft -= 1;
  check(sandbox, account, () => {
    if (code.trim() === person.code) connect(sandbox, account, provider, person);
    else fail(sandbox, account, 'INVALID_MFA');
  });
  return true;
}

/** Whether the provider accepts a verification code now. */
export function takesCode({ status, errorCode, codesLeft, checking }: SandboxAccount): boolean {
  return !checking && codesLeft > 0 && (status === 'AWAITING_MFA' || errorCode === 'INVALID_MFA');
}

/** Disconnects the account and deletes its data. */
export function disconnectSandboxAccount(sandbox: Sandbox, account: SandboxAccount): void {
  account.cancel();
  account.checking = false;
  move(sandbox, account, 'DISCONNECTED');
  watchAccount(sandbox, account, 'UNSUPPORTED');
  forget(sandbox, account.id);
  const user = sandbox.state.users.get(account.userId);
  const left = accountsOf(sandbox, account.userId).some(({ status }) => status === 'CONNECTED');
  if (user && !left) user.session.status = 'REVOKED';
  sandbox.notify('ACCOUNT_DISCONNECTED', account.userId, aboutAccount(account));
  if (!left) inviteeRevoked(sandbox, account.userId);
}

/** Changes the status of the account's continuous sync. */
export function watchAccount(sandbox: Sandbox, account: SandboxAccount, status: MonitorStatus): void {
  if (account.monitor.status === status) return;
  account.monitor = { status, updatedAt: timestamp(sandbox.now()) };
}

function newAccount(sandbox: Sandbox, userId: string, providerId: string): SandboxAccount {
  const now = timestamp(sandbox.now());
  return {
    id: newSandboxId('a'),
    createdAt: now,
    providerId,
    userId,
    sessionId: sandbox.state.users.get(userId)?.session.id ?? '',
    status: 'PENDING',
    errorCode: null,
    updatedAt: now,
    connectedAt: null,
    monitor: { status: 'UNSUPPORTED', updatedAt: null },
    loginName: '',
    personName: null,
    codesLeft: 0,
    checking: false,
    cancel: () => {},
  };
}

function move(
  sandbox: Sandbox,
  account: SandboxAccount,
  status: ConnectionStatus,
  errorCode: AccountErrorCode | null = null,
) {
  account.status = status;
  account.errorCode = errorCode;
  account.updatedAt = timestamp(sandbox.now());
}

/** Decides after `connectDelayMs`, and cancels everything else planned for the account. */
function check(sandbox: Sandbox, account: SandboxAccount, decide: () => void) {
  account.cancel();
  account.checking = true;
  account.cancel = sandbox.schedule.later(sandbox.settings.connectDelayMs, () => {
    account.checking = false;
    decide();
  });
}

function awaitCode(sandbox: Sandbox, account: SandboxAccount) {
  move(sandbox, account, 'AWAITING_MFA');
  account.cancel = sandbox.schedule.later(sandbox.settings.mfaTimeoutMs, () => fail(sandbox, account, 'MFA_TIMEOUT'));
}

function fail(sandbox: Sandbox, account: SandboxAccount, errorCode: AccountErrorCode) {
  move(sandbox, account, 'ERROR', errorCode);
  const { userId, loginName } = account;
  const errorMessage = accountErrors[errorCode];
  sandbox.notify('ACCOUNT_FAILED', userId, { ...aboutAccount(account), loginName, errorCode, errorMessage });
}

function connect(sandbox: Sandbox, account: SandboxAccount, provider: SandboxProvider, person: SandboxPerson) {
  move(sandbox, account, 'CONNECTED');
  account.connectedAt = account.updatedAt;
  if (provider.monitorSupported) watchAccount(sandbox, account, 'ACTIVE');
  const user = sandbox.state.users.get(account.userId);
  if (user) {
    account.sessionId = user.session.id;
    if (user.session.status === 'REVOKED') user.session.status = 'IN_PROGRESS';
  }
  sandbox.notify('ACCOUNT_CONNECTED', account.userId, { ...aboutAccount(account), loginName: account.loginName });
  inviteeLinked(sandbox, account.userId);
  readAccount(sandbox, account, provider, person);
}

/**
 * Runs one continuous sync of the account. After a failed one the person has to sign in again, until one succeeds.
 * @returns false if the account is not kept in sync
 */
export function sync(sandbox: Sandbox, account: SandboxAccount, outcome: 'SUCCEEDED' | 'FAILED'): boolean {
  const provider = findProvider(account.providerId);
  const person = people.find(({ userName }) => userName === account.personName);
  const kept = ['ACTIVE', 'USER_ACTION_REQUIRED'].includes(account.monitor.status);
  if (account.status !== 'CONNECTED' || !kept || !provider || !person) return false;
  watchAccount(sandbox, account, outcome === 'SUCCEEDED' ? 'ACTIVE' : 'USER_ACTION_REQUIRED');
  if (outcome === 'SUCCEEDED') refreshAccount(sandbox, account, provider, person);
  else notifyRefreshed(sandbox, account, 'FAILED');
  return true;
}
