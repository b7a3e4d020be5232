/** The configuration, from environment variables. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Environment } from './environment/variables.ts';
import { readEnvironment } from './environment/environment.ts';
import type { Bucket } from './record/files/s3.ts';

export interface WidgetConfig {
  /** Addresses of the scripts. In local mode they are paths on the site's origin. */
  scripts: { v1: string; v2: string };
  /** Sources that the widget's CSP allows besides the site's origin. */
  sources: { script: string[]; connect: string[]; image: string[] };
}

export interface Config {
  /** Whether local Smile replaces Smile: no API keys are set, or nothing leaves the site. */
  local: boolean;
  /** Options of the Smile client; absent in local mode. */
  smile?: { host: string; apiKey: string; apiSecret: string };
  /** If absent, Smile's webhooks are refused, as they cannot be verified. Always set in local mode. */
  webhookSecret?: string;
  port: number;
  host: string;
  /** How long a stopping server still answers requests. */
  drainMs: number;
  /**
   * The public address of the site, without a slash at the end. It may have a path. If absent, the address it listens
   * on.
   */
  publicUrl?: string;
  /** The origin of `publicUrl`, as browsers send it. */
  publicOrigin?: string;
  /** Other origins that have pages of the site. */
  pageOrigins: string[];
  /** How many proxies in front add to `X-Forwarded-For`. */
  trustedProxies: number;
  formsDir: string;
  dataDir: string;
  /** A path, or the address of a PostgreSQL database, which may contain a password. */
  databaseUrl: string;
  databaseConnections?: number;
  /** Stores files, instead of a folder in `dataDir`. */
  bucket?: Bucket;
  /** 32 bytes; if absent, see `secretKeyOf`. */
  secretKey?: Buffer;
  /** Decrypt data from before the key was changed. */
  formerSecretKeys: Buffer[];
  /** The id of a key that the operator has given up. */
  lostSecretKey?: string;
  setupCode?: string;
  integratorApiKey?: string;
  metricsKey?: string;
  /** The mail server; if absent, emails are held. */
  mail?: { url: string; from: string } | undefined;
  /** Private hosts, with or without a port, that webhooks may go to. */
  webhookHosts: string[];
  rateLimit: boolean;
  /** Whether emails, webhooks and calls to Smile leave the site. A trial copy must not send the messages that wait in it. */
  outgoing: boolean;
  logLevel: NonNullable<Environment['LOG_LEVEL']>;
  widget: WidgetConfig;
}

export type ReadConfig = { ok: true; config: Config } | { ok: false; faults: string[] };

/**
 * Reads the configuration, or returns all errors at once. The caller first loads `.env` with `loadEnvFile()`,
 * which does not replace variables that are already set.
 */
export function readConfig(
  env: Record<string, string | undefined>,
  newSecret: () => string = () => randomBytes(24).toString('hex'),
): ReadConfig {
  const read = readEnvironment(env);
  return read.ok ? { ok: true, config: toConfig(read.values, newSecret) } : read;
}

function toConfig(env: Environment, newSecret: () => string): Config {
  const { API_KEY, API_SECRET, OPEN_API_HOST } = env;
  const outgoing = env.OUTGOING !== 'off';
  const smile =
    outgoing && API_KEY && API_SECRET && OPEN_API_HOST
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
    port: env.APP_PORT ?? env.PORT ?? 8000,
    // Reachable for phones and containers. That is safe: the dashboard needs a code from this machine's terminal,
    // programs need a key, and without Smile's keys there are no real accounts.
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
    lostSecretKey: env.LOST_SECRET_KEY,
    setupCode: env.SETUP_CODE,
    integratorApiKey: env.INTEGRATOR_API_KEY,
    metricsKey: env.METRICS_KEY,
    mail: env.SMTP_URL && env.MAIL_FROM ? { url: env.SMTP_URL, from: env.MAIL_FROM } : undefined,
    webhookHosts: env.WEBHOOK_ALLOWED_HOSTS ?? [],
    rateLimit: env.RATE_LIMIT !== 'off',
    outgoing,
    logLevel: env.LOG_LEVEL ?? 'info',
    widget: widgetOf(outgoing ? env : {}, smile?.host),
  };
}

/** The hosts of the widget and its images. Smile documents no CSP; these hosts are in its documents. */
const SMILE_LINK = ['https://link-sandbox.smileapi.io', 'https://link.smileapi.io'];
const SMILE_IMAGES = ['https://cdn.smileapi.io', 'https://file.smileapi.io'];

/** A Smile on this machine puts its own port in the link token, so every port here may be the widget's. */
const THIS_MACHINE = ['http://127.0.0.1:*', 'http://localhost:*'];

function widgetOf(
  env: Pick<Environment, 'WIDGET_ORIGIN' | 'WINK_SCRIPT_V1' | 'WINK_SCRIPT_V2'>,
  openApiHost: string | undefined,
): WidgetConfig {
  const localHost = openApiHost?.startsWith('http:') ? openApiHost.replace(/\/v\d+$/, '') : undefined;
  const base = env.WIDGET_ORIGIN ?? localHost ?? (openApiHost ? 'https://web.smileapi.io' : '/local-smile');
  const scripts = {
    v1: env.WINK_SCRIPT_V1 ?? `${base}/v1/smile.v1.js`,
    v2: env.WINK_SCRIPT_V2 ?? `${base}/v2/smile.v2.js`,
  };
  const external = [base, scripts.v1, scripts.v2].filter((address) => !address.startsWith('/'));
  if (external.length === 0) return { scripts, sources: { script: [], connect: [], image: [] } };
  if (base.startsWith('http:')) {
    return { scripts, sources: { script: THIS_MACHINE, connect: THIS_MACHINE, image: THIS_MACHINE } };
  }
  const origins = external.map((address) => new URL(address).origin);
  const withOrigins = (hosts: string[]) => [...new Set([...hosts, ...origins])];
  return {
    scripts,
    sources: { script: withOrigins([]), connect: withOrigins(SMILE_LINK), image: withOrigins(SMILE_IMAGES) },
  };
}
