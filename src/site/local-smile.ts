/** Mounts local Smile in the site: its address, its keys, its webhook to the site. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createLocalSmile } from '../local-smile/local-smile.ts';

/** The path under which local Smile answers. */
export const LOCAL_SMILE = '/local-smile';

/** Random keys: everyone who reaches the site reaches local Smile too. */
export const LOCAL_KEYS = { apiKey: randomUUID(), apiSecret: randomUUID() };

export interface MountedLocalSmile {
  /** Answers a request to a path under `LOCAL_SMILE`. */
  answer(request: Request, incoming: IncomingMessage): Promise<Response> | Response;
  close(): Promise<void>;
}

/**
 * Mounts local Smile in the site.
 * @param self an origin of the site on this machine
 * @param secret signs the webhooks of local Smile
 * @param publicOrigin the control panel appears only if this is on this machine, or not set
 */
export function mountLocalSmile(self: string, secret: string, publicOrigin: string | undefined): MountedLocalSmile {
  const isLocalSite = !publicOrigin || /^https?:\/\/(localhost|127\.|\[::1\])/.test(publicOrigin);
  const local = createLocalSmile({ origin: LOCAL_SMILE, ...LOCAL_KEYS, knobs: isLocalSite });
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
