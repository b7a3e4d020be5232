/**
 * How many connections fit into the number of files that the system lets a process have open. Each connection is one, and the
 * file that a person sends on it is another. Without any left, Node ends the process where it matches a pattern in a bounded time.
 */
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

/** For the files of the database, connections to PostgreSQL, to Smile and to receivers of webhooks. */
const OTHER_FILES = 300;

/** @param openFiles how many files the process may have open; Infinity where there is no limit */
export const connectionsWithin = (openFiles: number): number =>
  Math.min(SITE_LIMITS.connections.value, Math.floor(Math.max(openFiles - OTHER_FILES, openFiles / 2) / 2));

/** How many files this process may have open. Infinity where the system does not say. Node raises it as far as it may. */
export function openFilesAllowed(): number {
  const { report } = process;
  // Looking up the names of the connections would take seconds.
  Object.assign(report, { excludeNetwork: true });
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const allowed = Number(userLimits?.open_files?.soft);
  return allowed > 0 ? allowed : Infinity;
}
