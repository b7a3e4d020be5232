/** What the environment comes to: everything that can be set without touching a form. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readEnvironment, type Environment } from './environment.ts';
import type { Bucket } from './record/files/s3.ts';

export interface WidgetConfig {
  /** Addresses of the scripts; in local mode paths on our own origin. */
  scripts: { v1: string; v2: string };
  /** Sources to allow in the widget frame's CSP, beside our own origin. */
  sources: { script: string[]; connect: string[]; image: string[] };
}

export interface Config {
  /** Whether local Smile stands in: no keys are set. */
  local: boolean;
  /** What the Smile client takes; absent in local mode. */
  smile?: { host: string; apiKey: string; apiSecret: string };
  /** Absent: Smile's webhooks cannot be verified and are refused. Always there in local mode. */
  webhookSecret?: string;
  port: number;
  host: string;
  /** How long a stop still answers everything. */
  drainMs: number;
  /** Where people reach the site, without a slash at the end; absent: wherever it listens. May have a path. */
  publicUrl?: string;
  /** The origin of `publicUrl`, as a browser sends it. */
  publicOrigin?: string;
  /** Where pages of ours stand beside our own origin. */
  pageOrigins: string[];
  /** How many proxies in front add to `X-Forwarded-For`. */
  trustedProxies: number;
  formsDir: string;
  dataDir: string;
  /** A path, or the address of a PostgreSQL database, which may hold a password. */
  databaseUrl: string;
  databaseConnections?: number;
  /** Where files are kept, instead of a folder in `dataDir`. */
  bucket?: Bucket;
  /** 32 bytes; absent: see `secretKeyOf`. */
  secretKey?: Buffer;
  /** Open what was sealed before the key was changed. */
  formerSecretKeys: Buffer[];
  setupCode?: string;
  integratorApiKey?: string;
  metricsKey?: string;
  /** What sends emails; absent: they are kept. */
  mail?: { url: string; from: string } | undefined;
  /** Hosts, with or without a port, that webhooks may go to although they are private. */
  webhookHosts: string[];
  rateLimit: boolean;
  logLevel: NonNullable<Environment['LOG_LEVEL']>;
  widget: WidgetConfig;
}

export type ReadConfig = { ok: true; config: Config } | { ok: false; faults: string[] };

/**
 * Reads the configuration from an environment, or tells every fault at once. The entry point fills the environment from
 * `.env` first: `process.loadEnvFile()`, if that file exists; what is set outside it wins.
 */
export function readConfig(
  env: Record<string, string | undefined>,
  newSecret: () => string = () => randomBytes(24).toString('hex'),
): ReadConfig {
  const read = readEnvironment(env);
  return read.ok ? { ok: true, config: configure(read.values, newSecret) } : read;
}

function configure(env: Environment, newSecret: () => string): Config {
  const { API_KEY, API_SECRET, OPEN_API_HOST } = env;
  const smile =
    API_KEY && API_SECRET && OPEN_API_HOST
      ? { host: OPEN_API_HOST, apiKey: API_KEY, apiSecret: API_SECRET }
      : undefined;
  const { S3_BUCKET_URL: url, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const dataDir = env.DATA_DIR ?? 'data';
  return {
    local: !smile,
    smile,
    ...(url && accessKeyId && secretAccessKey
      ? { bucket: { url, accessKeyId, secretAccessKey, region: env.S3_REGION ?? 'auto' } }
      : {}),
    webhookSecret: env.WEBHOOK_SECRET ?? (smile ? undefined : newSecret()),
    port: env.APP_PORT ?? 8000,
    // Being reachable opens nothing: the dashboard asks for a code that only this machine's terminal shows, programs
    // need a key, and without Smile's keys there is no real account. So phones and containers may find the forms.
    host: env.APP_HOST ?? '0.0.0.0',
    drainMs: (env.DRAIN_SECONDS ?? 0) * 1_000,
    publicUrl: env.PUBLIC_ORIGIN,
    publicOrigin: env.PUBLIC_ORIGIN && new URL(env.PUBLIC_ORIGIN).origin,
    pageOrigins: env.PAGE_ORIGINS ?? [],
    trustedProxies: env.TRUSTED_PROXIES ?? (env.PUBLIC_ORIGIN ? 1 : 0),
    formsDir: env.FORMS_DIR ?? 'forms',
    dataDir,
    databaseUrl: env.DATABASE_URL ?? join(dataDir, 'flipsite.sqlite'),
    databaseConnections: env.DATABASE_CONNECTIONS,
    secretKey: env.SECRET_KEY,
    formerSecretKeys: env.FORMER_SECRET_KEYS ?? [],
    setupCode: env.SETUP_CODE,
    integratorApiKey: env.INTEGRATOR_API_KEY,
    metricsKey: env.METRICS_KEY,
    mail: env.SMTP_URL && env.MAIL_FROM ? { url: env.SMTP_URL, from: env.MAIL_FROM } : undefined,
    webhookHosts: env.WEBHOOK_ALLOWED_HOSTS ?? [],
    rateLimit: env.RATE_LIMIT !== 'off',
    logLevel: env.LOG_LEVEL ?? 'info',
    widget: widgetOf(env, smile?.host),
  };
}

/** The hosts the widget talks to and shows images from; Smile publishes no CSP guidance, these are in its documents. */
const SMILE_LINK = ['https://link-sandbox.smileapi.io', 'https://link.smileapi.io'];
const SMILE_IMAGES = ['https://cdn.smileapi.io', 'https://file.smileapi.io'];

/** A Smile on this machine names its own port in the link token, so any port here may be the widget's. */
const THIS_MACHINE = ['http://127.0.0.1:*', 'http://localhost:*'];

function widgetOf(env: Environment, openApiHost: string | undefined): WidgetConfig {
  const standIn = openApiHost?.startsWith('http:') ? openApiHost.replace(/\/v\d+$/, '') : undefined;
  const base = env.WIDGET_ORIGIN ?? standIn ?? (openApiHost ? 'https://web.smileapi.io' : '/local-smile');
  const scripts = {
    v1: env.WINK_SCRIPT_V1 ?? `${base}/v1/smile.v1.js`,
    v2: env.WINK_SCRIPT_V2 ?? `${base}/v2/smile.v2.js`,
  };
  const elsewhere = [base, scripts.v1, scripts.v2].filter((address) => !address.startsWith('/'));
  if (elsewhere.length === 0) return { scripts, sources: { script: [], connect: [], image: [] } };
  if (base.startsWith('http:')) {
    return { scripts, sources: { script: THIS_MACHINE, connect: THIS_MACHINE, image: THIS_MACHINE } };
  }
  const origins = elsewhere.map((address) => new URL(address).origin);
  const also = (hosts: string[]) => [...new Set([...hosts, ...origins])];
  return { scripts, sources: { script: also([]), connect: also(SMILE_LINK), image: also(SMILE_IMAGES) } };
}
