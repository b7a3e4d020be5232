/** Servers as processes of their own: ours, and the bare ones that it is compared with. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../helpers/site.ts';

export const CONNECTIONS = 64;

export const APPLY = `title: Apply
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name, required: true }
      - { id: email, type: email, label: Email, required: true }
      - id: work
        type: radio
        label: Are you working now?
        options: [{ value: employed, label: Employed }, { value: none, label: Not working }]
      - { id: employer, type: text, label: Employer, show_when: { work: employed } }
endings:
  - { id: done, title: 'Thank you, {full_name}', text: We write to you within two days. }
`;

export function startOurs(folder: string, forms: Record<string, string>, env: Record<string, string>) {
  mkdirSync(path.join(folder, 'forms'), { recursive: true });
  for (const [slug, yaml] of Object.entries(forms)) writeFileSync(path.join(folder, 'forms', `${slug}.yaml`), yaml);
  return startScript(['src/server.ts'], {
    APP_PORT: '0',
    APP_HOST: '127.0.0.1',
    RATE_LIMIT: 'off',
    LOG_LEVEL: 'error',
    DATA_DIR: path.join(folder, 'data'),
    FORMS_DIR: path.join(folder, 'forms'),
    ...env,
  });
}

/** @param files what `kind` serves or writes to */
export const startBare = (kind: string, ...files: string[]) =>
  startScript(['test/bench/server/bare.ts', kind, ...files], {});

async function startScript(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], ...env },
  });
  const port = await new Promise<number>((found, failed) => {
    let said = '';
    child.once('exit', () => failed(new Error(`${args.join(' ')} ended:\n${said}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const match = /listening on (\d+)|http:\/\/localhost:(\d+)\/admin/.exec(said);
      if (match) found(Number(match[1] ?? match[2]));
    });
  });
  const stop = async () => {
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGTERM');
    await ended;
  };
  return { port, child, stop };
}

/** Processor time so far, in microseconds; Linux counts it in hundredths of a second. Not known elsewhere. */
export function processorOf({ pid }: ChildProcess): number {
  if (process.platform !== 'linux') return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** The measurement in the middle. */
export const median = <T extends { rate: number }>(all: T[]): T => all.toSorted((a, b) => a.rate - b.rate)[Math.floor(all.length / 2)] as T; // prettier-ignore
