/** `npm run flood [-- SECONDS]`: five minutes of flood against a server with 1 GB of heap and its limits on. */
import { flood } from './flood-run.ts';

const HEAP_MB = 1_024;
const TOGETHER = 32;
const seconds = Number(process.argv[2] ?? 300);
if (!(seconds > 0)) throw new Error('Say for how many seconds: npm run flood -- 60');

const { answers, saves, failed, memory, rows, eventBytes, databaseBytes, exits } = await flood({ seconds, heapMb: HEAP_MB, together: TOGETHER }); // prettier-ignore
const mb = (bytes: number) => `${(bytes / 1_048_576).toFixed(1)} MB`;
const ms = (at: number) => `${Math.round(saves[Math.min(Math.floor(saves.length * at), saves.length - 1)] ?? 0)} ms`;
console.log(`Flooded for ${seconds} s by ${TOGETHER} attackers at once, with --max-old-space-size=${HEAP_MB} and limits on.`); // prettier-ignore
console.log(`  Answers to the attackers: ${Object.entries(answers).map(([status, count]) => `${status} ${count}×`).join(', ')}`); // prettier-ignore
console.log(`  Other people's saves: ${saves.length}, ${failed} failed, median ${ms(0.5)}, p99 ${ms(0.99)}, slowest ${ms(1)}`); // prettier-ignore
console.log(`  Most memory of the server: ${memory ? mb(memory) : 'this system does not say'}`);
console.log(
  `  Stored: ${Object.entries(rows)
    .map(([table, count]) => `${count} ${table}`)
    .join(', ')}`,
);
console.log(`  Data of events: ${mb(eventBytes)}. Database: ${mb(databaseBytes)}`);
console.log(`  The server and the one started after it ended with exit codes ${exits.join(' and ')}`);
if (failed || exits.some((code) => code !== 0)) process.exitCode = 1;
