/** The site as `npm start` runs it: a process of its own, which can be killed and started again on the same data. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { secretKeyOf } from '../../src/secret-key.ts';
import { lastingPort } from '../helpers/ports.ts';
import { postgresFor } from '../helpers/postgres/postgres.ts';
import { prepareSqlite } from '../helpers/run/prepared.ts';
import { PROGRAM_ENV, serverArguments } from '../helpers/programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const SETUP_CODE = 'open-sesame-for-tests';
const API_KEY = 'integrator-key-for-tests';

export interface StoredEvent {
  name: string;
  source: 'page' | 'widget' | 'webhook' | 'server';
  data: Record<string, unknown>;
}

export interface StoredSubmission {
  id: string;
  reference: string | null;
  status: 'draft' | 'submitted';
  language: string;
  ending: string | null;
  outcome: string | null;
  answers: Record<string, unknown>;
  files: { id: string; field: string; name: string; type: string }[];
  params: Record<string, string>;
  accounts: { providerId: string; status: string; confirmed: boolean }[];
}

export interface RunningSite {
  origin: string;
  /** The environment in which commands find the database: empty on SQLite, whose file is in the folder of the data. */
  databaseEnv: Record<string, string>;
  /** All that was printed so far, the log included. */
  printed(): string;
  /** Writes a form into the folder of forms. It is live soon after. */
  publish(slug: string, yaml: string): void;
  /** A form's submissions, newest first, as a program reads them. */
  submissions(slug: string): Promise<StoredSubmission[]>;
  /** The events of one submission, in order. */
  events(id: string): Promise<StoredEvent[]>;
  /** Deletes a submission, as a program does. */
  erase(id: string): Promise<void>;
  /** Sets how local Smile behaves. */
  smile(settings: Record<string, unknown>): Promise<void>;
  /** Ends the process at once, as `kill -9` or a power cut does. */
  kill(): Promise<void>;
  /** Starts again on the same port and the same data. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
}

/** Starts a site with the forms that ship. @param env more of the environment */
export async function startSite(env: Record<string, string> = {}): Promise<RunningSite> {
  const folder = mkdtempSync(path.join(tmpdir(), 'flipsite-site-'));
  cpSync(path.join(root, 'forms'), path.join(folder, 'forms'), { recursive: true });
  // With keys of Smile, examples do not answer. Here they are forms like any other.
  for (const name of readdirSync(path.join(folder, 'forms')).filter((one) => one.endsWith('.yaml'))) {
    const file = path.join(folder, 'forms', name);
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^example: true\n/m, ''));
  }
  const database = await postgresFor(folder);
  if (!database) {
    prepareSqlite(path.join(folder, 'data', 'flipsite.sqlite'));
    // Beside a database, a server makes no key.
    secretKeyOf({ dataDir: path.join(folder, 'data') });
  }
  const formsDir = env['FORMS_DIR'] ?? path.join(folder, 'forms');
  const databaseEnv: Record<string, string> = database ? { DATABASE_URL: database } : {};
  let printed = '';
  let child: ChildProcess;
  let origin = '';

  async function start(port: string): Promise<void> {
    const started = startScript(
      serverArguments(),
      {
        APP_PORT: port,
        APP_HOST: '127.0.0.1',
        DATA_DIR: path.join(folder, 'data'),
        FORMS_DIR: formsDir,
        INTEGRATOR_API_KEY: API_KEY,
        SETUP_CODE,
        ...databaseEnv,
        ...env,
      },
      (text) => (printed += text),
    );
    child = started.child;
    const found = await started.says(/http:\/\/localhost:(\d+)\/admin/);
    origin = `http://127.0.0.1:${found[1]}`;
  }

  async function call(what: string, method = 'GET'): Promise<Response> {
    const response = await fetch(`${origin}/api/${what}`, { method, headers: { authorization: `Bearer ${API_KEY}` } });
    if (!response.ok) throw new Error(`${what} answered ${response.status}`);
    return response;
  }

  const ask = async <T>(what: string) => (await (await call(what)).json()) as T;

  await start(String(await lastingPort()));
  return {
    get origin() {
      return origin;
    },
    databaseEnv,
    printed: () => printed,
    publish: (slug, yaml) => writeFileSync(path.join(formsDir, `${slug}.yaml`), yaml),
    submissions: async (slug) => (await ask<{ items: StoredSubmission[] }>(`forms/${slug}/submissions`)).items,
    events: async (id) => (await ask<{ events: StoredEvent[] }>(`submissions/${id}`)).events,
    async erase(id) {
      await call(`submissions/${id}`, 'DELETE');
    },
    async smile(settings) {
      const response = await fetch(`${origin}/local-smile/__local/settings`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(settings),
      });
      if (!response.ok) throw new Error(`local Smile answered ${response.status}`);
    },
    kill: () => end(child, 'SIGKILL'),
    restart: () => start(new URL(origin).port),
    async stop() {
      await end(child, 'SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A Smile of its own, on its own port, which accepts `keys`. */
export async function startSmile(keys: { API_KEY: string; API_SECRET: string }) {
  const { child, says } = startScript(
    [path.join(root, 'src/local-smile/main.ts')],
    { SMILE_PORT: '0', ...keys },
    () => undefined,
  );
  const [origin] = await says(/http:\/\/127\.0\.0\.1:\d+/);
  return { origin, stop: () => end(child, 'SIGTERM') };
}

/** Runs a script of the project with this environment and nothing else of ours. @param args the arguments of Node */
function startScript(args: string[], env: Record<string, string>, print: (text: string) => void) {
  const child = spawn(process.execPath, args, {
    cwd: tmpdir(),
    env: { ...PROGRAM_ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      print(text);
      for (const listen of listeners) listen();
    });
  }
  const says = (what: RegExp) =>
    new Promise<RegExpExecArray>((found, failed) => {
      const listen = () => {
        const match = what.exec(said);
        if (match) found(match);
      };
      listeners.add(listen);
      child.once('exit', () => failed(new Error(`${args.at(-1)} ended:\n${said}`)));
      listen();
    });
  return { child, says };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await ended;
}
