/** Servers as processes of their own: ours, and the bare ones that it is compared with. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { saidBy, serve, stop } from '../../api/serve.ts';
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
  return { port: await saidBy(child, /listening on (\d+)/), child, stop: () => stop(child) };
}

/** Processor time so far, in microseconds; Linux counts it in hundredths of a second. Not known elsewhere. */
export function processorOf({ pid }: ChildProcess): number {
  if (process.platform !== 'linux') return NaN;
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** The measurement in the middle. */
export const median = <T extends { rate: number }>(all: T[]): T => all.toSorted((a, b) => a.rate - b.rate)[Math.floor(all.length / 2)] as T; // prettier-ignore
