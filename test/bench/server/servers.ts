/** Servers as processes of their own: ours, and the bare ones that it is compared with. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printedPort, serve, stop } from '../../api/serve.ts';
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

export async function startOurs(folder: string, forms: Record<string, string>, env: Record<string, string>) {
  mkdirSync(path.join(folder, 'forms'), { recursive: true });
  for (const [slug, yaml] of Object.entries(forms)) writeFileSync(path.join(folder, 'forms', `${slug}.yaml`), yaml);
  const { child, origin } = await serve(folder, env);
  return { port: Number(new URL(origin).port), child, stop: () => stop(child) };
}

/** @param files what `kind` serves or writes to */
export async function startBare(kind: string, ...files: string[]) {
  const child = spawn(process.execPath, ['test/bench/server/bare.ts', kind, ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'] },
  });
  return { port: await printedPort(child, /listening on (\d+)/), child, stop: () => stop(child) };
}

/** Processor time so far, in microseconds; Linux counts it in hundredths of a second. Not known elsewhere. */
export function processorOf({ pid }: ChildProcess): number {
  if (process.platform !== 'linux') return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** The same of a process and of all that it has started, those that have ended included. */
export function processorOfTree(pid: number): number {
  if (process.platform !== 'linux') return NaN;
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => statOf(name)); // prettier-ignore
  const own = all.find((one) => one.pid === pid);
  const children = all.filter(({ parent }) => parent === pid);
  return (own?.ended ?? 0) + [own, ...children].reduce((sum, one) => sum + (one?.used ?? 0), 0);
}

function statOf(pid: string): { pid: number; parent: number; used: number; ended: number }[] {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const [parent, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14].map((at) => Number(fields[at]));
    const sum = (one = 0, other = 0) => (one + other) * 10_000;
    return [{ pid: Number(pid), parent: parent ?? 0, used: sum(user, system), ended: sum(endedUser, endedSystem) }];
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

/** The measurement in the middle. */
export const median = <T extends { rate: number }>(all: T[]): T => all.toSorted((a, b) => a.rate - b.rate)[Math.floor(all.length / 2)] as T; // prettier-ignore
