/** The environment, checked once: everything that can be set without touching a form. `.env.example` lists it. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A value copied from an example without being filled in, like `<apikey>`. */
const PLACEHOLDER = /^<.*>$/;

const text = z.string().refine((value) => !PLACEHOLDER.test(value), 'is still the placeholder of an example');

function checked(must: string, accepts: (value: string) => boolean) {
  return text.refine(accepts, `must be ${must}`);
}

const port = checked(
  'a port number from 0 to 65535',
  (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535,
).transform(Number);

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function isSafeAddress(value: string) {
  const url = URL.parse(value);
  if (!url || url.username || url.password || url.search || url.hash) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
}

const isMailServer = (value: string) => {
  const url = URL.parse(value);
  return !!url && /^smtps?:$/.test(url.protocol) && url.hostname !== '';
};

const MAIL_FROM = /^(?:[^<>@\p{C}]{1,100} *<[^\s<>@]{1,100}@[^\s<>@]{1,150}>|[^\s<>@]{1,100}@[^\s<>@]{1,150})$/u;

const address = checked('an https address (http on this machine only)', isSafeAddress).transform((value) =>
  new URL(value).href.replace(/\/+$/, ''),
);

const secretKey = checked('32 bytes in base64', (value) => /^[\w+/-]{43}=?$/.test(value)).transform((value) =>
  Buffer.from(value, 'base64'),
);

/** Anything with another scheme is a database we cannot open. One letter is a drive, not a scheme. */
const databaseUrl = text
  .transform((value) => value.replace(/^sqlite:(\/\/)?/, ''))
  .refine(
    (value) => POSTGRES.test(value) || (value !== '' && !/^([a-z][a-z0-9+.-]+)?:/i.test(value)),
    'must name a SQLite file or a PostgreSQL database',
  );

const POSTGRES = /^postgres(ql)?:\/\/./;

const logLevel = z.enum(
  ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  'must be one of fatal, error, warn, info, debug, trace, silent',
);

/**
 * A variable that may be left out. The description is its line in `.env.example`; the example is what a fault tells
 * people to write. Examples of secrets are placeholders that are refused, so that nobody runs on a published secret.
 */
function variable<T extends z.ZodType>(schema: T, example: string, description: string) {
  return schema.optional().meta({ example, description });
}

export const environmentSchema = z.object({
  API_KEY: variable(text, '<your API key>', "Smile API key, from Smile's Developer Portal. Without it, local Smile."),
  API_SECRET: variable(text, '<your API secret>', 'Smile API secret, the other half of the key.'),
  OPEN_API_HOST: variable(
    address,
    'https://sandbox.smileapi.io/v1',
    "Address of Smile's Open API; production is https://open.smileapi.io/v1.",
  ),
  WEBHOOK_SECRET: variable(
    checked('1 to 64 characters', (value) => value.length <= 64),
    '<the secret of your webhook at Smile>',
    'Secret of a webhook that was made by hand at Smile; one that is registered from here brings its own.',
  ),
  APP_PORT: variable(port, '8000', 'Port to listen on; 0 takes a free one. Default 8000.'),
  APP_HOST: variable(
    checked('an address or name of this machine', (value) => /^[\w.:-]+$/.test(value)),
    '127.0.0.1',
    'Address to listen on. Default 0.0.0.0: every network of this machine, so that a phone can open a form.',
  ),
  DRAIN_SECONDS: variable(
    checked('a number from 0 to 300', (value) => /^\d{1,3}$/.test(value) && +value <= 300).transform(Number),
    '10',
    'How long a stop (SIGTERM) still answers everything while /readyz says no, so that a balancer leaves first. Default 0.',
  ),
  PUBLIC_ORIGIN: variable(
    address,
    'https://forms.example.com',
    'Address that people open, when a proxy stands in front. A path in it is for a proxy that strips it.',
  ),
  PAGE_ORIGINS: variable(
    text
      .transform((value) => value.split(',').map((one) => one.trim()))
      .pipe(z.array(address.transform((value) => new URL(value).origin))),
    'https://apply.example.com',
    'Origins of pages that were built with API_ORIGIN and stand elsewhere, with commas between them: they may post forms here.',
  ),
  TRUSTED_PROXIES: variable(
    checked('a number from 0 to 10', (value) => /^([0-9]|10)$/.test(value)).transform(Number),
    '1',
    'How many proxies stand in front and add to X-Forwarded-For. Default 1 with PUBLIC_ORIGIN, else 0: none is believed.',
  ),
  FORMS_DIR: variable(text, 'forms', 'Folder of the forms. Default forms.'),
  DATA_DIR: variable(text, 'data', 'Folder for all that is stored. Default data.'),
  DATABASE_URL: variable(
    databaseUrl,
    'sqlite:data/flipsite.sqlite',
    'Where submissions are stored: a SQLite file, or postgres://user:password@host/name. Default flipsite.sqlite in DATA_DIR.',
  ),
  DATABASE_CONNECTIONS: variable(
    checked('a number from 1 to 200', (value) => /^\d{1,3}$/.test(value) && +value >= 1 && +value <= 200).transform(
      Number,
    ),
    '16',
    'Most connections to PostgreSQL, of each server. Default 16.',
  ),
  S3_BUCKET_URL: variable(
    address,
    'https://s3.eu-central-1.amazonaws.com/acme-forms',
    'Address of a bucket, at any S3-compatible store, for the files that people send. Default: a folder in DATA_DIR.',
  ),
  S3_REGION: variable(
    text,
    'eu-central-1',
    "Region of the bucket. Default auto, which stores other than Amazon's take.",
  ),
  S3_ACCESS_KEY_ID: variable(text, '<access key id>', 'Key that may read, write, list and delete in the bucket.'),
  S3_SECRET_ACCESS_KEY: variable(text, '<secret access key>', 'Secret of that key.'),
  SECRET_KEY: variable(
    secretKey,
    '<output of: openssl rand -base64 32>',
    'Key of the tokens that open drafts, and of what is stored encrypted: 32 bytes, base64. Generated once as secret.key in DATA_DIR; back it up.',
  ),
  FORMER_SECRET_KEYS: variable(
    text.transform((value) => value.split(',').map((one) => one.trim())).pipe(z.array(secretKey)),
    '<the SECRET_KEY before this one>',
    'Earlier values of SECRET_KEY, with commas between them: what they have sealed opens, and drafts begun under them go on.',
  ),
  SETUP_CODE: variable(
    text,
    '<a long code of your choice>',
    'Code that opens the dashboard the first time. Generated and printed once without it.',
  ),
  INTEGRATOR_API_KEY: variable(
    checked('20 to 500 characters without spaces', (value) => /^[\x21-\x7e]{20,500}$/.test(value)),
    '<output of: openssl rand -hex 24>',
    'First API key for programs that read submissions: 20 characters or more. None without it.',
  ),
  METRICS_KEY: variable(
    checked('20 to 500 characters without spaces', (value) => /^[\x21-\x7e]{20,500}$/.test(value)),
    '<output of: openssl rand -hex 24>',
    'Key that opens /metrics to your monitoring, as a bearer token. Without it, only this machine itself may read them.',
  ),
  SMTP_URL: variable(
    checked('the address of a mail server', isMailServer),
    '<smtps://name:password@mail.example.com>',
    'Mail server that sends emails, smtp: or smtps:. Without it, emails are kept in the dashboard.',
  ),
  MAIL_FROM: variable(
    checked('an email address, with or without a name before it', (value) => MAIL_FROM.test(value)),
    'Acme Rides <forms@example.com>',
    'Who emails are from; goes together with SMTP_URL.',
  ),
  WEBHOOK_ALLOWED_HOSTS: variable(
    text.transform((value) => value.split(',').map((one) => one.trim().toLowerCase())),
    'localhost:4000',
    'Hosts that webhooks may go to although they are private, and without https; for development. Default none.',
  ),
  RATE_LIMIT: variable(
    z.enum(['on', 'off'], 'must be on or off'),
    'on',
    'Limits on what one address may begin and how fast a form may be sent, on or off; off is for load tests. Default on.',
  ),
  LOG_LEVEL: variable(logLevel, 'info', 'Least severe log lines to print, debug to fatal, or silent. Default info.'),
  WIDGET_ORIGIN: variable(
    address,
    'https://web.smileapi.io',
    "Address that the widget loads from and talks to, when it is not Smile's own.",
  ),
  WINK_SCRIPT_V2: variable(
    address,
    'https://web.smileapi.io/v2/smile.v2.js',
    'Widget script, version 2. Default: at WIDGET_ORIGIN.',
  ),
  WINK_SCRIPT_V1: variable(
    address,
    'https://web.smileapi.io/v1/smile.v1.js',
    'Widget script, version 1. Default: at WIDGET_ORIGIN.',
  ),
});

type Environment = z.infer<typeof environmentSchema>;
type Variable = keyof Environment;

export interface Widget {
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
  bucket?: { url: string; region: string; accessKeyId: string; secretAccessKey: string };
  /** 32 bytes; absent: `loadSecretKey(dataDir)`. */
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
  logLevel: z.infer<typeof logLevel>;
  widget: Widget;
}

export type ReadConfig = { ok: true; config: Config } | { ok: false; faults: string[] };

/**
 * Reads the configuration from an environment, or tells every fault at once, each with the variable's name and an
 * example and never its value. Empty is the same as absent. The entry point fills the environment from `.env` first:
 * `process.loadEnvFile()`, if that file exists; what is set outside it wins.
 */
export function readConfig(
  env: Record<string, string | undefined>,
  newSecret: () => string = () => randomBytes(24).toString('hex'),
): ReadConfig {
  const given = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const parsed = environmentSchema.safeParse(given);
  const wrong = new Map(parsed.error?.issues.map((issue) => [issue.path[0] as Variable, issue.message]));

  for (const { names, otherwise } of TOGETHER) {
    const absent = names.filter((name) => !(name in given));
    if (absent.length === names.length) continue;
    const rule = `is missing: ${names.join(', ')} go together (without all three, ${otherwise})`;
    for (const name of absent) wrong.set(name, rule);
  }

  const mail = ['SMTP_URL', 'MAIL_FROM'] as const;
  const alone = mail.filter((name) => !(name in given));
  if (alone.length === 1 && alone[0]) wrong.set(alone[0], `is missing: ${mail.join(' and ')} go together`);

  if (!parsed.success || wrong.size > 0) {
    return { ok: false, faults: [...wrong].map(([name, fault]) => `${name} ${fault}, for example ${exampleOf(name)}`) };
  }
  return { ok: true, config: configure(parsed.data, newSecret) };
}

/** What a form may name in `secret_env`: none of our own settings, which are nobody else's to use. */
export function formSecret(name: string, env: Record<string, string | undefined>): string | undefined {
  return name in environmentSchema.shape ? undefined : env[name]?.trim() || undefined;
}

/** What is of use only as a whole. */
const TOGETHER: { names: Variable[]; otherwise: string }[] = [
  { names: ['API_KEY', 'API_SECRET', 'OPEN_API_HOST'], otherwise: 'local Smile is used' },
  { names: ['S3_BUCKET_URL', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'], otherwise: 'files stay in DATA_DIR' },
];

function exampleOf(name: Variable) {
  return `${name}=${environmentSchema.shape[name].meta()?.['example']}`;
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

function widgetOf(env: Environment, openApiHost: string | undefined): Widget {
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

export type LoadedKey = { ok: true; key: Buffer } | { ok: false; fault: string };

/**
 * The key in `secret.key` of the data folder: 32 bytes as base64, generated the first time, readable by its owner only.
 * Without it nobody can go on with a draft, nor read what is stored encrypted, so a damaged one is a fault and never
 * replaced.
 */
export function loadSecretKey(dataDir: string): LoadedKey {
  const path = join(dataDir, 'secret.key');
  mkdirSync(dataDir, { recursive: true });
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const parsed = secretKey.safeParse(readFileSync(path, 'utf8').trim());
  if (parsed.success) return { ok: true, key: parsed.data };
  const remedy = 'put back your copy of it; deleting it gives up every draft, and all that is stored encrypted';
  return { ok: false, fault: `${path} does not hold 32 bytes in base64: ${remedy}` };
}
