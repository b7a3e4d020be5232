import { forget } from './items.ts';
import type { Sandbox } from '../sandbox.ts';

const DAYS = 60;

/** Deletes data that Smile would delete: of accounts and documents, 60 days after they were connected or sent. */
function sweep(sandbox: Sandbox): void {
  const limit = sandbox.now().getTime() - DAYS * 24 * 60 * 60 * 1000;
  const isOver = (since: string | null) => since !== null && Date.parse(since) < limit;
  for (const { id, connectedAt, monitor } of sandbox.state.accounts.values()) {
    // Smile refreshes an account in sync "over months until revocation", and does not mention the 60 days then.
    if (isOver(connectedAt) && monitor.status !== 'ACTIVE') forget(sandbox, id);
  }
  for (const archive of sandbox.state.archives.values()) {
    if (!isOver(archive.createdAt)) continue;
    forget(sandbox, archive.id);
    archive.analysis = null;
  }
}

/** Sweeps before a request, at most once a minute. */
export function sweeper(sandbox: Sandbox): () => void {
  let last = 0;
  return () => {
    const minute = Math.floor(sandbox.now().getTime() / 60_000);
    if (minute !== last) sweep(sandbox);
    last = minute;
  };
}
