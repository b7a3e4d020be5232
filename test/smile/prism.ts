/** Prism, a mock of any API by other people, serving an OpenAPI document on a free port of loopback. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Prism {
  host: string;
  stop(): Promise<void>;
}

/** `program` is the path of `prism`; the document must be within reach, nothing else is. */
export async function startPrism(program: string, document: string): Promise<Prism> {
  const child = spawn(process.execPath, [program, 'mock', '--port', '0', document], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const host = await address(child).catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
  return { host, stop: () => stop(child) };
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = '';
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const host = /listening on (http:\/\/[\d.]+:\d+)/.exec(said)?.[1];
      if (host) found(host);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', failed);
    child.once('exit', () => failed(new Error(`Prism ended before it listened:\n${said}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
