/** The server is killed while files arrive: each acknowledged file is there, and nothing is left of the others. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { keptIn, pdf, pngOf } from '../../helpers/samples/files.ts';
import { removeFolder } from '../../helpers/site.ts';
import { begin, draftOf, eventually, send } from '../../helpers/api/client.ts';
import { KB, PAPERS } from '../../helpers/api/papers.ts';
import { kill, serve } from '../serve.ts';

it('keeps the files it acknowledged, and nothing of one that it was receiving', { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-crash-'));
  const data = path.join(folder, 'data');
  mkdirSync(path.join(folder, 'forms'));
  writeFileSync(path.join(folder, 'forms', 'papers.yaml'), PAPERS);
  const first = await serve(folder);
  const draft = await begin(first, 'papers');
  await draft.put('about', { full_name: 'Ana' });
  const files = `/api/submissions/${draft.id}/files`;
  const { body: file } = await send(first, 'POST', `${files}?field=cv`, pdf('kept'), draft.headers);

  const socket = connect(Number(new URL(first.origin).port), '127.0.0.1');
  socket.on('error', () => undefined);
  const head = `POST ${files}?field=cv HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${draft.token}\r\ncontent-length: ${90 * KB}\r\n\r\n`;
  socket.write(Buffer.concat([Buffer.from(head), pngOf(90 * KB).subarray(0, 80 * KB)]));
  await eventually(async () => keptIn(data).some((name) => name.endsWith('.part')));
  await kill(first.child);
  socket.destroy();
  expect(keptIn(data)).toHaveLength(2);

  const second = await serve(folder);
  expect(keptIn(data)).toEqual([file.id]);
  const again = draftOf(second, draft);
  expect((await send(second, 'GET', files, undefined, draft.headers)).body.items).toEqual([{ ...file, field: 'cv' }]);
  expect((await send(second, 'GET', `${files}/${file.id}`, undefined, draft.headers)).text).toBe(
    pdf('kept').toString(),
  );
  await again.put('papers', { cv: [file.id] });
  expect((await again.post('submit')).status).toBe(200);
  await kill(second.child);
  removeFolder(folder);
});
