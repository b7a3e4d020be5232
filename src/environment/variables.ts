/** The variables of the environment, with their values and their words. `npm run docs` writes the reference from them. */
import { z } from 'zod';
import {
  addressValue,
  bearerKeyValue,
  checkedValue,
  databaseUrlValue,
  listValue,
  logLevelValue,
  mailFromValue,
  mailServerValue,
  portValue,
  secretKeyValue,
  textValue,
} from './values.ts';

/** The words about one variable: a row of `docs/operate/configuration.md` and a line of `.env.example`. */
export interface VariableWords {
  /** The purpose of the variable, as sentences. */
  description: string;
  /** The default: a value, or words. */
  fallback: string;
  /** When an operator has to set it, as the end of “Set it when …”. */
  neededWhen: string;
  /** A value that is accepted. The example of a secret is a placeholder that is refused, so that it is never used. */
  example: string;
}

function variable<T extends z.ZodType>(schema: T, words: VariableWords) {
  return schema.optional().meta({ ...words });
}

const smileVariables = {
  API_KEY: variable(textValue, {
    description: "Smile API key, from Smile's Developer Portal.",
    fallback: 'none, so the site uses local Smile',
    neededWhen: 'people connect real work accounts',
    example: '<your API key>',
  }),
  API_SECRET: variable(textValue, {
    description: 'Smile API secret, which belongs to the key.',
    fallback: 'none',
    neededWhen: '`API_KEY` is set',
    example: '<your API secret>',
  }),
  OPEN_API_HOST: variable(addressValue, {
    description: "Address of Smile's API. In production it is `https://open.smileapi.io/v1`.",
    fallback: 'none',
    neededWhen: '`API_KEY` is set',
    example: 'https://sandbox.smileapi.io/v1',
  }),
  WEBHOOK_SECRET: variable(
    checkedValue('1 to 64 characters', (value) => value.length <= 64),
    {
      description: 'Secret of a webhook that you created in the Developer Portal.',
      fallback: 'only the webhook that `npm run smile -- register` creates is accepted',
      neededWhen: 'you created the webhook yourself',
      example: '<the secret of your webhook at Smile>',
    },
  ),
  WIDGET_ORIGIN: variable(addressValue, {
    description: 'Address from which the page loads the widget.',
    fallback: '`https://web.smileapi.io`',
    neededWhen: 'Smile gives you another address',
    example: 'https://web.smileapi.io',
  }),
  WINK_SCRIPT_V2: variable(addressValue, {
    description: 'Address of version 2 of the widget script.',
    fallback: '`/v2/smile.v2.js` at `WIDGET_ORIGIN`',
    neededWhen: 'Smile gives you another address',
    example: 'https://web.smileapi.io/v2/smile.v2.js',
  }),
  WINK_SCRIPT_V1: variable(addressValue, {
    description: 'Address of version 1 of the widget script.',
    fallback: '`/v1/smile.v1.js` at `WIDGET_ORIGIN`',
    neededWhen: 'Smile gives you another address',
    example: 'https://web.smileapi.io/v1/smile.v1.js',
  }),
};

const networkVariables = {
  APP_PORT: variable(portValue, {
    description: 'Port to listen on. `0` takes any free port.',
    fallback: '`8000`',
    neededWhen: 'another program uses port 8000',
    example: '8000',
  }),
  PORT: variable(portValue, {
    description: 'The same, for platforms that choose the port and set this name. `APP_PORT` goes first.',
    fallback: '`8000`',
    neededWhen: 'never, because such a platform sets it',
    example: '8000',
  }),
  APP_HOST: variable(
    checkedValue('an address or name of this machine', (value) => /^[\w.:-]+$/.test(value)),
    {
      description: 'Address to listen on. The default listens on every network, so that a phone can open a form.',
      fallback: '`0.0.0.0`',
      neededWhen: 'a proxy on the same machine receives the requests',
      example: '127.0.0.1',
    },
  ),
  PUBLIC_ORIGIN: variable(addressValue, {
    description: 'Address that people open. It may have a path, which the proxy has to strip.',
    fallback: 'the address that each request names',
    neededWhen: 'the site is public or behind a proxy',
    example: 'https://forms.example.com',
  }),
  TRUSTED_PROXIES: variable(
    checkedValue('a number from 0 to 10', (value) => /^([0-9]|10)$/.test(value)).transform(Number),
    {
      description:
        'How many proxies add to `X-Forwarded-For`. Flipsite reads that header only if the last proxy is on this machine or in a private network.',
      fallback: '`1` if `PUBLIC_ORIGIN` is set, otherwise `0` (`X-Forwarded-For` is ignored)',
      neededWhen: 'a CDN or a second proxy is in front',
      example: '1',
    },
  ),
  PAGE_ORIGINS: variable(listValue.pipe(z.array(addressValue.transform((value) => new URL(value).origin))), {
    description:
      'Origins of pages that you built with `API_ORIGIN`, separated by commas. They may post forms to this site. Set it for the build too: social networks then show a card of each page, with the first origin.',
    fallback: 'none',
    neededWhen: 'form pages are on another host',
    example: 'https://apply.example.com',
  }),
  DRAIN_SECONDS: variable(
    checkedValue('a number from 0 to 300', (value) => /^\d{1,3}$/.test(value) && +value <= 300).transform(Number),
    {
      description:
        'How long the site still answers requests after `SIGTERM`. During this time `/readyz` answers 503, so that a load balancer stops sending requests.',
      fallback: '`0`',
      neededWhen: 'several servers run behind a load balancer',
      example: '10',
    },
  ),
};

const storageVariables = {
  FORMS_DIR: variable(textValue, {
    description: 'Folder of the form files.',
    fallback: '`forms`',
    neededWhen: 'the forms are in another folder',
    example: 'forms',
  }),
  DATA_DIR: variable(textValue, {
    description: 'Folder for stored data: the SQLite database, files and the generated key. It is for one site only.',
    fallback: '`data`',
    neededWhen: 'the data is on another disk',
    example: 'data',
  }),
  DATABASE_URL: variable(databaseUrlValue, {
    description: 'Database: a SQLite file, or `postgres://user:password@host/name`.',
    fallback: '`flipsite.sqlite` in `DATA_DIR`',
    neededWhen: 'you use PostgreSQL',
    example: 'sqlite:data/flipsite.sqlite',
  }),
  DATABASE_CONNECTIONS: variable(
    checkedValue(
      'a number from 1 to 200',
      (value) => /^\d{1,3}$/.test(value) && +value >= 1 && +value <= 200,
    ).transform(Number),
    {
      description: 'Maximum number of connections from each server to PostgreSQL.',
      fallback: '`16`',
      neededWhen: 'all servers together would exceed `max_connections` of PostgreSQL',
      example: '16',
    },
  ),
  S3_BUCKET_URL: variable(addressValue, {
    description: "Address of an S3-compatible bucket for people's files. It is for one site only.",
    fallback: 'the folder `files` in `DATA_DIR`',
    neededWhen: 'several servers share the files',
    example: 'https://s3.eu-central-1.amazonaws.com/acme-forms',
  }),
  S3_REGION: variable(textValue, {
    description: 'Region of the bucket.',
    fallback: '`auto`',
    neededWhen: 'the bucket is at Amazon',
    example: 'eu-central-1',
  }),
  S3_ACCESS_KEY_ID: variable(textValue, {
    description: 'Id of the key for the bucket. The key needs the right to read, write, list and delete.',
    fallback: 'none',
    neededWhen: '`S3_BUCKET_URL` is set',
    example: '<access key id>',
  }),
  S3_SECRET_ACCESS_KEY: variable(textValue, {
    description: 'Secret of the key for the bucket.',
    fallback: 'none',
    neededWhen: '`S3_BUCKET_URL` is set',
    example: '<secret access key>',
  }),
};

const keyVariables = {
  SECRET_KEY: variable(secretKeyValue, {
    description: 'Key that signs links to drafts and encrypts stored data: 32 bytes in base64. Keep a copy of it.',
    fallback: 'generated once, as `secret.key` in `DATA_DIR`',
    neededWhen: 'several servers share the data',
    example: '<output of: openssl rand -base64 32>',
  }),
  FORMER_SECRET_KEYS: variable(listValue.pipe(z.array(secretKeyValue)), {
    description:
      'Earlier values of `SECRET_KEY`, separated by commas. Flipsite still accepts their links and decrypts their data.',
    fallback: 'none',
    neededWhen: 'you changed `SECRET_KEY`',
    example: '<the SECRET_KEY before this one>',
  }),
  LOST_SECRET_KEY: variable(
    checkedValue('8 hexadecimal digits', (value) => /^[0-9a-f]{8}$/.test(value)),
    {
      description: 'Id of a key that you no longer have. Flipsite starts without it, and cannot decrypt its data.',
      fallback: 'none',
      neededWhen: 'Flipsite refuses to start without a lost key, and names its id',
      example: 'a1b2c3d4',
    },
  ),
  SETUP_CODE: variable(textValue, {
    description: 'Code for the first visit to the dashboard. Flipsite never prints a code that you set.',
    fallback: 'generated and printed at each start, until the first member signs up',
    neededWhen: 'you cannot read the output of the server',
    example: '<a long code of your choice>',
  }),
  INTEGRATOR_API_KEY: variable(bearerKeyValue, {
    description:
      'API key for programs that read and delete submissions, and publish forms: 20 to 500 characters without spaces.',
    fallback: 'none, so programs cannot read anything',
    neededWhen: 'a program uses the API',
    example: '<output of: openssl rand -hex 24>',
  }),
  METRICS_KEY: variable(bearerKeyValue, {
    description: 'Bearer token for `/metrics`: 20 to 500 characters without spaces.',
    fallback: 'none, so only programs on this machine can read `/metrics`',
    neededWhen: 'your monitoring runs on another machine',
    example: '<output of: openssl rand -hex 24>',
  }),
};

const messageVariables = {
  SMTP_URL: variable(mailServerValue, {
    description: 'Mail server for outgoing emails: an `smtp:` or `smtps:` address.',
    fallback: 'none, so emails wait in the dashboard',
    neededWhen: 'a form sends emails or invitations',
    example: '<smtps://name:password@mail.example.com>',
  }),
  MAIL_FROM: variable(mailFromValue, {
    description: 'Sender of the emails.',
    fallback: 'none',
    neededWhen: '`SMTP_URL` is set',
    example: 'Acme Rides <forms@example.com>',
  }),
  WEBHOOK_ALLOWED_HOSTS: variable(
    // A part of an address that is copied with the host has no meaning.
    listValue.transform((hosts) => hosts.map((host) => host.toLowerCase().replace(/^https?:\/\/|\/.*$/g, ''))),
    {
      description: 'Hosts, separated by commas, that webhooks may reach without https and in a private network.',
      fallback: 'none',
      neededWhen: 'you develop a receiver on your own machine',
      example: 'localhost:4000',
    },
  ),
};

const runningVariables = {
  OUTGOING: variable(z.enum(['on', 'off'], 'must be on or off'), {
    description:
      '`on` or `off`: whether the site sends emails and webhooks, and uses Smile. With `off` they wait, local Smile takes the place of Smile, and Flipsite deletes no files in the bucket.',
    fallback: '`on`',
    neededWhen: 'you try out a copy of the data, such as a restored backup',
    example: 'on',
  }),
  RATE_LIMIT: variable(z.enum(['on', 'off'], 'must be on or off'), {
    description:
      '`on` or `off`: whether Flipsite limits requests from one address and flags forms that are filled in very fast.',
    fallback: '`on`',
    neededWhen: 'you run a load test',
    example: 'on',
  }),
  LOG_LEVEL: variable(logLevelValue, {
    description:
      'Least severe log lines to print: `fatal`, `error`, `warn`, `info`, `debug`, `trace`, or `silent` for none.',
    fallback: '`info`',
    neededWhen: 'you look for the cause of a problem',
    example: 'info',
  }),
};

/** All variables, by the section of the reference that lists them. */
export const VARIABLE_GROUPS = {
  Smile: smileVariables,
  Network: networkVariables,
  Storage: storageVariables,
  'Keys and codes': keyVariables,
  'Emails and webhooks': messageVariables,
  Running: runningVariables,
};

export const environmentSchema = z.object({
  ...smileVariables,
  ...networkVariables,
  ...storageVariables,
  ...keyVariables,
  ...messageVariables,
  ...runningVariables,
});

export type Environment = z.infer<typeof environmentSchema>;
export type Variable = keyof Environment;

/** The words about `name`. */
export const wordsOfVariable = (name: Variable): VariableWords =>
  environmentSchema.shape[name].meta() as unknown as VariableWords;

/** Variables that are of use only together. */
export const TOGETHER: { names: Variable[]; rule: string }[] = [
  {
    names: ['API_KEY', 'API_SECRET', 'OPEN_API_HOST'],
    rule: 'Set API_KEY, API_SECRET and OPEN_API_HOST together, or remove all three to use local Smile',
  },
  {
    names: ['S3_BUCKET_URL', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
    rule: 'Set S3_BUCKET_URL, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY together, or remove all three to keep files in DATA_DIR',
  },
  {
    names: ['SMTP_URL', 'MAIL_FROM'],
    rule: 'Set SMTP_URL and MAIL_FROM together, or remove both to keep emails in the dashboard',
  },
];
