import { accountErrors, type AccountErrorCode, wantedError } from './account-errors.ts';
import { newSandboxId, timestamp } from './ids.ts';
import { inviteeLinked, inviteeRevoked } from './invites.ts';
import { forget } from './items.ts';
import { findPerson, people, type SandboxPerson } from './people.ts';
import { findProvider, type SandboxProvider } from './providers.ts';
import { readAccount, refreshAccount, tellRefreshed } from './reading.ts';
import { accountsOf, aboutAccount } from './sources.ts';
import type { SandboxAccount, ConnectionStatus, MonitorStatus } from './state.ts';
import type { Sandbox } from './sandbox.ts';

export interface Credentials {
  userName: string;
  password: string;
}

/** The account a user has at a provider, unless it was disconnected. */
function currentAccount(world: Sandbox, userId: string, providerId: string): SandboxAccount | undefined {
  return accountsOf(world, userId).findLast(
    (account) => account.providerId === providerId && account.status !== 'DISCONNECTED',
  );
}

/**
 * Hands credentials to the provider, which answers after `connectDelayMs`. The account is new, or the one the user
 * already has there when that is not connected: a retry keeps its id. Returns undefined if it is connected already.
 */
export function signIn(world: Sandbox, userId: string, provider: SandboxProvider, credentials: Credentials) {
  const existing = currentAccount(world, userId, provider.id);
  if (existing?.status === 'CONNECTED') return undefined;

  const account = existing ?? newAccount(world, userId, provider.id);
  world.state.accounts.set(account.id, account);
  account.loginName = credentials.userName;
  account.codesLeft = world.settings.mfaTries;
  move(world, account, 'PENDING');
  if (!existing) world.notify('ACCOUNT_CREATED', userId, aboutAccount(account));

  check(world, account, () => {
    const person = findPerson(credentials.userName);
    const wanted = wantedError(credentials.userName);
    if (wanted) return fail(world, account, wanted);
    if (!person || person.password !== credentials.password) return fail(world, account, 'INVALID_CREDENTIALS');
    account.personName = person.userName;
    if (provider.mfa) awaitCode(world, account);
    else connect(world, account, provider, person);
  });
  return { account, created: !existing };
}

/**
 * Hands the verification code to the provider. A wrong one fails the account; until its tries are used up the same
 * sign-in takes another. False if the account is not waiting for one.
 */
export function verifyCode(world: Sandbox, account: SandboxAccount, code: string): boolean {
  const person = people.find(({ userName }) => userName === account.personName);
  const provider = findProvider(account.providerId);
  if (!takesCode(account) || !person || !provider) return false;
  if (account.status === 'ERROR') move(world, account, 'AWAITING_MFA');
  account.codesLeft -= 1;
  check(world, account, () => {
    if (code.trim() === person.code) connect(world, account, provider, person);
    else fail(world, account, 'INVALID_MFA');
  });
  return true;
}

/** Whether the provider would take a verification code now. */
export function takesCode({ status, errorCode, codesLeft, checking }: SandboxAccount): boolean {
  return !checking && codesLeft > 0 && (status === 'AWAITING_MFA' || errorCode === 'INVALID_MFA');
}

/** Cuts the link and deletes the account's data. */
export function disconnectSandboxAccount(world: Sandbox, account: SandboxAccount): void {
  account.cancel();
  account.checking = false;
  move(world, account, 'DISCONNECTED');
  watchAccount(world, account, 'UNSUPPORTED');
  forget(world, account.id);
  const user = world.state.users.get(account.userId);
  const left = accountsOf(world, account.userId).some(({ status }) => status === 'CONNECTED');
  if (user && !left) user.session.status = 'REVOKED';
  world.notify('ACCOUNT_DISCONNECTED', account.userId, aboutAccount(account));
  if (!left) inviteeRevoked(world, account.userId);
}

/** Says what becomes of the account's continuous sync. */
export function watchAccount(world: Sandbox, account: SandboxAccount, status: MonitorStatus): void {
  if (account.monitor.status === status) return;
  account.monitor = { status, updatedAt: timestamp(world.now()) };
}

function newAccount(world: Sandbox, userId: string, providerId: string): SandboxAccount {
  const now = timestamp(world.now());
  return {
    id: newSandboxId('a'),
    createdAt: now,
    providerId,
    userId,
    sessionId: world.state.users.get(userId)?.session.id ?? '',
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
  world: Sandbox,
  account: SandboxAccount,
  status: ConnectionStatus,
  errorCode: AccountErrorCode | null = null,
) {
  account.status = status;
  account.errorCode = errorCode;
  account.updatedAt = timestamp(world.now());
}

/** Lets the provider think for `connectDelayMs`, in place of whatever else was to happen to the account. */
function check(world: Sandbox, account: SandboxAccount, decide: () => void) {
  account.cancel();
  account.checking = true;
  account.cancel = world.schedule.later(world.settings.connectDelayMs, () => {
    account.checking = false;
    decide();
  });
}

function awaitCode(world: Sandbox, account: SandboxAccount) {
  move(world, account, 'AWAITING_MFA');
  account.cancel = world.schedule.later(world.settings.mfaTimeoutMs, () => fail(world, account, 'MFA_TIMEOUT'));
}

function fail(world: Sandbox, account: SandboxAccount, errorCode: AccountErrorCode) {
  move(world, account, 'ERROR', errorCode);
  const { userId, loginName } = account;
  const errorMessage = accountErrors[errorCode];
  world.notify('ACCOUNT_FAILED', userId, { ...aboutAccount(account), loginName, errorCode, errorMessage });
}

function connect(world: Sandbox, account: SandboxAccount, provider: SandboxProvider, person: SandboxPerson) {
  move(world, account, 'CONNECTED');
  account.connectedAt = account.updatedAt;
  if (provider.monitorSupported) watchAccount(world, account, 'ACTIVE');
  const user = world.state.users.get(account.userId);
  if (user) {
    account.sessionId = user.session.id;
    if (user.session.status === 'REVOKED') user.session.status = 'IN_PROGRESS';
  }
  world.notify('ACCOUNT_CONNECTED', account.userId, { ...aboutAccount(account), loginName: account.loginName });
  inviteeLinked(world, account.userId);
  readAccount(world, account, provider, person);
}

/**
 * One tick of the account's continuous sync. After one that fails the person has to sign in again, until one succeeds.
 * False if the account is not kept in sync.
 */
export function sync(world: Sandbox, account: SandboxAccount, outcome: 'SUCCEEDED' | 'FAILED'): boolean {
  const provider = findProvider(account.providerId);
  const person = people.find(({ userName }) => userName === account.personName);
  const kept = ['ACTIVE', 'USER_ACTION_REQUIRED'].includes(account.monitor.status);
  if (account.status !== 'CONNECTED' || !kept || !provider || !person) return false;
  watchAccount(world, account, outcome === 'SUCCEEDED' ? 'ACTIVE' : 'USER_ACTION_REQUIRED');
  if (outcome === 'SUCCEEDED') refreshAccount(world, account, provider, person);
  else tellRefreshed(world, account, 'FAILED');
  return true;
}
