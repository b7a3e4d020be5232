/** Checks whether others can reach or guess something: on the network or on this machine. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inShell } from '../in-shell.ts';
import { findWeakKeys, type UsedKeys } from '../weak-key.ts';
import type { DoctorFinding } from './finding.ts';

export interface Exposed {
  /** The address that people open. */
  publicUrl: string | undefined;
  /** The address that it listens on, and the port. */
  host: string;
  port: number;
  local: boolean;
  rateLimit: boolean;
  setupCode: string | undefined;
  integratorApiKey: string | undefined;
  metricsKey: string | undefined;
  keys: UsedKeys;
  dataDir: string;
  /** The path of the database, unless it is PostgreSQL. */
  database: string | undefined;
  /** The path of the file with the settings, whether it exists or not. */
  envFile: string;
}

const LOOPBACK = /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

/** A secret must withstand 10 to this power of guesses. Flipsite accepts one setup code a second, and keys at any speed. */
const SETUP_DIGITS = 10;
const KEY_DIGITS = 18;

export async function checkExposure(exposed: Exposed): Promise<DoctorFinding[]> {
  const { publicUrl, host, port, local, rateLimit } = exposed;
  const open = publicUrl !== undefined && !LOOPBACK.test(new URL(publicUrl).hostname);
  const level = open ? 'error' : 'note';
  return [
    ...(open && !LOOPBACK.test(host)
      ? [{ level: 'note', message: `Port ${port} listens on ${host}, so people can bypass the proxy and its https. Set APP_HOST=127.0.0.1, or let only the proxy reach the port.` } as const] // prettier-ignore
      : []),
    ...(open && local
      ? [{ level: 'error', message: `${publicUrl} is public, but it uses local Smile, where anyone can sign in. Set API_KEY, API_SECRET and OPEN_API_HOST.` } as const] // prettier-ignore
      : []),
    ...(rateLimit
      ? []
      : [{ level, message: 'RATE_LIMIT is off, so nothing limits a flood of submissions. Remove it after the load test.' } as const]), // prettier-ignore
    ...findWeakKeys(exposed.keys).map((message) => ({ level, message }) as const),
    ...(await checkSecrets(exposed, level)),
    ...checkFileModes(exposed),
  ];
}

async function checkSecrets(
  { setupCode, integratorApiKey, metricsKey }: Exposed,
  level: 'error' | 'note',
): Promise<DoctorFinding[]> {
  const generate = 'Generate one with openssl rand -hex 24';
  const secrets = [
    { name: 'SETUP_CODE', value: setupCode, digits: SETUP_DIGITS, remedy: 'Remove it, so that Flipsite generates and prints a code.' }, // prettier-ignore
    { name: 'INTEGRATOR_API_KEY', value: integratorApiKey, digits: KEY_DIGITS, remedy: generate },
    { name: 'METRICS_KEY', value: metricsKey, digits: KEY_DIGITS, remedy: generate },
  ];
  if (secrets.every(({ value }) => value === undefined)) return [];
  const [{ ZxcvbnFactory }, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const estimate = new ZxcvbnFactory({ dictionary: common.dictionary, graphs: common.adjacencyGraphs });
  return secrets.flatMap(({ name, value, digits, remedy }) =>
    value !== undefined && estimate.check(value).guessesLog10 < digits
      ? [{ level, message: `${name} is easy to guess. ${remedy}` }]
      : [],
  );
}

/** The mode of a file; 0 if there is none, or this user may not look. */
function modeOf(path: string): number {
  try {
    return statSync(path).mode;
  } catch {
    return 0;
  }
}

/** Windows has no such modes. */
function checkFileModes({ dataDir, database, envFile }: Exposed): DoctorFinding[] {
  if (process.platform === 'win32') return [];
  // The settings may belong to root and the group of the service, which a mode of 600 would lock out.
  const files = [envFile, join(dataDir, 'secret.key'), ...(database ? [database] : [])].map((file) => resolve(file));
  const folder = resolve(dataDir);
  return [
    ...files.filter((file) => modeOf(file) & 0o004).map((file): DoctorFinding => ({ level: 'error', message: `Every user of this machine can read ${file}. Run chmod o= ${inShell(file)}` })), // prettier-ignore
    ...(modeOf(folder) & 0o005 ? [{ level: 'note', message: `Every user of this machine can open ${folder}. Run chmod 700 ${inShell(folder)}` } as const] : []), // prettier-ignore
  ];
}
