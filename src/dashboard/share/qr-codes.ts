/** QR codes of addresses, as SVG and as PNG, in a color of the brand where every phone still reads it. */
import { crc32, deflateSync } from 'node:zlib';
import { encode, renderSVG } from 'uqr';
import { brandColors } from '../../form/settings/brand.ts';

/** It stays readable with a seventh of it missing, and has the margin of ISO/IEC 18004. */
const QR = { ecc: 'M', border: 4 } as const;

const BLACK = '#000000';

/** The color of a code: that of the brand if it is as dark on white as text has to be, or else black. */
export function qrColor(brand: string | undefined): string {
  return brand !== undefined && !brandColors(brand).adjusted ? brand : BLACK;
}

/** A QR code as SVG. On white in dark mode too. */
export const qrSvg = (address: string, color = BLACK): string =>
  renderSVG(address, { ...QR, blackColor: color }).replace(
    '<svg ',
    '<svg role="img" aria-label="QR code of the link" ',
  );

/** Pixels of the side of a small square of the code: a code of an address is about 600 pixels wide, enough for a poster. */
const PIXELS = 16;

/** A QR code as a PNG with two colors. */
export function qrPng(address: string, color = BLACK): Buffer {
  const { data, size } = encode(address, QR);
  const width = size * PIXELS;
  const rows = data.flatMap((modules) => {
    const row = Buffer.alloc(1 + Math.ceil(width / 8));
    for (let x = 0; x < width; x++) if (modules[Math.floor(x / PIXELS)]) row[1 + (x >> 3)]! |= 0x80 >> (x & 7);
    return Array.from({ length: PIXELS }, () => row);
  });
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16)) as [number, number, number];
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(width, 4);
  // One bit a pixel, which names one of the colors in the palette (PNG, 11.2.2).
  header.set([1, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', header),
    pngChunk('PLTE', Buffer.from([255, 255, 255, red, green, blue])),
    pngChunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A part of a PNG with its length, its name and a checksum (PNG, 5.3). */
function pngChunk(name: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}
