/** The passage of three requests by the fast path and by Hono's routes, on one server in turns. */
import { fillIn, passage, type Way } from './load.ts';
import { APPLY, CONNECTIONS, processorOf, startOurs } from './servers.ts';

/** With a query, the fast path leaves a request to the routes. */
const routed: Way = (request, who, port) =>
  passage((method, path, body, headers) => request(method, `${path}?`, body, headers), who, port);

const WAYS = { 'fast path': passage, routes: routed };

/**
 * @param seconds of each turn
 * @returns the processor time of one request by the fast path, beside one by the routes: the median of the rounds
 */
export async function fastPath(folder: string, rounds: number, seconds: number): Promise<number> {
  const server = await startOurs(folder, { apply: APPLY }, {});
  const measure = async (way: Way) => {
    const before = processorOf(server.child);
    const { passages } = await fillIn(server.port, CONNECTIONS, seconds, way);
    return { rate: passages / seconds, cpu: (processorOf(server.child) - before) / (passages * 3) };
  };
  const turns: Record<keyof typeof WAYS, Awaited<ReturnType<typeof measure>>>[] = [];
  try {
    for (const way of Object.values(WAYS)) await fillIn(server.port, CONNECTIONS, seconds, way);
    for (let round = 0; round < rounds; round++)
      turns.push({ 'fast path': await measure(passage), routes: await measure(routed) });
  } finally {
    await server.stop();
  }
  const middle = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  console.log('\n| Way | Passages a second | Processor per request |\n| --- | ---: | ---: |');
  for (const way of ['fast path', 'routes'] as const) {
    const of = (value: 'rate' | 'cpu') => middle(turns.map((turn) => turn[way][value])).toFixed(0);
    console.log(`| ${way} | ${of('rate')} | ${of('cpu')} µs |`);
  }
  const ratios = turns.map((turn) => turn['fast path'].cpu / turn.routes.cpu);
  console.log(`Ratios: ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`);
  return middle(ratios);
}
