import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { ApiException } from '../errors.ts';

const [QUOTE, BACKSLASH, COMMA, LIST, OBJECT, LIST_END, OBJECT_END] = Buffer.from('"\\,[{]}');

/**
 * Returns the same bytes of JSON in UTF-8. Node 24 parses any depth but can't write JSON of many thousand levels.
 * @param maxValues including nested values. To count them costs far less than to parse and validate them
 * @throws ApiException where there are too many levels or values
 */
export function boundedJson(json: Uint8Array, maxValues = Infinity): Uint8Array {
  let depth = 0;
  let values = 1;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at];
    if (byte === QUOTE) inString = !inString;
    else if (inString) at += Number(byte === BACKSLASH);
    else if (byte === COMMA) values++;
    else if (byte === LIST || byte === OBJECT) {
      values++;
      depth++;
    } else if (byte === LIST_END || byte === OBJECT_END) depth--;
    if (values > maxValues) throw refused(`The body has more than ${maxValues} values. Send less at once.`);
    if (depth > MAX_DEPTH) throw refused(`The body has more than ${MAX_DEPTH} levels. Nest it less.`);
  }
  return json;
}

const MAX_DEPTH = SITE_LIMITS.jsonNesting.value;

const refused = (message: string) => new ApiException({ code: 'invalid_request', message });
