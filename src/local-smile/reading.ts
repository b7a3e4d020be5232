import { datapoint, type DatapointName } from './datapoints.ts';
import { historyOf, nextMonthOf } from './fixtures.ts';
import { timestamp } from './ids.ts';
import { itemsOf, keepItems, payloadOf } from './items.ts';
import type { SandboxPerson } from './people.ts';
import type { SandboxProvider } from './providers.ts';
import { aboutAccount, metadataOf } from './sources.ts';
import type { SandboxAccount, SandboxItem, Shape } from './state.ts';
import { finishTask, startTask } from './tasks.ts';
import type { Sandbox } from './sandbox.ts';

/** Reads a freshly connected account, which takes `taskDelayMs`, and tells of each step. */
export function readAccount(
  world: Sandbox,
  account: SandboxAccount,
  provider: SandboxProvider,
  person: SandboxPerson,
): void {
  const { userId } = account;
  const task = startTask(world, 'LINK_ACCOUNT', metadataOf(world, account));
  const aboutTask = { ...aboutSource(account), taskType: task.type };
  world.notify('TASK_STARTED', userId, aboutTask);

  account.cancel = world.schedule.later(world.settings.taskDelayMs, () => {
    for (const [name, shapes] of historyOf(person, provider, world.now())) {
      const items = keepItems(world, name, shapes, metadataOf(world, account));
      const { event, one } = datapoint(name);
      const added = one ? { [one]: items[0]?.id } : { count: items.length };
      world.notify(event, userId, { ...aboutAccount(account), ...added });
    }
    finishTask(world, task, provider.supported);
    world.notify('TASK_FINISHED', userId, {
      ...aboutTask,
      status: 'SUCCEEDED',
      errorCode: null,
      datapoints: task.datapoints,
      payload: payloadOf(world, account.id),
    });
  });
}

/**
 * One refresh of an account that is kept in sync (Smile, Continuous Data Sync): what comes by the month has one month
 * more, the rest has changed a little; each change is told, and then that it is finished.
 */
export function refreshAccount(
  world: Sandbox,
  account: SandboxAccount,
  provider: SandboxProvider,
  person: SandboxPerson,
): void {
  const task = startTask(world, 'UPDATE_ACCOUNT', metadataOf(world, account));
  const updatedAt = timestamp(world.now());
  for (const name of provider.supported) {
    const { updated } = datapoint(name);
    const before = itemsOf(world, account.id, name);
    if (!updated || before.length === 0) continue;
    const change = addMonth(world, account, name, nextMonthOf(name, person, provider, before)) ?? touch(name, before);
    world.notify(updated, account.userId, { ...aboutAccount(account), ...change, updatedAt });
  }
  finishTask(world, task, provider.supported);
  tellRefreshed(world, account, 'SUCCEEDED', provider.supported);
}

/** Tells how a refresh ended. */
export function tellRefreshed(
  world: Sandbox,
  account: SandboxAccount,
  status: 'SUCCEEDED' | 'FAILED',
  datapoints: DatapointName[] = [],
): void {
  world.notify('ACCOUNT_SYNC_TASK_FINISHED', account.userId, {
    ...aboutSource(account),
    status,
    monitorStatus: account.monitor.status,
    datapoints,
    payload: status === 'SUCCEEDED' ? payloadOf(world, account.id) : null,
  });
}

function addMonth(world: Sandbox, account: SandboxAccount, name: DatapointName, next: ReturnType<typeof nextMonthOf>) {
  if (!next) return undefined;
  const added = keepItems(world, name, [next.shape], metadataOf(world, account));
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
