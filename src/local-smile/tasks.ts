import type { DatapointName } from './datapoints.ts';
import { newSandboxId, timestamp } from './ids.ts';
import type { Metadata, Task } from './state.ts';
import type { Sandbox } from './sandbox.ts';

/** Starts a job in the background, of which `GET /tasks` tells. */
export function startTask(world: Sandbox, type: Task['type'], metadata: Metadata): Task {
  const task: Task = {
    id: newSandboxId('task'),
    type,
    startedAt: timestamp(world.now()),
    finishedAt: null,
    status: 'Started',
    datapoints: [],
    metadata,
  };
  world.state.tasks.set(task.id, task);
  return task;
}

export function finishTask(world: Sandbox, task: Task, datapoints: DatapointName[]): void {
  task.status = 'Finished';
  task.finishedAt = timestamp(world.now());
  task.datapoints = datapoints;
}
