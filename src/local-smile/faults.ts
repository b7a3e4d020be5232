import type { Context, Next } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { codeFor, errorBody } from './envelope.ts';
import type { Fault } from './settings.ts';
import type { World } from './world.ts';

/** Lets the faults in the settings happen to the requests they name. */
export function faults(world: World) {
  return async (c: Context, next: Next): Promise<Response | void> => {
    const fault = take(world, c);
    if (!fault) return next();
    if (fault.hangMs !== undefined) await world.schedule.pause(fault.hangMs);
    const { status, body, cut, lost } = fault;
    const own = status === undefined && body === undefined ? undefined : answer(fault);
    if (!own || lost) await next();
    const usual = own ?? c.res;
    const spoilt = cut === undefined ? usual : await cutOff(usual, cut);
    if (!own && cut === undefined) return;
    c.res = undefined;
    c.res = spoilt;
  };
}

/** The first fault that fits, one of its times used up. */
function take(world: World, c: Context): Fault | undefined {
  if (c.req.method === 'OPTIONS') return undefined;
  const all = [world.settings.fault ?? []].flat();
  const fault = all.find(
    ({ path, method }) => c.req.path.startsWith(path) && (method === undefined || method === c.req.method),
  );
  if (fault?.times !== undefined) {
    fault.times -= 1;
    if (fault.times <= 0) world.settings.fault = all.filter((one) => one !== fault);
  }
  return fault;
}

function answer({ status = 200, body, contentType = 'application/json', headers }: Fault): Response {
  const text = body ?? JSON.stringify(errorBody(codeFor(status), 'A fault that was asked for.'));
  const bodiless = [204, 304].includes(status);
  return new Response(bodiless ? null : text, {
    status: status as ContentfulStatusCode,
    headers: { 'content-type': contentType, 'access-control-allow-origin': '*', ...headers },
  });
}

/** The same answer, which promises its whole length and breaks off after `part` of it. */
async function cutOff(whole: Response, part: number): Promise<Response> {
  const bytes = new Uint8Array(await whole.arrayBuffer());
  const headers = new Headers(whole.headers);
  headers.set('content-length', String(bytes.length));
  const broken = new ReadableStream({
    start: (controller) => controller.enqueue(bytes.slice(0, Math.floor(bytes.length * part))),
    async pull(controller) {
      // Long enough for the first part to be on its way before the connection breaks.
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.error(new Error('A fault that was asked for.'));
    },
  });
  return new Response(broken, { status: whole.status, headers });
}
