/** Mounts local Smile in the site: its address, its keys, its webhook to the site. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { HonoRequest } from 'hono/request';
import { createMemoryBudget } from '../api/bounds/memory-budget.ts';
import { chunksOf, SMALL_BODY_BYTES } from '../api/body.ts';
import { ApiException, errorBody } from '../api/errors.ts';
import { createLocalSmile, type LocalSmile } from '../local-smile/local-smile.ts';
import { streamOf } from '../record/files/stream.ts';
import { widestKey } from '../site-limits/counting/client-keys.ts';
import type { MemoryPlace } from '../site-limits/counting/memory-place.ts';
import { SITE_LIMITS } from '../site-limits/site-limits.ts';

const MAX_BODY_BYTES = SITE_LIMITS.localSmileBodyBytes.value;

/** The path under which local Smile answers. */
export const LOCAL_SMILE = '/local-smile';

/** Random keys: everyone who reaches the site reaches local Smile too. */
export const LOCAL_KEYS = { apiKey: randomUUID(), apiSecret: randomUUID() };

/** The addresses of the widget's scripts. Those of local Smile are on the site itself, which may be under the path `base`. */
export function scriptsUnder(base: string, { v1, v2 }: { v1: string; v2: string }): { v1: string; v2: string } {
  const under = (address: string) => (address.startsWith('/') ? base + address : address);
  return { v1: under(v1), v2: under(v2) };
}

export interface MountedLocalSmile {
  /**
   * Answers a request. `path` is the one below the mount, such as `/v1/users`.
   * @param address of the sender
   * @param mayChange counts a request of the widget that changes something, and says whether its sender may send it today
   */
  answer(
    request: Request,
    path: string,
    incoming: IncomingMessage,
    address: string,
    mayChange?: () => boolean,
  ): Promise<Response>;
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
  const local = createLocalSmile({
    origin: base + LOCAL_SMILE,
    ...LOCAL_KEYS,
    controlApi: isLocalSite,
    maxObjects: SITE_LIMITS.localSmileObjects.value,
  });
  local.registerWebhook({ url: `${self}/api/webhooks/smile`, secret, name: 'Flipsite' });
  return {
    answer: answerWithin(local),
    close: () => local.close(),
  };
}

/** Answers requests within the memory for large bodies. */
export function answerWithin(local: LocalSmile): MountedLocalSmile['answer'] {
  const { localSmileBytes, localSmileBytesPerAddress } = SITE_LIMITS;
  const memory = createMemoryBudget(localSmileBytes.value, localSmileBytesPerAddress.value);
  return async (request, path, { socket, httpVersion }, address, mayChange = () => true) => {
    const url = new URL(request.url);
    url.pathname = path || '/';
    const { remoteAddress = '' } = socket;
    const { method, headers, signal } = request;
    // Local Smile would wait without end for a body in too many pieces. It would log each body that breaks off.
    const answer = async (reserve?: (bytes: number) => void, place?: MemoryPlace) => {
      const parts: Uint8Array[] = [];
      for await (const part of chunksOf({ req: new HonoRequest(request) }, MAX_BODY_BYTES, reserve, place))
        parts.push(part);
      // As a stream, since a copy of a document takes as much memory again.
      const body = parts.length ? streamOf(inOrder(parts)) : null;
      const whole = new Request(url, { method, headers, signal, body, ...(body && { duplex: 'half' as const }) });
      return local.fetch(whole, { remoteAddress, httpVersion, hangUp: () => socket.destroy(), mayChange });
    };
    // A request without either header has no body (RFC 9112, 6.3).
    const unknown = headers.has('transfer-encoding') ? MAX_BODY_BYTES : 0;
    const bytes = Math.min(Number(headers.get('content-length') ?? unknown), MAX_BODY_BYTES);
    try {
      if (bytes <= SMALL_BODY_BYTES) return await answer();
      return await memory(answer, widestKey(address));
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      const { status, headers: more } = errorBody(error.error);
      return new Response(error.error.message, { status, headers: more });
    }
  };
}

async function* inOrder(parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
