/** The variables of the environment: what each may hold, and what it is for. `.env.example` lists them. */
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

export const secretKey = checked('32 bytes in base64', (value) => /^[\w+/-]{43}=?$/.test(value)).transform((value) =>
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

const list = text.transform((value) => value.split(',').map((one) => one.trim()));

const bearerKey = checked('20 to 500 characters without spaces', (value) => /^[\x21-\x7e]{20,500}$/.test(value));

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
    list.pipe(z.array(address.transform((value) => new URL(value).origin))),
    'https://apply.example.com',
    'Origins of pages that were built with API_ORIGIN and stand elsewhere, with commas between them: they may post forms here.',
  ),
  TRUSTED_PROXIES: variable(
    checked('a number from 0 to 10', (value) => /^([0-9]|10)$/.test(value)).transform(Number),
    '1',
    'How many proxies stand in front and add to X-Forwarded-For. Default 1 with PUBLIC_ORIGIN, else 0. Only a proxy on this machine or in a private network is believed.',
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
    list.pipe(z.array(secretKey)),
    '<the SECRET_KEY before this one>',
    'Earlier values of SECRET_KEY, with commas between them: what they have sealed opens, and drafts begun under them go on.',
  ),
  SETUP_CODE: variable(
    text,
    '<a long code of your choice>',
    'Code that opens the dashboard the first time. Generated and printed once without it.',
  ),
  INTEGRATOR_API_KEY: variable(
    bearerKey,
    '<output of: openssl rand -hex 24>',
    'First API key for programs that read submissions: 20 characters or more. None without it.',
  ),
  METRICS_KEY: variable(
    bearerKey,
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
    list.transform((hosts) => hosts.map((host) => host.toLowerCase())),
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

export type Environment = z.infer<typeof environmentSchema>;
type Variable = keyof Environment;

/** What is of use only as a whole. */
const TOGETHER: { names: Variable[]; rule: string }[] = [
  {
    names: ['API_KEY', 'API_SECRET', 'OPEN_API_HOST'],
    rule: 'API_KEY, API_SECRET, OPEN_API_HOST go together (without all three, local Smile is used)',
  },
  {
    names: ['S3_BUCKET_URL', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
    rule: 'S3_BUCKET_URL, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY go together (without all three, files stay in DATA_DIR)',
  },
  { names: ['SMTP_URL', 'MAIL_FROM'], rule: 'SMTP_URL and MAIL_FROM go together' },
];

export type ReadEnvironment = { ok: true; values: Environment } | { ok: false; faults: string[] };

/** Every variable that is ours, or every fault at once, each with its name and an example and never its value. Empty is the same as absent. */
export function readEnvironment(env: Record<string, string | undefined>): ReadEnvironment {
  const given = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const parsed = environmentSchema.safeParse(given);
  const wrong = new Map(parsed.error?.issues.map((issue) => [issue.path[0] as Variable, issue.message]));
  for (const { names, rule } of TOGETHER) {
    const absent = names.filter((name) => !(name in given));
    if (absent.length === names.length) continue;
    for (const name of absent) wrong.set(name, `is missing: ${rule}`);
  }
  if (parsed.success && wrong.size === 0) return { ok: true, values: parsed.data };
  return { ok: false, faults: [...wrong].map(([name, fault]) => `${name} ${fault}, for example ${exampleOf(name)}`) };
}

const exampleOf = (name: Variable) => `${name}=${environmentSchema.shape[name].meta()?.['example']}`;

/** What a form may name in `secret_env`: none of our own settings, which are nobody else's to use. */
export function formSecret(name: string, env: Record<string, string | undefined>): string | undefined {
  return name in environmentSchema.shape ? undefined : env[name]?.trim() || undefined;
}
