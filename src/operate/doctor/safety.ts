/** Whether the settings leave something open to others: on the network, by guessing, or on this machine. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DoctorFinding } from './finding.ts';

export interface Exposed {
  /** Where people reach the site. */
  publicUrl: string | undefined;
  /** The address that it listens on, and the port. */
  host: string;
  port: number;
  local: boolean;
  rateLimit: boolean;
  setupCode: string | undefined;
  integratorApiKey: string | undefined;
  metricsKey: string | undefined;
  dataDir: string;
  /** The path of the database, unless it is PostgreSQL. */
  database: string | undefined;
  /** The path of the file with the settings, which need not be there. */
  envFile: string;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

/** Powers of ten of the guesses that a secret has to withstand. A setup code is tried once a second, a key as fast as the network allows. */
const SETUP_DIGITS = 10;
const KEY_DIGITS = 18;

export async function safety(exposed: Exposed): Promise<DoctorFinding[]> {
  const { publicUrl, host, port, local, rateLimit } = exposed;
  const open = publicUrl !== undefined && !LOOPBACK.test(new URL(publicUrl).hostname);
  const how = open ? 'bad' : 'note';
  return [
    ...(open && !LOOPBACK.test(host)
      ? [{ how: 'note', says: `Port ${port} listens on ${host}, so people can bypass the proxy and its https. Set APP_HOST=127.0.0.1, or let only the proxy reach the port.` } as const] // prettier-ignore
      : []),
    ...(open && local
      ? [{ how: 'bad', says: `${publicUrl} is public, but it uses local Smile, where anyone can sign in. Set API_KEY, API_SECRET and OPEN_API_HOST.` } as const] // prettier-ignore
      : []),
    ...(rateLimit
      ? []
      : [{ how, says: 'RATE_LIMIT is off, so nothing limits a flood of submissions. Remove it after the load test.' } as const]), // prettier-ignore
    ...(await weakSecrets(exposed, how)),
    ...readableByOthers(exposed),
  ];
}

async function weakSecrets(
  { setupCode, integratorApiKey, metricsKey }: Exposed,
  how: 'bad' | 'note',
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
      ? [{ how, says: `${name} is easy to guess. ${remedy}` }]
      : [],
  );
}

/** Windows has no such rights. */
function readableByOthers({ dataDir, database, envFile }: Exposed): DoctorFinding[] {
  if (process.platform === 'win32') return [];
  const modeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  const files = [envFile, join(dataDir, 'secret.key'), ...(database ? [database] : [])].map((file) => resolve(file));
  const folder = resolve(dataDir);
  return [
    ...files.filter((file) => modeOf(file) & 0o004).map((file): DoctorFinding => ({ how: 'bad', says: `Every user of this machine can read ${file}. Run chmod 600 ${file}` })), // prettier-ignore
    ...(modeOf(folder) & 0o005 ? [{ how: 'note', says: `Every user of this machine can open ${folder}. Run chmod 700 ${folder}` } as const] : []), // prettier-ignore
  ];
}
