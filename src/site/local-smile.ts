/** Mounts local Smile in the site: its address, its keys, its webhook to the site. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createMemoryBudget } from '../api/bounds/memory-budget.ts';
import { ApiException } from '../api/errors.ts';
import { createLocalSmile, MAX_BODY_BYTES, type LocalSmile } from '../local-smile/local-smile.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

/** The path under which local Smile answers. */
export const LOCAL_SMILE = '/local-smile';

/** Random keys: everyone who reaches the site reaches local Smile too. */
export const LOCAL_KEYS = { apiKey: randomUUID(), apiSecret: randomUUID() };

export interface MountedLocalSmile {
  /** Answers a request. `path` is the one below the mount, such as `/v1/users`. */
  answer(request: Request, path: string, incoming: IncomingMessage): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Mounts local Smile in the site.
 * @param self an origin of the site on this machine
 * @param secret signs the webhooks of local Smile
 * @param publicUrl the address of the site, which may have a path. The control panel appears only if this is on this
 * machine, or not set
 */
export function mountLocalSmile(self: string, secret: string, publicUrl: string | undefined): MountedLocalSmile {
  const isLocalSite = !publicUrl || /^https?:\/\/(([^/]+\.)?localhost(:|\/|$)|127\.|\[::1\])/.test(publicUrl);
  const base = publicUrl ? new URL(publicUrl).pathname.replace(/\/$/, '') : '';
  const local = createLocalSmile({ origin: base + LOCAL_SMILE, ...LOCAL_KEYS, controlApi: isLocalSite });
  local.registerWebhook({ url: `${self}/api/webhooks/smile`, secret, name: 'Flipsite' });
  return {
    answer: answerWithin(local),
    close: () => local.close(),
  };
}

/** Answers requests within the memory for large bodies. */
export function answerWithin(local: LocalSmile): MountedLocalSmile['answer'] {
  const memory = createMemoryBudget(SITE_LIMITS.localSmileBytes.value);
  return async (request, path, { socket }) => {
    const url = new URL(request.url);
    url.pathname = path || '/';
    const { remoteAddress = '' } = socket;
    const answer = async () =>
      local.fetch(new Request(url, request), { remoteAddress, hangUp: () => socket.destroy() });
    // A request without either header has no body (RFC 9112, 6.3).
    const unknown = request.headers.has('transfer-encoding') ? MAX_BODY_BYTES : 0;
    const bytes = Math.min(Number(request.headers.get('content-length') ?? unknown), MAX_BODY_BYTES);
    if (bytes <= SITE_LIMITS.jsonBodyBytes.value) return answer();
    try {
      return await memory((reserve) => {
        reserve(bytes);
        return answer();
      });
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      return new Response(error.message, { status: 429, headers: { 'retry-after': '60' } });
    }
  };
}
