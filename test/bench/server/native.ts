/** A form that a browser posts whole, beside the passage of three requests that a script makes of it. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createDatabase, type Postgres } from '../../helpers/postgres/postgres.ts';
import { fillIn, nativePost, passage } from './load.ts';
import { APPLY, CONNECTIONS, processorOf, processorOfTree, startOurs } from './servers.ts';

const WAYS = { passage, 'native post': nativePost };
const STORES = ['SQLite', 'PostgreSQL'] as const;

type Way = keyof typeof WAYS;
interface Measured {
  rate: number;
  /** Processor time for one submission, of the server and of PostgreSQL, in microseconds. */
  cpu: number;
  p50: number;
  p99: number;
}

/** @returns by store, the native post beside the passage: the median of the rounds' ratios */
export async function nativePosts(folder: string, postgres: Postgres, rounds: number, seconds: number) {
  const ratios: Record<(typeof STORES)[number], { p99: number; cpu: number }> = {
    SQLite: { p99: NaN, cpu: NaN },
    PostgreSQL: { p99: NaN, cpu: NaN },
  };
  console.log(
    '\n| Store | Way | Submissions a second | Processor each, with PostgreSQL | Half stored in | 99 of 100 |',
  );
  console.log('| --- | --- | ---: | ---: | ---: | ---: |');
  for (const store of STORES) {
    const all: Record<Way, Measured>[] = [];
    const place = path.join(folder, store);
    mkdirSync(place, { recursive: true });
    const url = postgres.url('native');
    if (store === 'PostgreSQL') await createDatabase(url);
    const server = await startOurs(place, { apply: APPLY }, store === 'PostgreSQL' ? { DATABASE_URL: url } : {});
    const cpu = () => processorOf(server.child) + (store === 'PostgreSQL' ? processorOfTree(postgres.pid()) : 0);
    const measure = async (way: Way): Promise<Measured> => {
      const before = cpu();
      const { passages, wholeP50, wholeP99 } = await fillIn(server.port, CONNECTIONS, seconds, WAYS[way]);
      return { rate: passages / seconds, cpu: (cpu() - before) / passages, p50: wholeP50, p99: wholeP99 };
    };
    try {
      for (const way of ['passage', 'native post'] as const) await fillIn(server.port, CONNECTIONS, Math.min(2, seconds), WAYS[way]); // prettier-ignore
      for (let round = 0; round < rounds; round++)
        all.push({ passage: await measure('passage'), 'native post': await measure('native post') });
    } finally {
      await server.stop();
    }
    const middle = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
    for (const way of ['passage', 'native post'] as const) {
      const of = (what: keyof Measured) => middle(all.map((round) => round[way][what]));
      console.log(`| ${store} | ${way} | ${of('rate').toFixed(0)} | ${(of('cpu') / 1_000).toFixed(2)} ms | ${of('p50').toFixed(0)} ms | ${of('p99').toFixed(0)} ms |`); // prettier-ignore
    }
    const ratio = (what: 'p99' | 'cpu') => middle(all.map((round) => round['native post'][what] / round.passage[what]));
    ratios[store] = { p99: ratio('p99'), cpu: ratio('cpu') };
  }
  return ratios;
}
