import type { DatapointName } from '../invented/datapoints.ts';
import { newSandboxId, timestamp } from './ids.ts';
import type { Metadata, Task } from './state.ts';
import type { Sandbox } from '../sandbox.ts';

/** Starts a background job, which `GET /tasks` lists. */
export function startTask(sandbox: Sandbox, type: Task['type'], metadata: Metadata): Task {
  const task: Task = {
    id: newSandboxId('task'),
    type,
    startedAt: timestamp(sandbox.now()),
    finishedAt: null,
    status: 'Started',
    datapoints: [],
    metadata,
  };
  sandbox.state.tasks.set(task.id, task);
  return task;
}

export function finishTask(sandbox: Sandbox, task: Task, datapoints: DatapointName[]): void {
  task.status = 'Finished';
  task.finishedAt = timestamp(sandbox.now());
  task.datapoints = datapoints;
}
