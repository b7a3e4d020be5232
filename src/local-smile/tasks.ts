import type { DatapointName } from './datapoints.ts';
import { newId, timestamp } from './ids.ts';
import type { Metadata, Task } from './state.ts';
import type { World } from './world.ts';

/** Starts a job in the background, of which `GET /tasks` tells. */
export function startTask(world: World, type: Task['type'], metadata: Metadata): Task {
  const task: Task = {
    id: newId('task'),
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

export function finishTask(world: World, task: Task, datapoints: DatapointName[]): void {
  task.status = 'Finished';
  task.finishedAt = timestamp(world.now());
  task.datapoints = datapoints;
}
