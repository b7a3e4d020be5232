import { SITE_LIMITS } from '../site-limits/site-limits.ts';
import { Refused } from './errors.ts';

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN, CLOSE] = [new Set([0x5b, 0x7b]), new Set([0x5d, 0x7d])];

/**
 * The same bytes of JSON in UTF-8. Throws a refusal when their arrays and objects are nested too deeply: Node 24 reads any
 * depth and can write only some thousand levels, so such a body could be stored nowhere.
 */
export function notTooDeep(json: Uint8Array): Uint8Array {
  let depth = 0;
  let inText = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) inText = !inText;
    else if (inText) at += byte === BACKSLASH ? 1 : 0;
    else if (OPEN.has(byte)) depth++;
    else if (CLOSE.has(byte)) depth--;
    if (depth > SITE_LIMITS.jsonNesting.value)
      throw new Refused({
        code: 'invalid_request',
        message: `The body is nested deeper than ${SITE_LIMITS.jsonNesting.value} levels.`,
      });
  }
  return json;
}
