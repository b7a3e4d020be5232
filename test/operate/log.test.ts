/** Values that the log leaves out. */
import { expect, it } from 'vitest';
import { createLog } from '../../src/operate/log.ts';
import { StoreFault } from '../../src/record/db/fault.ts';

it('leaves out the values of a row that PostgreSQL refused, and every value with the name of a secret', () => {
  let lines = '';
  const log = createLog('info', { write: (line) => void (lines += line) });
  const refused = Object.assign(new Error('null value in column "language"'), {
    code: '23502',
    detail: 'Failing row contains (7, {"full_name":"Hidden Name"}).',
    where: 'unnamed portal with parameters: $1 = Hidden Name',
  });
  log.error({ err: refused, method: 'POST' }, 'A request failed');
  log.error({ err: new StoreFault('gone', refused) }, 'A request failed');
  log.warn({ token: 'hidden-token', headers: { authorization: 'Bearer hidden-token' } }, 'odd');
  expect(lines).not.toMatch(/Hidden Name|hidden-token/);
  expect(lines).toContain('23502');
  expect(lines).toContain('The database cannot be reached');
});
