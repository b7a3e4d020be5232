import { datapoint, datapointNames } from './datapoints.ts';
import { readAccount } from './fixtures.ts';
import { newId, timestamp } from './ids.ts';
import { findPerson, people, type Person } from './people.ts';
import { findProvider, type Provider } from './providers.ts';
import type { Account, ConnectionStatus, Item, Metadata, Task } from './state.ts';
import type { World } from './world.ts';

/** The error codes an account can end with, and what `errorMessage` says of each (Smile, `AccountErrorCode`). */
const errorMessages: Record<string, string> = {
  ACCOUNT_DISABLED: 'Account is disabled',
  ACCOUNT_INACCESSIBLE: 'Account cannot be accessed',
  ACCOUNT_INCOMPLETE: 'Account is not fully set up',
  ACCOUNT_LOCKED: 'Account is locked',
  AUTH_REQUIRED: 'No credentials reached the provider',
  EXPIRED_CREDENTIALS: 'Credentials have expired',
  INVALID_ACCOUNT_TYPE: 'This kind of account cannot be used',
  INVALID_AUTH: 'Authentication process failed',
  INVALID_CREDENTIALS: 'Invalid username or password!',
  INVALID_MFA: 'Invalid verification code!',
  MFA_TIMEOUT: 'Verification code was not supplied in time',
  SERVICE_UNAVAILABLE: 'Provider is unavailable',
  SYSTEM_ERROR: 'Unexpected error',
  TOS_REQUIRED: 'Terms of the provider are not accepted',
  UNSUPPORTED_AUTH_TYPE: 'Authentication type is not supported',
  UNSUPPORTED_MFA_METHOD: 'Second factor is not supported',
};

export interface Credentials {
  userName: string;
  password: string;
}

/** The account a user has at a provider, unless it was disconnected. */
export function currentAccount(world: World, userId: string, providerId: string): Account | undefined {
  return [...world.state.accounts.values()].findLast(
    (account) => account.userId === userId && account.providerId === providerId && account.status !== 'DISCONNECTED',
  );
}

/**
 * Hands credentials to the provider, which answers after `connectDelayMs`. The account is new, or the one the user
 * already has there when that is not connected: a retry keeps its id. Returns undefined if it is connected already.
 */
export function signIn(world: World, userId: string, provider: Provider, credentials: Credentials) {
  const existing = currentAccount(world, userId, provider.id);
  if (existing?.status === 'CONNECTED') return undefined;

  const account = existing ?? newAccount(userId, provider.id);
  world.state.accounts.set(account.id, account);
  account.loginName = credentials.userName;
  move(account, 'PENDING');
  if (!existing) world.notify('ACCOUNT_CREATED', about(account));

  check(world, account, () => {
    const person = findPerson(credentials.userName);
    const wanted = /^err:([A-Z_]+)$/.exec(credentials.userName)?.[1];
    if (wanted && wanted in errorMessages) return fail(world, account, wanted);
    if (!person || person.password !== credentials.password) return fail(world, account, 'INVALID_CREDENTIALS');
    account.personName = person.userName;
    if (!provider.mfa) return connect(world, account, provider, person);
    move(account, 'AWAITING_MFA');
    account.cancel = world.schedule.later(world.settings.mfaTimeoutMs, () => fail(world, account, 'MFA_TIMEOUT'));
  });
  return { account, created: !existing };
}

/** Hands the verification code to the provider. False if the account is not waiting for one. */
export function verifyCode(world: World, account: Account, code: string): boolean {
  const person = people.find(({ userName }) => userName === account.personName);
  const provider = findProvider(account.providerId);
  if (account.status !== 'AWAITING_MFA' || account.checking || !person || !provider) return false;
  check(world, account, () => {
    if (code.trim() === person.code) connect(world, account, provider, person);
    else fail(world, account, 'INVALID_MFA');
  });
  return true;
}

/** Cuts the link and deletes the account's data. */
export function disconnect(world: World, account: Account): void {
  account.cancel();
  account.checking = false;
  move(account, 'DISCONNECTED');
  for (const name of datapointNames) {
    for (const [id, item] of world.state.items[name]) {
      if (item.metadata.sourceId === account.id) world.state.items[name].delete(id);
    }
  }
  const user = world.state.users.get(account.userId);
  if (user && !accountsOf(world, user.id).some(({ status }) => status === 'CONNECTED')) user.sessionStatus = 'REVOKED';
  world.notify('ACCOUNT_DISCONNECTED', about(account));
}

export function accountsOf(world: World, userId: string): Account[] {
  return [...world.state.accounts.values()].filter((account) => account.userId === userId);
}

function newAccount(userId: string, providerId: string): Account {
  const now = timestamp();
  return {
    id: newId('a'),
    createdAt: now,
    providerId,
    userId,
    status: 'PENDING',
    errorCode: null,
    errorMessage: null,
    updatedAt: now,
    loginName: '',
    personName: null,
    checking: false,
    cancel: () => {},
  };
}

function move(account: Account, status: ConnectionStatus, errorCode: string | null = null) {
  account.status = status;
  account.errorCode = errorCode;
  account.errorMessage = errorCode && (errorMessages[errorCode] ?? null);
  account.updatedAt = timestamp();
}

/** Lets the provider think for `connectDelayMs`, in place of whatever else was to happen to the account. */
function check(world: World, account: Account, decide: () => void) {
  account.cancel();
  account.checking = true;
  account.cancel = world.schedule.later(world.settings.connectDelayMs, () => {
    account.checking = false;
    decide();
  });
}

function fail(world: World, account: Account, errorCode: string) {
  move(account, 'ERROR', errorCode);
  const { loginName, errorMessage } = account;
  world.notify('ACCOUNT_FAILED', { ...about(account), loginName, errorCode, errorMessage });
}

function connect(world: World, account: Account, provider: Provider, person: Person) {
  move(account, 'CONNECTED');
  const user = world.state.users.get(account.userId);
  if (user?.sessionStatus === 'REVOKED') user.sessionStatus = 'IN_PROGRESS';
  world.notify('ACCOUNT_CONNECTED', { ...about(account), loginName: account.loginName });

  const task = startTask(world, account);
  account.cancel = world.schedule.later(world.settings.taskDelayMs, () =>
    finishTask(world, account, task, provider, person),
  );
}

function startTask(world: World, account: Account): Task {
  const task: Task = {
    id: newId('task'),
    type: 'LINK_ACCOUNT',
    startedAt: timestamp(),
    finishedAt: null,
    status: 'Started',
    datapoints: [],
    metadata: metadata(account),
  };
  world.state.tasks.set(task.id, task);
  world.notify('TASK_STARTED', aboutTask(account));
  return task;
}

function finishTask(world: World, account: Account, task: Task, provider: Provider, person: Person) {
  const payload: Record<string, unknown> = Object.fromEntries(
    datapointNames.map((name) => [datapoint(name).payload, null]),
  );
  for (const [name, items] of readAccount(person, provider)) {
    const { event, one, list, payload: member } = datapoint(name);
    for (const item of items) {
      const stored: Item = { ...item, metadata: metadata(account) };
      world.state.items[name].set(item.id, stored);
    }
    payload[member] = one && !list ? items[0] : { nextCursor: null, items };
    task.datapoints.push(name);
    const added = one ? { [one]: items[0]?.id } : { count: items.length };
    world.notify(event, { ...about(account), ...added });
  }
  task.status = 'Finished';
  task.finishedAt = timestamp();
  world.notify('TASK_FINISHED', {
    ...aboutTask(account),
    status: 'SUCCEEDED',
    errorCode: null,
    datapoints: task.datapoints,
    payload,
  });
}

function about(account: Account) {
  return { userId: account.userId, accountId: account.id, providers: [account.providerId] };
}

function aboutTask(account: Account) {
  return {
    userId: account.userId,
    sourceId: account.id,
    sourceType: 'ACCOUNT',
    taskType: 'LINK_ACCOUNT',
    providers: [account.providerId],
  };
}

function metadata(account: Account): Metadata {
  return {
    createdAt: account.createdAt,
    itemCreatedAt: timestamp(),
    accountId: account.id,
    sourceId: account.id,
    sourceType: 'ACCOUNT',
    userId: account.userId,
    providerId: account.providerId,
  };
}
