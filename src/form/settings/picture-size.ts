/** The number of pixels of a picture, from its first bytes. A small file can unpack to gigabytes in a browser. */

/**
 * The number of pixels in a PNG, JPEG or WebP file (PNG, 11.2.1; ITU T.81, B.2.2; RFC 9649, 2.5 to 2.7). Undefined if its
 * first bytes don't have it.
 */
export function countPixels(start: Buffer): number | undefined {
  const [width, height] = pngSize(start) ?? jpegSize(start) ?? webpSize(start) ?? [0, 0];
  return width > 0 && height > 0 ? width * height : undefined;
}

type Size = [width: number, height: number] | undefined;

function pngSize(start: Buffer): Size {
  if (start.length < 24 || start.toString('latin1', 0, 16) !== '\x89PNG\r\n\x1a\n\0\0\0\rIHDR') return undefined;
  return [start.readUInt32BE(16), start.readUInt32BE(20)];
}

/** Reads marker after marker to the one with the size. Each has a length and at least two bytes. */
function jpegSize(start: Buffer): Size {
  if (start.length < 2 || start.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= start.length;) {
    const marker = start[at + 1] ?? 0;
    if (start[at] !== 0xff || marker === 0xd9 || marker === 0xda) return undefined;
    // More bytes of 0xff can come before a marker.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return [start.readUInt16BE(at + 7), start.readUInt16BE(at + 5)];
    else at += 2 + Math.max(2, start.readUInt16BE(at + 2));
  }
  return undefined;
}

function webpSize(start: Buffer): Size {
  const text = start.toString('latin1', 0, 16);
  if (start.length < 30 || !text.startsWith('RIFF') || text.slice(8, 12) !== 'WEBP') return undefined;
  const bits = start.readUInt32LE(21);
  switch (text.slice(12)) {
    case 'VP8 ':
      return [start.readUInt16LE(26) & 0x3fff, start.readUInt16LE(28) & 0x3fff];
    case 'VP8L':
      return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    case 'VP8X':
      return [start.readUIntLE(24, 3) + 1, start.readUIntLE(27, 3) + 1];
    default:
      return undefined;
  }
}
