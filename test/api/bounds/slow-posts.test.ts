/** Forms that a browser posts slowly. */
import { expect, it } from 'vitest';
import type { RequestContext } from '../../../src/api/body.ts';
import { parseFormBody } from '../../../src/api/html/form-body.ts';

it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'a slow %s loses its place in memory when others need it',
  async (type) => {
    const taken = new AbortController();
    let waits = 0;
    // Another body needs the place while the sender is silent.
    const place = { waits: () => void (++waits === 2 && taken.abort()), moved: () => undefined, signal: taken.signal };
    async function* body() {
      yield Buffer.from('--x\r\n');
      await new Promise(() => undefined);
    }
    const header = (name: string) => ({ 'content-length': '200000' })[name];
    const c = { req: { header, raw: { body: body() } } } as unknown as RequestContext;
    const parsing = parseFormBody(c, type, { maxBytes: 1_000_000, maxParts: 10 }, () => undefined, place);
    const refused = expect(parsing).rejects.toMatchObject({ error: { code: 'too_slow' } });
    await expect.poll(() => waits).toBe(2);
    await refused;
  },
);
