import type { Context, Next } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { codeFor, errorEnvelope } from './envelope.ts';
import type { Env } from './requests.ts';
import type { InjectedFault } from '../control/settings.ts';
import type { Sandbox } from '../sandbox.ts';

/** Long enough for the first part of a response to be sent before the connection breaks. */
const CUT_DELAY_MS = 20;

/** Applies the faults in the settings to the requests that they name. */
export function faults(sandbox: Sandbox) {
  return async (c: Context<Env>, next: Next): Promise<Response | void> => {
    const fault = takeFault(sandbox, c);
    if (!fault) return next();
    if (fault.hangMs !== undefined) await sandbox.schedule.pause(fault.hangMs);
    const { status, body, cut, lost, drop } = fault;
    if (drop) {
      if (lost) await next();
      c.env.hangUp?.();
      return answer({ ...fault, status: 503 });
    }
    const own = status === undefined && body === undefined ? undefined : answer(fault);
    if (!own || lost) await next();
    const usual = own ?? c.res;
    const isBroken = cut === undefined ? usual : await cutOff(usual, cut);
    if (!own && cut === undefined) return;
    c.res = undefined;
    c.res = isBroken;
  };
}

/** The first fault that matches. It uses up one of the fault's times. */
function takeFault(sandbox: Sandbox, c: Context): InjectedFault | undefined {
  if (c.req.method === 'OPTIONS') return undefined;
  const all = [sandbox.settings.fault ?? []].flat();
  const fault = all.find(
    ({ path, method }) => c.req.path.startsWith(path) && (method === undefined || method === c.req.method),
  );
  if (fault?.times !== undefined && --fault.times <= 0) {
    const left = all.filter((one) => one !== fault);
    sandbox.settings.fault = left.length > 0 ? left : null;
  }
  return fault;
}

function answer({ status = 200, body, contentType = 'application/json', headers }: InjectedFault): Response {
  const text = body ?? JSON.stringify(errorEnvelope(codeFor(status), 'A fault that was asked for.'));
  const bodiless = [204, 304].includes(status);
  return new Response(bodiless ? null : text, {
    status: status as ContentfulStatusCode,
    headers: { 'content-type': contentType, 'access-control-allow-origin': '*', ...headers },
  });
}

/** More bytes than any server adds to a response that it cuts off. */
const NEVER_SENT = 1000;

/** The same response with a too large length, which breaks off after `part` of it. */
async function cutOff(complete: Response, part: number): Promise<Response> {
  const bytes = new Uint8Array(await complete.arrayBuffer());
  const headers = new Headers(complete.headers);
  headers.set('content-length', String(bytes.length + NEVER_SENT));
  const asked = new Error('A fault that was asked for: the answer was cut off.');
  asked.stack = asked.message;
  const broken = new ReadableStream({
    start: (controller) => controller.enqueue(bytes.slice(0, Math.floor(bytes.length * part))),
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, CUT_DELAY_MS));
      controller.error(asked);
    },
  });
  return new Response(broken, { status: complete.status, headers });
}
