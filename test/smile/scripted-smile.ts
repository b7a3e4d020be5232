/** A real HTTP server with a list of answers, which it gives one after the other. The last one stays. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  method: string;
  url: string;
  authorization: string | undefined;
  body: string;
}

export type Answer = (response: ServerResponse) => void;

export interface ScriptedSmile {
  host: string;
  seen: Seen[];
  answers(...answers: Answer[]): void;
  close(): Promise<void>;
}

export async function startScriptedSmile(): Promise<ScriptedSmile> {
  const seen: Seen[] = [];
  let script: Answer[] = [];
  const server = createServer((request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse) {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    seen.push({ method: request.method!, url: request.url!, authorization: request.headers.authorization, body });
    const answer = script.length > 1 ? script.shift()! : script[0]!;
    answer(response);
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    answers: (...answers) => void (script = answers),
    close: () => close(server),
  };
}

function close(server: Server) {
  server.closeAllConnections();
  return new Promise<void>((closed) => server.close(() => closed()));
}

export function raw(status: number, body: string, type = 'application/json'): Answer {
  return (response) => response.writeHead(status, { 'Content-Type': type }).end(body);
}

export function ok(data: unknown, status = 200): Answer {
  return raw(status, JSON.stringify({ code: 'OK', message: 'Success', requestId: 'r-1', data }));
}

export function fails(status: number, code: string): Answer {
  return raw(status, JSON.stringify({ code, message: 'In words', requestId: 'r-1', data: {} }));
}

export const hangs: Answer = () => {};

export const cut: Answer = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 500 });
  response.write('{"code":"OK"', () => response.destroy());
};
