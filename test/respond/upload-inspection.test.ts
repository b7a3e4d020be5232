/** The type of a sent file is found without work that its sender chooses, and in turns. */
import { setImmediate as otherWork } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { inspectUpload } from '../../src/respond/files/upload-inspection.ts';
import { answerAs } from '../../src/site-limits/counting/current-client.ts';
import { docx, pdf, WORD_TYPES, zip } from '../helpers/samples/files.ts';

const image = { maxBytes: 1_000_000, maxFiles: 1, types: ['image/png', 'application/pdf'] };

it.each([
  ['a ZIP', zip({ '[Content_Types].xml': Buffer.alloc(1_000_000, ' ') })],
  ['a Word document', docx()],
  ['a gzip file', gzipSync(Buffer.alloc(1_000_000))],
])('%s is not inflated for a field that takes no compressed files', async (_kind, bytes) => {
  const inflate = vi.spyOn(globalThis, 'DecompressionStream');
  expect(await inspectUpload([bytes], image)).toEqual({ problem: 'type' });
  expect(inflate).not.toHaveBeenCalled();
});

const document = { ...image, types: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'] };

it.each([
  ['an entry that is large when it is unpacked', zip({ '[Content_Types].xml': WORD_TYPES.padEnd(1_000_000) })],
  ['such an entry under the other name', zip({ mimetype: document.types[0]!.padEnd(1_000_000) })],
  ['such an entry behind a byte order mark', zip({ '\ufeffmimetype': document.types[0]!.padEnd(1_000_000) })],
])('%s is not inflated by the library', async (_kind, bytes) => {
  const inflate = vi.spyOn(globalThis, 'DecompressionStream');
  expect(await inspectUpload([bytes], document)).toEqual({ problem: 'type' });
  expect(inflate).not.toHaveBeenCalled();
});

it('of entries that all name the rest of the file as their name, no name is decoded more than once', async () => {
  const decode = vi.spyOn(TextDecoder.prototype, 'decode');
  const head = Buffer.alloc(30);
  head.write('PK\u0003\u0004', 'latin1');
  head.writeUInt16LE(65_535, 26);
  const file = Buffer.concat([...Array.from({ length: 90 }, () => head), Buffer.alloc(60_000, 0xc3)]);
  expect(await inspectUpload([file], document)).toEqual({ problem: 'type' });
  const decoded = decode.mock.calls.reduce((sum, [bytes]) => sum + (bytes?.byteLength ?? 0), 0);
  expect(decoded).toBeLessThanOrEqual(file.length);
});

it('of a file that begins like none of the field, no more is read', async () => {
  const tags = Buffer.concat([Buffer.from('ID3\u0003\0\0\0\0\0\0', 'latin1'), pdf()]);
  expect(await inspectUpload([tags], image)).toEqual({ problem: 'type' });
});

it('other requests are answered between two files of one client, and each client has its turn', async () => {
  const inspected: string[] = [];
  const inspect = (client: string) =>
    answerAs(client, async () => {
      await inspectUpload([pdf()], image);
      inspected.push(client);
    });
  const clients = [...Array.from({ length: 20 }, () => 'many'), 'one'];
  const all = Promise.all(clients.map(inspect));
  let rounds = 0;
  while (inspected.length < clients.length) {
    await otherWork();
    rounds++;
  }
  await all;
  expect(inspected.indexOf('one')).toBeLessThan(3);
  expect(rounds).toBeGreaterThan(clients.length);
});
