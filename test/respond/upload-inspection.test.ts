/** The type of a sent file is found without work that its sender chooses. */
import { gzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import { inspectUpload } from '../../src/respond/files/upload-inspection.ts';
import { docx, zip } from '../helpers/samples/files.ts';

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
