/** A whole site on loopback: a real database in a folder of its own (PostgreSQL, when the tests run on it), the built pages, local Smile. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../src/config.ts';
import { setupCode } from '../../src/members/setup-code.ts';
import { createLog } from '../../src/operate/log.ts';
import { openAssets, type Assets } from '../../src/publish/bundles/assets.ts';
import type { Render } from '../../src/publish/rendering/page-renderer.ts';
import type { Bucket } from '../../src/record/files/s3.ts';
import { runDue } from '../../src/record/jobs/worker.ts';
import { secretKeyOf } from '../../src/secret-key.ts';
import type { Site } from '../../src/site.ts';
import { postgresFor } from './postgres/postgres.ts';
import { prepareSqlite } from './run/prepared.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface TestSite extends Site {
  origin: string;
  /** Everything that was logged so far. */
  logged(): string;
  folder: string;
  formsDir: string;
}

/** An integrator's key, and the setup code, of every site that tests open. */
export const API_KEY = 'integrator-key-for-tests';
export const SETUP_CODE = 'OPEN-SESAME-TEST';

let assets: Promise<Assets> | undefined;

/**
 * Opens a site on a free port.
 * @param forms YAML by slug; without it, the forms that ship
 * @param env more of the environment, such as keys of another Smile
 */
export async function openTestSite({
  forms,
  env = {},
  folder = mkdtempSync(path.join(tmpdir(), 'flipsite-')),
  now,
  key,
  secrets = {},
  bucket,
}: {
  forms?: Record<string, string>;
  env?: Record<string, string>;
  folder?: string;
  /** The clock that submissions go by. */
  now?: () => Date;
  /** `SECRET_KEY`; without it, the folder's own. */
  key?: Buffer | undefined;
  /** Environment variables that forms name. */
  secrets?: Record<string, string>;
  /** Where files are kept; without it, in the folder. */
  bucket?: Bucket;
} = {}): Promise<TestSite> {
  const formsDir = path.join(folder, 'forms');
  mkdirSync(formsDir, { recursive: true });
  if (!forms) cpSync(path.join(root, 'forms'), formsDir, { recursive: true });
  for (const [slug, yaml] of Object.entries(forms ?? {})) writeFileSync(path.join(formsDir, `${slug}.yaml`), yaml);

  const database = await postgresFor(folder);
  if (!database) prepareSqlite(path.join(folder, 'data', 'flipsite.sqlite'));
  const read = readConfig({
    ...(database && { DATABASE_URL: database }),
    APP_PORT: '0',
    APP_HOST: '127.0.0.1',
    DATA_DIR: path.join(folder, 'data'),
    FORMS_DIR: formsDir,
    INTEGRATOR_API_KEY: API_KEY,
    SETUP_CODE,
    ...env,
  });
  if (!read.ok) throw new Error(read.faults.join('\n'));
  const loaded = secretKeyOf(read.config);
  if (!loaded.ok) throw new Error(loaded.fault);
  let lines = '';
  const log = createLog('debug', { write: (line: string) => void (lines += line) });
  // They are the same for every site, and compressing them takes half a second.
  assets ??= openAssets(path.join(root, 'dist/client'));
  const { render } = (await import(path.join(root, 'dist/server/entry.mjs'))) as { render: Render };
  // Here, because a program that only lists the tests loads this file too, and a site is most of the code.
  const { openSite } = await import('../../src/site.ts');
  const site = await openSite({
    config: { ...read.config, ...(bucket && { bucket }) },
    key: key ?? loaded.key,
    setup: setupCode(read.config.setupCode),
    render,
    assets: await assets,
    log,
    ...(now && { now }),
    secret: (name) => secrets[name],
    print: (text) => (lines += `${text}\n`),
  });
  return { ...site, origin: `http://127.0.0.1:${site.port}`, logged: () => lines, folder, formsDir };
}

/**
 * Runs the jobs that are due at `now` at once, so that no test waits for the site's own worker, which looks once a
 * second.
 */
export const doOwed = ({ db, jobs }: TestSite, now = new Date()): Promise<number> =>
  runDue({ db, jobs, now: () => now, log: { warn: () => {} } });

/**
 * Makes retention due at `time`, as on a site that runs until then. After a gap it would wait for a day. Move the clock
 * afterwards, or the site's own worker may see the gap first.
 */
export async function continueRetention(db: TestSite['db'], time: Date): Promise<void> {
  await db.query.updateTable('jobs').set({ due_at: time.toISOString() }).where('kind', '=', 'retention').execute();
}

/** Removes the leftovers of a site. */
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** `GET` of an integrator's route. */
export async function ask<T>(site: TestSite, path: string): Promise<T> {
  const response = await fetch(`${site.origin}/api/${path}`, { headers: { authorization: `Bearer ${API_KEY}` } });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  const text = await response.text();
  // Only tests of the API load it.
  const { expectOfContract } = await import('./openapi/own-contract.ts');
  expectOfContract('GET', `/api/${path}`, response, text);
  return JSON.parse(text) as T;
}
