/** A form's submissions as a file. */
import type { Database } from '../record/database.ts';
export async function downloadCsv(_db: Database, _slug: string, _now: Date): Promise<Response | undefined> {
  return undefined;
}
