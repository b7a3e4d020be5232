/** What the site needs of local Smile: where it is, its keys, its webhook to the site itself. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createLocalSmile } from '../local-smile/local-smile.ts';

/** The path that local Smile answers under. */
export const LOCAL_SMILE = '/local-smile';

/** A pair that nobody knows: whoever can reach the site can reach local Smile under it. */
export const LOCAL_KEYS = { apiKey: randomUUID(), apiSecret: randomUUID() };

export interface LocalSmileHere {
  /** Answers a request to a path under `LOCAL_SMILE`. */
  answer(request: Request, incoming: IncomingMessage): Promise<Response> | Response;
  close(): Promise<void>;
}

/**
 * Local Smile as a part of the site at `self`, an origin of this machine. It signs its webhooks with `secret`, and shows
 * its knobs only where people reach the site on this machine.
 */
export function openLocalSmile(self: string, secret: string, publicOrigin: string | undefined): LocalSmileHere {
  const onThisMachine = !publicOrigin || /^https?:\/\/(localhost|127\.|\[::1\])/.test(publicOrigin);
  const local = createLocalSmile({ origin: LOCAL_SMILE, ...LOCAL_KEYS, knobs: onThisMachine });
  local.registerWebhook({ url: `${self}/api/webhooks/smile`, secret, name: 'Flipsite' });
  return {
    answer(request, { socket }) {
      const url = new URL(request.url);
      url.pathname = url.pathname.slice(LOCAL_SMILE.length) || '/';
      const { remoteAddress = '' } = socket;
      return local.fetch(new Request(url, request), { remoteAddress, hangUp: () => socket.destroy() });
    },
    close: () => local.close(),
  };
}
