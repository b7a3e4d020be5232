/** A file that breaks in the middle while it is read, such as on a broken disk. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { SITE_LIMITS } from '../../../src/site-limits/site-limits.ts';
import { begin, eventually, send } from '../../helpers/api/client.ts';
import { PAPERS } from '../../helpers/api/papers.ts';
import { pdf } from '../../helpers/samples/files.ts';
import { removeFolder } from '../../helpers/site.ts';
import { kill, serve } from '../serve.ts';

it('has a line of JSON in the log for each read, and only so many a minute', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-broken-'));
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'papers.yaml'), PAPERS);
  const server = await serve(folder, { LOG_LEVEL: 'warn' });
  try {
    let output = '';
    server.child.stdout?.on('data', (text) => (output += text));
    const draft = await begin(server, 'papers');
    await draft.put('about', { full_name: 'Boss' });
    const files = `/api/submissions/${draft.id}/files`;
    const { body: file } = await send(
      server,
      'POST',
      `${files}?field=contract`,
      pdf('x'.repeat(900_000)),
      draft.headers,
    );
    const stored = path.join(folder, 'data', 'files', String(file.id).slice(-2), String(file.id));
    const bytes = readFileSync(stored);
    writeFileSync(stored, bytes.fill(0, bytes.length - 1));

    const most = SITE_LIMITS.failedRequestsInLogPerMinute.value;
    const read = () => fetch(`${server.origin}${files}/${file.id}`, { headers: draft.headers });
    for (let reads = 0; reads < most + 20; reads++)
      await expect(read().then((response) => response.arrayBuffer())).rejects.toThrow();
    await eventually(async () => output.split('\n').length > most);

    const lines = output.trim().split('\n').map((line) => JSON.parse(line) as { msg: string }); // prettier-ignore
    expect(new Set(lines.map(({ msg }) => msg))).toEqual(new Set(['A library reported an error']));
    // Some more are due while the minute passes.
    expect(lines.length).toBeLessThan(most + 10);
  } finally {
    await kill(server.child);
    removeFolder(folder);
  }
});
