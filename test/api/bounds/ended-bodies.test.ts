/** Many bodies that end at the same moment. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { SMALL_BODY_BYTES } from '../../../src/api/body.ts';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { DRIVER, eventually, openSmallSite } from '../../helpers/api/client.ts';
import type { TestSite } from '../../helpers/site.ts';

let site: TestSite;
beforeAll(async () => {
  site = await openSmallSite({ forms: { driver: DRIVER } });
});
afterAll(() => site.close());

/** The database has `{}` without a space. */
const TOP = 'POST /api/forms/driver/submissions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';

const spaces = ' '.repeat(SMALL_BODY_BYTES);

it.each([
  ['small', '{ }'],
  ['large', `{${spaces}}`],
])('%s bodies are read in turns', async (_, body) => {
  const most = SITE_LIMITS.requestsPerTurn.value;
  let answers = 0;
  const sockets = Array.from({ length: 5 * most }, () =>
    connect(site.port, '127.0.0.1').on('data', (data) => (answers += String(data).split('HTTP/1.1 201').length - 1)),
  );
  const beginning = `${TOP}content-length: ${body.length}\r\n\r\n${body.slice(0, -1)}`;
  for (const socket of sockets) socket.write(beginning);
  await new Promise((later) => setTimeout(later, 200));
  let turn = 0;
  let immediate = setImmediate(function next() {
    turn += 1;
    immediate = setImmediate(next);
  });
  const parsedIn: number[] = [];
  const { parse } = JSON;
  const spy = vi.spyOn(JSON, 'parse').mockImplementation((text, reviver) => {
    if (text === body) parsedIn.push(turn);
    return parse(text, reviver) as unknown;
  });

  for (const socket of sockets) socket.write('}');
  await eventually(async () => answers === sockets.length);

  clearImmediate(immediate);
  spy.mockRestore();
  for (const socket of sockets) socket.destroy();
  expect(parsedIn).toHaveLength(sockets.length);
  const inTurns = Map.groupBy(parsedIn, (one) => one);
  expect(Math.max(...[...inTurns.values()].map(({ length }) => length))).toBeLessThanOrEqual(2 * most);
});
