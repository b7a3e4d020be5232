import { datapoint, type DatapointName } from '../invented/datapoints.ts';
import { historyOf, nextMonthOf } from '../invented/fixtures.ts';
import { timestamp } from '../store/ids.ts';
import { itemsOf, keepItems, payloadOf } from '../store/items.ts';
import type { SandboxPerson } from '../invented/people.ts';
import type { SandboxProvider } from '../invented/providers.ts';
import { aboutAccount, metadataOf } from '../store/sources.ts';
import type { SandboxAccount, SandboxItem, Shape } from '../store/state.ts';
import { finishTask, startTask } from '../store/tasks.ts';
import type { Sandbox } from '../sandbox.ts';

/** Reads a newly connected account for `taskDelayMs`, and sends the events of each step. */
export function readAccount(
  sandbox: Sandbox,
  account: SandboxAccount,
  provider: SandboxProvider,
  person: SandboxPerson,
): void {
  const { userId } = account;
  const task = startTask(sandbox, 'LINK_ACCOUNT', metadataOf(sandbox, account));
  const aboutTask = { ...aboutSource(account), taskType: task.type };
  sandbox.notify('TASK_STARTED', userId, aboutTask);

  account.cancel = sandbox.schedule.later(sandbox.settings.taskDelayMs, () => {
    for (const [name, shapes] of historyOf(person, provider, sandbox.now())) {
      const items = keepItems(sandbox, name, shapes, metadataOf(sandbox, account));
      const { event, one } = datapoint(name);
      const added = one ? { [one]: items[0]?.id } : { count: items.length };
      sandbox.notify(event, userId, { ...aboutAccount(account), ...added });
    }
    finishTask(sandbox, task, provider.supported);
    sandbox.notify('TASK_FINISHED', userId, {
      ...aboutTask,
      status: 'SUCCEEDED',
      errorCode: null,
      datapoints: task.datapoints,
      payload: payloadOf(sandbox, account.id),
    });
  });
}

/**
 * One refresh of an account in sync (Smile, Continuous Data Sync): adds a month to monthly data and changes other data
 * a little. It sends an event for each change, and one at the end.
 */
export function refreshAccount(
  sandbox: Sandbox,
  account: SandboxAccount,
  provider: SandboxProvider,
  person: SandboxPerson,
): void {
  const task = startTask(sandbox, 'UPDATE_ACCOUNT', metadataOf(sandbox, account));
  const updatedAt = timestamp(sandbox.now());
  for (const name of provider.supported) {
    const { updated } = datapoint(name);
    const before = itemsOf(sandbox, account.id, name);
    if (!updated || before.length === 0) continue;
    const change = addMonth(sandbox, account, name, nextMonthOf(name, person, provider, before)) ?? touch(name, before);
    sandbox.notify(updated, account.userId, { ...aboutAccount(account), ...change, updatedAt });
  }
  finishTask(sandbox, task, provider.supported);
  notifyRefreshed(sandbox, account, 'SUCCEEDED', provider.supported);
}

/** Sends the event for the end of a refresh. */
export function notifyRefreshed(
  sandbox: Sandbox,
  account: SandboxAccount,
  status: 'SUCCEEDED' | 'FAILED',
  datapoints: DatapointName[] = [],
): void {
  sandbox.notify('ACCOUNT_SYNC_TASK_FINISHED', account.userId, {
    ...aboutSource(account),
    status,
    monitorStatus: account.monitor.status,
    datapoints,
    payload: status === 'SUCCEEDED' ? payloadOf(sandbox, account.id) : null,
  });
}

function addMonth(
  sandbox: Sandbox,
  account: SandboxAccount,
  name: DatapointName,
  next: ReturnType<typeof nextMonthOf>,
) {
  if (!next) return undefined;
  const added = keepItems(sandbox, name, [next.shape], metadataOf(sandbox, account));
  return { count: added.length, updatedFrom: next.from, updatedTo: next.to };
}

function touch(name: DatapointName, items: SandboxItem[]) {
  for (const item of items) {
    const today = item.metadata.itemCreatedAt.slice(0, 10);
    if (name === 'LIABILITIES') item.outstandingBalance = Number(item.outstandingBalance) + 1000;
    else if (name === 'EMPLOYMENTS') item.reportedDate = today;
    else item.remarks = 'Checked again';
  }
  return { updatedIds: items.map(({ id }) => id), count: items.length };
}

function aboutSource({ id, userId, providerId }: SandboxAccount): Shape {
  return { userId, sourceId: id, sourceType: 'ACCOUNT', providers: [providerId] };
}
