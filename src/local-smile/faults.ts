import type { Context, Next } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { codeFor, errorBody } from './envelope.ts';
import type { World } from './world.ts';

/** Lets the fault in the settings happen to the requests it names. */
export function faults(world: World) {
  return async (c: Context, next: Next): Promise<Response | void> => {
    const { fault } = world.settings;
    if (!fault || c.req.method === 'OPTIONS' || !c.req.path.startsWith(fault.path)) return next();
    if (fault.times !== undefined) {
      fault.times -= 1;
      if (fault.times <= 0) world.settings.fault = null;
    }
    if (fault.hangMs !== undefined) await world.schedule.pause(fault.hangMs);
    if (fault.status === undefined && fault.body === undefined) return next();

    const status = (fault.status ?? 200) as ContentfulStatusCode;
    const body = fault.body ?? JSON.stringify(errorBody(codeFor(status), 'A fault that was asked for.'));
    return c.body(body, status, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
  };
}
