/**
 * `npm run flood [-- SECONDS --database sqlite | postgresql]`: five minutes of flood against a server with 1 GB of heap and its
 * limits on. PostgreSQL is one of its own, that flushes to the disk.
 */
import { parseArgs } from 'node:util';
import { createDatabase, startPostgres } from '../../helpers/postgres/postgres.ts';
import { flood } from './flood-run.ts';

const HEAP_MB = 1_024;
const TOGETHER = 32;
const { positionals, values } = parseArgs({ allowPositionals: true, options: { database: { type: 'string', default: 'sqlite' } } }); // prettier-ignore
const seconds = Number(positionals[0] ?? 300);
if (!(seconds > 0)) throw new Error('Say for how many seconds: npm run flood -- 60');
if (!['sqlite', 'postgresql'].includes(values.database)) throw new Error('--database is sqlite or postgresql.');
const postgres = values.database === 'postgresql' ? await startPostgres({ durable: true }) : undefined;
const databaseUrl = postgres?.url('flood');
if (databaseUrl) await createDatabase(databaseUrl);

const { answers, before, saves, failed, processorMs, memory, rows, eventBytes, databaseBytes, exits } = await flood({ seconds, heapMb: HEAP_MB, together: TOGETHER, databaseUrl }).finally(() => postgres?.stop()); // prettier-ignore
const mb = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MB`;
const ms = (times: number[], at: number) => `${Math.round(times[Math.min(Math.floor(times.length * at), times.length - 1)] ?? 0)} ms`; // prettier-ignore
const asked = Object.values(answers).reduce((sum, count) => sum + count, 0);
console.log(`Flooded for ${seconds} s by ${TOGETHER} attackers at once, with --max-old-space-size=${HEAP_MB}, limits on and ${values.database}.`); // prettier-ignore
console.log(`  Answers to the attackers: ${Object.entries(answers).map(([status, count]) => `${status} ${count}×`).join(', ')}`); // prettier-ignore
console.log(`  Other people's saves: ${saves.length}, ${failed} failed, median ${ms(saves, 0.5)}, p99 ${ms(saves, 0.99)}, slowest ${ms(saves, 1)}; before the flood median ${ms(before, 0.5)}, slowest ${ms(before, 1)}`); // prettier-ignore
console.log(`  Processor time of the server: ${processorMs} ms, ${(processorMs / asked).toFixed(1)} ms a request of the attackers`); // prettier-ignore
console.log(`  Most memory of the server: ${memory ? mb(memory) : 'this system does not say'}`);
console.log(
  `  Stored: ${Object.entries(rows)
    .map(([table, count]) => `${count} ${table}`)
    .join(', ')}`,
);
console.log(`  Data of events: ${mb(eventBytes)}. Database: ${mb(databaseBytes)}`);
console.log(`  The server and the one started after it ended with exit codes ${exits.join(' and ')}`);
// Other people notice a second.
const isQuick = (saves.at(-1) ?? Infinity) < 1_000;
console.log(`  The slowest save of others takes less than a second: ${isQuick ? 'yes' : 'NO'}`);
if (failed || !isQuick || exits.some((code) => code !== 0)) process.exitCode = 1;
