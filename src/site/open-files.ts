/**
 * How many connections fit into the number of files that the system lets a process have open. Each connection is one, and the
 * file that a person sends on it is another. If none is left, the next answer to a question whose `pattern` may be slow ends the
 * process, because Node needs some to bound the time of a match.
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
