/**
 * A real Firefox, driven through WebDriver BiDi (https://w3c.github.io/webdriver-bidi/). Playwright drives only a Firefox of
 * its own making, which npm and Debian do not have.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** `FIREFOX_PATH`, else one on the PATH. */
export function findFirefox(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const found = folders.flatMap((folder) => ['firefox', 'firefox-esr'].map((name) => path.join(folder, name)));
  return [process.env['FIREFOX_PATH'] ?? '', ...found].find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return file !== '';
    } catch {
      return false;
    }
  });
}

export interface Firefox {
  open(address: string): Promise<void>;
  /** Calls a function in the page that was opened last, with one text, for one text. */
  call(run: (argument: string) => Promise<string>, argument: string): Promise<string>;
  close(): Promise<void>;
}

type Reply = { id?: number; error?: string; message?: string; result?: Record<string, unknown> };

export async function openFirefox(program: string): Promise<Firefox> {
  const profile = mkdtempSync(path.join(tmpdir(), 'flipsite-firefox-'));
  const child = spawn(program, ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: profile },
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const address = await new Promise<string>((found, failed) => {
    let printed = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const [, told] = /BiDi listening on (ws:\S+)/.exec(printed) ?? [];
      if (told) found(told);
    });
    child.once('exit', () => failed(new Error(`Firefox ended before it could be driven. It printed: ${printed}`)));
  });

  const socket = new WebSocket(`${address}/session`);
  await new Promise((opened, failed) => {
    socket.onopen = opened;
    socket.onerror = () => failed(new Error(`Firefox refused the connection to ${address}`));
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  socket.onmessage = ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    waiting.get(reply.id ?? -1)?.(reply);
  };
  let calls = 0;
  async function send<T>(method: string, params: Record<string, unknown>): Promise<T> {
    const id = ++calls;
    const reply = await new Promise<Reply>((answered) => {
      waiting.set(id, answered);
      socket.send(JSON.stringify({ id, method, params }));
    });
    waiting.delete(id);
    if (reply.error) throw new Error(`Firefox refused ${method}: ${reply.message}`);
    return reply.result as T;
  }

  await send('session.new', { capabilities: {} });
  const { contexts } = await send<{ contexts: { context: string }[] }>('browsingContext.getTree', {});
  const context = contexts[0]?.context;

  return {
    open: (url) => send('browsingContext.navigate', { context, url, wait: 'complete' }),
    async call(run, argument) {
      type Called = { result: { value: string }; exceptionDetails?: { text: string } };
      const { result, exceptionDetails } = await send<Called>('script.callFunction', {
        functionDeclaration: String(run),
        arguments: [{ type: 'string', value: argument }],
        target: { context },
        awaitPromise: true,
      });
      if (exceptionDetails) throw new Error(exceptionDetails.text);
      return result.value;
    },
    async close() {
      await send('browser.close', {});
      await ended;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
