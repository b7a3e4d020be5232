/** The rows of one passage through the form, as a program without a product around it would write them. */
import { newId } from '../../../src/record/ids.ts';

export type Write = [sql: string, values: (string | number | null)[]];

const SUBMISSION =
  'insert into submissions (id, form, version, language, params, answers, created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?)';
const EVENT =
  'insert into events (scope, id, submission_id, name, source, at, received_at, data) values (?, ?, ?, ?, ?, ?, ?, ?)';
const CHANGED = 'insert into result_changes (submission_id) values (?)';
const REMEMBERED = 'insert into idempotency (scope, key, body_hash, response, created_at) values (?, ?, ?, ?, ?)';
const ANSWERS = 'update submissions set answers = ?, updated_at = ? where id = ?';
const SENT =
  'update submissions set answers = ?, reference = ?, ending = ?, outcome = ?, updated_at = ?, submitted_at = ? where id = ?';

const COUNTS = 'form, day, shard, started, connected, submitted, completed, quarantined';
const ADDED = ['started', 'connected', 'submitted', 'completed', 'quarantined'].map((name) => `${name} = tallies.${name} + excluded.${name}`); // prettier-ignore
const counting = (rows: string) =>
  `insert into tallies (${COUNTS}) values ${rows} on conflict (form, day, shard) do update set ${ADDED.join(', ')}`;
const STARTED = counting('(?, ?, ?, ?, 0, 0, 0, 0)');
const SUBMITTED = counting('(?, ?, ?, 0, 0, 1, 1, 0), (?, ?, ?, 0, 0, 1, 0, 0)');

const HASH = 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c';

function event(id: string, name: string, data: object, at: string, now: Date): Write {
  return [EVENT, [id, newId(now), id, name, 'server', at, at, JSON.stringify(data)]];
}

/** The rows and the answer of a request. Transactions that run at the same time count in shards of their own. */
export function handle(
  method: string,
  url: string,
  body: { answers?: Record<string, string> },
  key: string,
): { writes(shard: number): Write[]; status: number; answer: object } {
  const now = new Date();
  const at = now.toISOString();
  if (url === '/api/forms/apply/submissions') {
    const id = newId(now);
    const answer = { id, token: HASH.slice(0, 43), version: 'v1', language: 'en', expiresAt: at };
    const writes = (): Write[] => [
      [SUBMISSION, [id, 'apply', '0123456789abcdef', 'en', '{}', '{}', at, at]],
      event(id, 'started', { language: 'en' }, at, now),
      [REMEMBERED, ['start:apply', key, HASH, JSON.stringify({ id }), at]],
    ];
    return { writes, status: 201, answer };
  }
  const id = url.slice('/api/submissions/'.length, '/api/submissions/'.length + 36);
  if (method === 'PUT') {
    const answers = JSON.stringify(body.answers);
    const answer = { next: { ending: 'done' } };
    const writes = (shard: number): Write[] => [
      [ANSWERS, [answers, at, id]],
      [STARTED, ['apply', '', shard, 1]],
      event(id, 'answersSaved', { screen: 'about', fields: Object.keys(body.answers ?? {}) }, at, now),
      [CHANGED, [id]],
      [REMEMBERED, [id, key, HASH, JSON.stringify(answer), at]],
    ];
    return { writes, status: 200, answer };
  }
  const reference = id.slice(-12);
  const sent = '{"full_name":"Ana 12-345","email":"ana-12-345@example.com","work":"employed","employer":"Acme Rides"}';
  const writes = (shard: number): Write[] => [
    [SENT, [sent, reference, 'done', 'completed', at, at, id]],
    [SUBMITTED, ['apply', '', shard, 'apply', at.slice(0, 10), shard]],
    event(id, 'submitted', { ending: 'done' }, at, now),
    [CHANGED, [id]],
  ];
  return { writes, status: 200, answer: { reference, ending: { id: 'done', title: 'Thank you, Ana' } } };
}
