/** A page that reports that it became visible. */
import type { TestSite } from '../site.ts';
import { send, type ApiResponse } from './client.ts';

export const PHONE = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36'; // prettier-ignore
export const LAPTOP = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0';

/** As `sendBeacon` sends it. */
export const opened = (
  site: Pick<TestSite, 'origin'>,
  slug: string,
  body: unknown = {},
  headers: Record<string, string> = {},
): Promise<ApiResponse> =>
  send(
    site,
    'POST',
    `/api/forms/${slug}/opened`,
    JSON.stringify({ language: 'en', version: 'v', ...(body as object) }),
    {
      'content-type': 'text/plain;charset=UTF-8',
      'user-agent': PHONE,
      'accept-language': 'en-PH,en;q=0.9',
      ...headers,
    },
  );
