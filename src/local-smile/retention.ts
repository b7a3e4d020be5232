import { forget } from './items.ts';
import type { Sandbox } from './sandbox.ts';

const DAYS = 60;

/** Deletes what Smile keeps no longer: the data of accounts and documents, 60 days after they were connected or sent. */
function sweep(world: Sandbox): void {
  const limit = world.now().getTime() - DAYS * 24 * 60 * 60 * 1000;
  const isOver = (since: string | null) => since !== null && Date.parse(since) < limit;
  for (const { id, connectedAt, monitor } of world.state.accounts.values()) {
    // Smile refreshes an account that it keeps in sync "over months until revocation", and says nothing of the 60 days then.
    if (isOver(connectedAt) && monitor.status !== 'ACTIVE') forget(world, id);
  }
  for (const archive of world.state.archives.values()) {
    if (!isOver(archive.createdAt)) continue;
    forget(world, archive.id);
    archive.analysis = null;
  }
}

/** Sweeps before a request, when the minute is another one than the last time. */
export function sweeper(world: Sandbox): () => void {
  let last = 0;
  return () => {
    const minute = Math.floor(world.now().getTime() / 60_000);
    if (minute !== last) sweep(world);
    last = minute;
  };
}
