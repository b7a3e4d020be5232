/** `npm run crash [-- --servers 200 --together 20 --databases 20]`: two hundred crashes of the server on SQLite; of one of two servers on PostgreSQL, and of PostgreSQL itself, twenty each. */
import { parseArgs } from 'node:util';
import { createDatabase, startPostgres } from '../../helpers/postgres/postgres.ts';
import { crash, type Counted } from './crash-run.ts';

const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '200' },
    databases: { type: 'string', default: '20' },
    together: { type: 'string', default: '20' },
  },
});
const tell = (line: string) => process.stdout.write(`\r${line}   `);
const report = (name: string, { acknowledged, deliveries, lost, duplicated }: Counted) => {
  console.log(`\n${name}: ${acknowledged.submissions} submissions and ${acknowledged.events} events acknowledged, ${lost.length} lost, ${duplicated.length} duplicated`); // prettier-ignore
  console.log(
    `  ${deliveries.arrived} deliveries arrived, ${deliveries.again} of them again because their server died while it sent them`,
  );
  for (const one of [...lost, ...duplicated].slice(0, 20)) console.log(`  ${one}`);
  if (lost.length || duplicated.length) process.exitCode = 1;
};

const servers = Number(values.servers);
report(`SQLite, the server killed ${servers} times`, await crash({ servers, people: 32, tell }));

const server = await startPostgres({ durable: true });
try {
  const url = server.url('crash');
  await createDatabase(url);
  const databases = Number(values.databases);
  const half = Number(values.together);
  report(
    `PostgreSQL with two servers, one of them killed ${half} times, the database ${databases} times`,
    await crash({ servers: half, databases, people: 32, together: 2, postgres: { server, url }, tell }),
  );
} finally {
  await server.stop();
}
