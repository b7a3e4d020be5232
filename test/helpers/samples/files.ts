/** Real files, as small as they can be. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import type { FileStore } from '../../../src/record/files/store.ts';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A picture of one pixel, with `after` at its end, which no viewer minds. */
export const png = (after: string | Uint8Array = ''): Buffer => Buffer.concat([PIXEL, Buffer.from(after)]);

/** A white picture with so many pixels, in as few bytes as they can be packed into. */
export function largePng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(type), data]);
    const around = Buffer.alloc(8);
    around.writeUInt32BE(data.length, 0);
    around.writeUInt32BE(crc32(named), 4);
    return Buffer.concat([around.subarray(0, 4), named, around.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // One bit a pixel, in shades of gray.
  head[8] = 1;
  const rows = deflateSync(Buffer.alloc((1 + Math.ceil(width / 8)) * height), { level: 9 });
  const parts = [chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([PIXEL.subarray(0, 8), ...parts]);
}

/** A picture of exactly `bytes` bytes. */
export const pngOf = (bytes: number): Buffer => png(Buffer.alloc(bytes - PIXEL.length));

export const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');

export const pdf = (text = ''): Buffer => Buffer.from(`%PDF-1.4\n%${text}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`); // prettier-ignore

/** A ZIP file with these entries. */
export function zip(entries: Record<string, string | Uint8Array>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(entries)) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(8, 4);
    about.writeUInt32LE(crc32(bytes), 10);
    about.writeUInt32LE(packed.length, 14);
    about.writeUInt32LE(bytes.length, 18);
    about.writeUInt16LE(Buffer.byteLength(name), 22);
    const entry = Buffer.concat([Buffer.from('PK\u0003\u0004'), about, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), about, place, Buffer.from(name)]));
    local.push(entry);
    at += entry.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(local.length, 8);
  end.writeUInt16LE(local.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, ...central, end]);
}

/** The entry of a Word document that names its type. */
export const WORD_TYPES =
  '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>';

/** A Word document, in the order in which Word writes its parts. */
export const docx = (more: Record<string, string | Uint8Array> = {}): Buffer =>
  zip({
    '[Content_Types].xml': WORD_TYPES,
    '_rels/.rels': '<Relationships/>',
    'word/document.xml': '<w:document/>',
    ...more,
  }); // prettier-ignore

/** The stored bytes under `id`; undefined when there are none. Only for small files. */
export const keptBytes = (store: FileStore, id: string): Promise<Buffer | undefined> => store.read(id, 0, 1_000_000);

/** All chunks of a file in one piece. */
export async function joined(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** The names of all that is kept of files under a data folder, halves included and marks of the site left out. */
export function keptIn(folder: string): string[] {
  const files = path.join(folder, 'files');
  try {
    const found = readdirSync(files, { recursive: true, withFileTypes: true });
    return found.filter((entry) => entry.isFile()).map(({ name }) => name).filter((name) => !name.startsWith('site-')).sort();
  } catch {
    return [];
  }
} // prettier-ignore

/** The ids of all files in the store. */
export async function idsIn(store: FileStore): Promise<string[]> {
  const ids: string[] = [];
  for await (const some of store.list()) ids.push(...some);
  return ids;
}

/** Bytes that arrive in these parts. An error cuts them off. */
export async function* inParts(...parts: (Buffer | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield part;
  }
}
