/** Parses the body that a browser posts from a form, as it arrives. */
import { MaxPartsExceededError, MultipartParser, type MultipartPart } from '@remix-run/multipart-parser';
import type { PostedFile } from '../../respond/files/posted-files.ts';
import type { MemoryPlace } from '../../site-limits/counting/memory-place.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { ApiException } from '../errors.ts';
import { bytesOf, chunksOf, MAX_BYTES, type RequestContext } from '../body.ts';
import { repairEncoding } from '../../site-limits/repair-encoding.ts';

export interface FormBody {
  entries: [name: string, value: string][];
  files: PostedFile[];
}

export interface FormBodyBounds {
  /** Of the whole body. The texts in it are bounded by `formPostTextBytes` too. */
  maxBytes: number;
  /** Fields and files together. */
  maxParts: number;
}

const lenientUtf8 = new TextDecoder();

/**
 * @param type the `Content-Type`, either of the two that forms are posted as
 * @param reserve called with the number of bytes of each chunk; may throw
 * @param place that the body takes in memory
 * @throws ApiException as soon as the body exceeds a bound, or is not a form
 */
export function parseFormBody(
  c: RequestContext,
  type: string,
  bounds: FormBodyBounds,
  reserve?: (bytes: number) => void,
  place?: MemoryPlace,
): Promise<FormBody> {
  return /^multipart\//i.test(type)
    ? parseParts(c, type, bounds, reserve, place)
    : parseUrlEncoded(c, bounds, reserve, place);
}

async function parseUrlEncoded(
  c: RequestContext,
  { maxBytes, maxParts }: FormBodyBounds,
  reserve?: (bytes: number) => void,
  place?: MemoryPlace,
): Promise<FormBody> {
  const text = lenientUtf8.decode(await bytesOf(c, Math.min(maxBytes, MAX_BYTES.native), reserve, place));
  // Counted before decoding, which takes the longest.
  if (text.split('&', maxParts + 1).length > maxParts) throw tooManyParts(maxParts);
  return { entries: [...new URLSearchParams(repairEncoding(text))], files: [] };
}

async function parseParts(
  c: RequestContext,
  type: string,
  { maxBytes, maxParts }: FormBodyBounds,
  reserve?: (bytes: number) => void,
  place?: MemoryPlace,
): Promise<FormBody> {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s";,]{1,70}))\s*(?:;|$)/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw notAForm();
  const maxHeaderSize = SITE_LIMITS.formPartHeaderBytes.value;
  const parser = new MultipartParser(boundary, { maxParts, maxHeaderSize, maxFileSize: maxBytes, maxTotalSize: maxBytes }); // prettier-ignore
  const body: FormBody = { entries: [], files: [] };
  let textBytes = 0;
  let complete = false;
  for await (const chunk of chunksOf(c, maxBytes, reserve, place)) {
    // The parser throws where the line break after the last boundary arrives alone.
    if (complete || chunk.length === 0) continue;
    try {
      for (const part of parser.write(chunk)) textBytes += addPart(body, part);
    } catch (error) {
      throw error instanceof MaxPartsExceededError ? tooManyParts(maxParts) : notAForm();
    }
    if (textBytes > MAX_BYTES.native) {
      throw new ApiException({
        code: 'too_large',
        message: `The texts of the form are larger than ${MAX_BYTES.native} bytes. Send less.`,
      });
    }
    complete = isComplete(parser);
  }
  if (!complete) throw notAForm();
  return body;
}

/** Adds one part to `body` (HTML standard). Returns its bytes of text. @throws Error where it has no name */
function addPart({ entries, files }: FormBody, part: MultipartPart): number {
  const disposition = part.headers['content-disposition'] ?? '';
  const field = parameterOf(disposition, 'name');
  const name = parameterOf(disposition, 'filename');
  if (!/^form-data\s*;/i.test(disposition) || field === undefined) throw new Error('A part of a form has no name.');
  if (name === undefined) {
    entries.push([field, lenientUtf8.decode(part.bytes)]);
    return part.size;
  }
  // A browser sends a nameless, empty file where none was chosen.
  if (name || part.size) files.push({ field, name, bytes: part.bytes });
  return 0;
}

/** Browsers encode the three characters that would end a quoted value, and nothing else. */
function parameterOf(disposition: string, name: 'name' | 'filename'): string | undefined {
  const value = new RegExp(`;\\s*${name}="([^"]*)"`, 'i').exec(disposition)?.[1];
  return value?.replace(/%(0A|0D|22)/gi, (code) => decodeURIComponent(code));
}

/** Whether the parser has read the last boundary. `finish` throws where it has not. */
function isComplete(parser: MultipartParser): boolean {
  try {
    parser.finish();
    return true;
  } catch {
    return false;
  }
}

const notAForm = () => new ApiException({ code: 'invalid_request', message: 'The body is not a valid form.' });

const tooManyParts = (maxParts: number) =>
  new ApiException({
    code: 'too_large',
    message: `The form has more than ${maxParts} fields and files. Send it from its own page.`,
  });
