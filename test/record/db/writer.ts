/**
 * Writes to the database named by its argument until it is killed. It prints each id once the database has confirmed
 * it.
 */
import { writeSync } from 'node:fs';
import { openDatabase } from '../../../src/record/db/database.ts';
import { appendEvents } from '../../../src/record/events.ts';
import { createSubmission } from '../../../src/record/submissions/submissions.ts';

const db = await openDatabase(process.argv[2] ?? '');
for (;;) {
  const now = new Date();
  const id = await db.transaction(async (trx) => {
    const submission = await createSubmission(trx, { form: 'driver', version: 'v1', language: 'en', params: {}, now });
    const at = now.toISOString();
    const event = { id: '1', submissionId: submission.id, smileUserId: null, at, receivedAt: at, data: {} };
    await appendEvents(trx, [{ ...event, name: 'started', source: 'server' }]);
    return submission.id;
  });
  writeSync(1, `${id}\n`);
}
