import { findMisspelledSettings } from '../src/operate/misspelled-settings.ts';
import { VARIABLES } from '../src/environment/environment.ts';
import { serverAddressValue } from '../src/environment/values.ts';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig, type Config } from '../src/config.ts';
import { sealKeys } from '../src/record/crypto/seal.ts';
import { lostKey, secretKeyOf, siteKeyOf } from '../src/secret-key.ts';

function configOf(env: Record<string, string | undefined>): Config {
  const read = readConfig(env, () => 'generated');
  if (!read.ok) throw new Error(read.faults.join('\n'));
  return read.config;
}

function faultsOf(env: Record<string, string | undefined>): string[] {
  const read = readConfig(env);
  return read.ok ? [] : read.faults;
}

const keys = { API_KEY: 'k', API_SECRET: 's', OPEN_API_HOST: 'https://sandbox.smileapi.io/v1' };

describe('without any configuration', () => {
  it('everything has a default, and local Smile replaces Smile', () => {
    expect(configOf({ PATH: '/bin' })).toEqual({
      local: true,
      webhookSecret: 'generated',
      port: 8000,
      host: '0.0.0.0',
      trustedProxies: 0,
      formsDir: 'forms',
      drainMs: 0,
      dataDir: 'data',
      databaseUrl: join('data', 'flipsite.sqlite'),
      formerSecretKeys: [],
      pageOrigins: [],
      webhookHosts: [],
      rateLimit: true,
      outgoing: true,
      logLevel: 'info',
      widget: {
        scripts: { v1: '/local-smile/v1/smile.v1.js', v2: '/local-smile/v2/smile.v2.js' },
        sources: { script: [], connect: [], image: [] },
      },
    });
  });

  it('empty is the same as absent', () => {
    expect(configOf({ API_KEY: '', APP_PORT: ' ', PUBLIC_ORIGIN: '' })).toEqual(configOf({}));
  });

  it('each start has its own webhook secret', () => {
    const [one, other] = [readConfig({}), readConfig({})].map((read) => read.ok && read.config.webhookSecret);
    expect(one).toMatch(/^[0-9a-f]{48}$/);
    expect(one).not.toBe(other);
  });
});

describe("with Smile's keys", () => {
  it('Smile is asked, and its hosts may serve the widget', () => {
    expect(configOf(keys)).toMatchObject({
      local: false,
      smile: { host: 'https://sandbox.smileapi.io/v1', apiKey: 'k', apiSecret: 's' },
      webhookSecret: undefined,
      widget: {
        scripts: { v2: 'https://web.smileapi.io/v2/smile.v2.js', v1: 'https://web.smileapi.io/v1/smile.v1.js' },
        sources: {
          script: ['https://web.smileapi.io'],
          connect: ['https://link-sandbox.smileapi.io', 'https://link.smileapi.io', 'https://web.smileapi.io'],
          image: ['https://cdn.smileapi.io', 'https://file.smileapi.io', 'https://web.smileapi.io'],
        },
      },
    });
  });

  it('a Smile on this machine serves the widget itself', () => {
    const { smile, widget } = configOf({ ...keys, OPEN_API_HOST: 'http://127.0.0.1:8010/base/v1/' });
    expect(smile?.host).toBe('http://127.0.0.1:8010/base/v1');
    expect(widget.scripts.v2).toBe('http://127.0.0.1:8010/base/v2/smile.v2.js');
    expect(widget.sources.connect).toEqual(['http://127.0.0.1:*', 'http://localhost:*']);
  });

  it('the widget can come from elsewhere', () => {
    const { widget } = configOf({
      ...keys,
      WIDGET_ORIGIN: 'https://w.example',
      WINK_SCRIPT_V1: 'https://old.example/s.js',
    });
    expect(widget.scripts).toEqual({ v2: 'https://w.example/v2/smile.v2.js', v1: 'https://old.example/s.js' });
    expect(widget.sources.script).toEqual(['https://w.example', 'https://old.example']);
    expect(widget.sources.connect).toContain('https://link.smileapi.io');
  });

  it('a part of the three is a fault that asks for the others', () => {
    const rule =
      'is missing. Set API_KEY, API_SECRET and OPEN_API_HOST together, or remove all three to use local Smile.';
    expect(faultsOf({ API_KEY: 'k' })).toEqual([
      `API_SECRET ${rule} Example: API_SECRET=<your API secret>`,
      `OPEN_API_HOST ${rule} Example: OPEN_API_HOST=https://sandbox.smileapi.io/v1`,
    ]);
  });
});

describe('a variable', () => {
  it('PORT is the port where a platform sets it, unless APP_PORT is set', () => {
    expect(configOf({ PORT: '3000' }).port).toBe(3000);
    expect(configOf({ PORT: '3000', APP_PORT: '4000' }).port).toBe(4000);
  });

  it('is taken', () => {
    const secretKey = Buffer.alloc(32, 7);
    expect(
      configOf({
        APP_PORT: '0',
        APP_HOST: '127.0.0.1',
        DATA_DIR: '/var/flipsite',
        WEBHOOK_SECRET: 'hook',
        SECRET_KEY: secretKey.toString('base64'),
        FORMER_SECRET_KEYS: [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64')).join(', '),
        SETUP_CODE: 'open sesame',
        INTEGRATOR_API_KEY: '12345678901234567890',
        LOG_LEVEL: 'silent',
      }),
    ).toMatchObject({
      port: 0,
      host: '127.0.0.1',
      databaseUrl: join('/var/flipsite', 'flipsite.sqlite'),
      webhookSecret: 'hook',
      secretKey,
      formerSecretKeys: [Buffer.alloc(32, 1), Buffer.alloc(32, 2)],
      setupCode: 'open sesame',
      integratorApiKey: '12345678901234567890',
      logLevel: 'silent',
    });
  });

  it.each([
    ['https://forms.example.com/', 'https://forms.example.com', 'https://forms.example.com'],
    ['http://localhost:8000', 'http://localhost:8000', 'http://localhost:8000'],
    ['http://try.localhost:8000', 'http://try.localhost:8000', 'http://try.localhost:8000'],
    ['https://acme.example/apply/', 'https://acme.example/apply', 'https://acme.example'],
  ])('PUBLIC_ORIGIN %s is the site at %s', (written, publicUrl, publicOrigin) => {
    expect(configOf({ PUBLIC_ORIGIN: written })).toMatchObject({ publicUrl, publicOrigin });
  });

  it('reads the hosts of webhooks from addresses too', () => {
    const { webhookHosts } = configOf({ WEBHOOK_ALLOWED_HOSTS: 'http://LOCALHOST:4000, https://hooks.lan/x, [::1]:4000' }); // prettier-ignore
    expect(webhookHosts).toEqual(['localhost:4000', 'hooks.lan', '[::1]:4000']);
  });

  it('one proxy is believed where people come by another address, and as many as are named', () => {
    expect(configOf({ PUBLIC_ORIGIN: 'https://forms.example.com' }).trustedProxies).toBe(1);
    expect(configOf({ PUBLIC_ORIGIN: 'https://forms.example.com', TRUSTED_PROXIES: '0' }).trustedProxies).toBe(0);
    expect(configOf({ TRUSTED_PROXIES: '2' }).trustedProxies).toBe(2);
    for (const bad of ['-1', '1.5', 'many', '11']) expect(faultsOf({ TRUSTED_PROXIES: bad })).toHaveLength(1);
  });

  it.each([
    ['data/x.db', 'data/x.db'],
    ['sqlite:data/x.db', 'data/x.db'],
    ['sqlite:///srv/x.db', '/srv/x.db'],
    ['C:\\data\\x.db', 'C:\\data\\x.db'],
    ['postgres://u:p@db/forms', 'postgres://u:p@db/forms'],
    ['postgresql://db/forms', 'postgresql://db/forms'],
  ])('DATABASE_URL %s is the database %s', (written, databaseUrl) => {
    expect(configOf({ DATABASE_URL: written }).databaseUrl).toBe(databaseUrl);
  });
});

describe('a faulty configuration', () => {
  const bad = {
    ...keys,
    APP_PORT: '80000',
    APP_HOST: 'http://here',
    OPEN_API_HOST: 'http://sandbox.smileapi.io/v1',
    PUBLIC_ORIGIN: 'forms.example.com',
    DATABASE_URL: 'mysql://user:hidden@db/forms',
    SECRET_KEY: 'hidden',
    WEBHOOK_SECRET: 'hidden'.repeat(20),
    INTEGRATOR_API_KEY: 'hidden',
    LOG_LEVEL: 'hidden',
  };

  it('is reported as a whole, each variable with an example and none with its value', () => {
    expect(faultsOf(bad)).toEqual([
      'OPEN_API_HOST must begin with https://, because http:// is for addresses of this machine only. Example: OPEN_API_HOST=https://sandbox.smileapi.io/v1',
      'WEBHOOK_SECRET must be 1 to 64 characters. Example: WEBHOOK_SECRET=<the secret of your webhook at Smile>',
      'APP_PORT must be a port number from 0 to 65535. Example: APP_PORT=8000',
      'APP_HOST must be an address or name of this machine. Example: APP_HOST=127.0.0.1',
      'PUBLIC_ORIGIN must begin with https://. Example: PUBLIC_ORIGIN=https://forms.example.com',
      'DATABASE_URL must name a SQLite file or a PostgreSQL database. Example: DATABASE_URL=sqlite:data/flipsite.sqlite',
      'SECRET_KEY must be 32 bytes in base64. Example: SECRET_KEY=<output of: openssl rand -base64 32>',
      'INTEGRATOR_API_KEY must be 20 to 500 characters without spaces. Example: INTEGRATOR_API_KEY=<output of: openssl rand -hex 24>',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent. Example: LOG_LEVEL=info',
    ]);
    expect(faultsOf(bad).join()).not.toContain('hidden');
  });

  it('reports a wrong variable and a missing one together', () => {
    expect(faultsOf({ API_KEY: 'k', API_SECRET: 's', APP_PORT: 'x' })).toHaveLength(2);
  });

  it.each([
    ['https://user:pass@forms.example.com', 'must have no user name and no password'],
    ['https://forms.example.com/?x=1', 'must have no query, which is the part from “?” on'],
    ['https://forms.example.com/#top', 'must have no fragment, which is the part from “#” on'],
    ['http://forms.example.com', 'must begin with https://, because http:// is for addresses of this machine only'],
    ['https://', 'is not a complete address'],
    ['ftp://x', 'must begin with https://'],
    ['localhost:8000', 'must begin with https://'],
    ['<https://forms.example.com>', 'is still a placeholder'],
  ])('refuses %s as an address, because it %s', (written, fault) => {
    expect(faultsOf({ PUBLIC_ORIGIN: written })).toEqual([`PUBLIC_ORIGIN ${fault}. Example: PUBLIC_ORIGIN=https://forms.example.com`]); // prettier-ignore
  });

  it.each(['https://forms.example.com/api', 'https://example.com/forms/admin/'])(
    'refuses %s for pages elsewhere, because Flipsite adds the end',
    (written) => {
      expect(serverAddressValue.safeParse(written).error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining('must not have the path /api or /admin')]); // prettier-ignore
    },
  );

  it('accepts a path for pages elsewhere', () => {
    expect(serverAddressValue.parse('https://example.com/forms/')).toBe('https://example.com/forms');
  });

  it.each([':memory:', 'sqlite::memory:', 'sqlite:', 'mysql://db/x'])('refuses %s as a database', (written) => {
    expect(faultsOf({ DATABASE_URL: written })).toHaveLength(1);
  });

  it.each(['a/b', 'a#b', 'a?b'])('says how to write the password %s of a database', (password) => {
    const faults = faultsOf({ DATABASE_URL: `postgres://flipsite:${password}@database:5432/flipsite` });
    expect(faults).toEqual([expect.stringMatching(/^DATABASE_URL must be an address: write \/ as %2F/)]);
  });

  it.each(['postgres:///forms', 'postgres://u:p@/forms?host=/run/postgresql', 'postgres://u:p%2Fw@[::1]:5432/forms'])(
    'accepts %s as a database',
    (written) => {
      expect(configOf({ DATABASE_URL: written }).databaseUrl).toBe(written);
    },
  );
});

describe('.env.example', () => {
  const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const lines = [...example.matchAll(/^# (?<name>[A-Z][A-Z0-9_]*)=(?<value>.*)$/gm)];

  it('changes nothing when it is copied as it is', () => {
    expect(example.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });

  it('is valid with every line switched on, except for the example secrets', () => {
    const env = Object.fromEntries(lines.map(({ groups }) => [groups?.name, groups?.value]));
    const secrets = [
      'API_KEY',
      'API_SECRET',
      'WEBHOOK_SECRET',
      'S3_ACCESS_KEY_ID',
      'S3_SECRET_ACCESS_KEY',
      'SECRET_KEY',
      'FORMER_SECRET_KEYS',
      'SETUP_CODE',
      'INTEGRATOR_API_KEY',
      'METRICS_KEY',
      'SMTP_URL',
    ];
    expect(faultsOf(env).map((fault) => fault.split(' ')[0])).toEqual(secrets);
  });
});

describe('a mail server', () => {
  const SMTP_URL = 'smtps://me:geheim@mail.acme.example:465';

  it.each(['forms@acme.example', 'Acme Rides <forms@acme.example>'])('sends as %s', (from) => {
    const read = readConfig({ SMTP_URL, MAIL_FROM: from });
    expect(read).toMatchObject({ ok: true, config: { mail: { url: SMTP_URL, from } } });
  });

  it('needs a sender, and a sender a mail server', () => {
    expect(faultsOf({ SMTP_URL })).toEqual([
      'MAIL_FROM is missing. Set SMTP_URL and MAIL_FROM together, or remove both to keep emails in the dashboard. Example: MAIL_FROM=Acme Rides <forms@example.com>',
    ]);
    expect(faultsOf({ MAIL_FROM: 'forms@acme.example' })).toHaveLength(1);
  });

  it.each([
    { SMTP_URL: 'mail.acme.example', MAIL_FROM: 'forms@acme.example' },
    { SMTP_URL, MAIL_FROM: 'Acme Rides' },
    { SMTP_URL, MAIL_FROM: 'a@b.example>\nBcc: <c@d.example' },
  ])('%j is a fault that shows no password', (env) => {
    const faults = faultsOf(env);
    expect(faults).toHaveLength(1);
    expect(faults.join()).not.toContain('geheim');
  });
});

describe('the secret key', () => {
  let dataDir: string;
  beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'flipsite-'))));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('is generated once, for its owner only, in a folder that need not exist', () => {
    const folder = join(dataDir, 'new', 'data');
    const first = secretKeyOf({ dataDir: folder });
    expect(first.ok && first.key.length).toBe(32);
    expect(secretKeyOf({ dataDir: folder })).toEqual(first);
    expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
  });

  it('is missed beside a database only, where SECRET_KEY has none', () => {
    const [databaseUrl, file] = [join(dataDir, 'flipsite.sqlite'), join(dataDir, 'secret.key')];
    const site = { dataDir, databaseUrl, formerSecretKeys: [] };
    expect(lostKey(site)).toBeUndefined();
    expect(lostKey({ ...site, databaseUrl: 'postgres://localhost/site' })).toBeUndefined();
    writeFileSync(databaseUrl, 'rows');
    const lost = lostKey(site);
    expect(lost).toContain(`its key is not: ${file}. Restore your copy of it`);
    expect(siteKeyOf(site)).toEqual({ ok: false, fault: lost });
    expect(existsSync(file)).toBe(false);
    expect(lostKey({ ...site, secretKey: Buffer.alloc(32) })).toBeUndefined();
    writeFileSync(file, 'key');
    expect(lostKey(site)).toBeUndefined();
  });

  it('is missed by its id where the database has that, until it is a former key or given up', () => {
    const site = { dataDir, databaseUrl: join(dataDir, 'flipsite.sqlite'), formerSecretKeys: [] };
    const key = Buffer.alloc(32, 1);
    const id = sealKeys([key])[0]?.id ?? '';
    const db = new DatabaseSync(site.databaseUrl);
    db.exec(`create table site_key (row integer primary key, key_id text not null); insert into site_key values (1, '${id}')`); // prettier-ignore
    db.close();
    expect(lostKey(site)).toContain(`set LOST_SECRET_KEY=${id}`);
    expect(lostKey({ ...site, lostSecretKey: '00000000' })).toContain(`set LOST_SECRET_KEY=${id}`);
    expect(lostKey({ ...site, formerSecretKeys: [key] })).toBeUndefined();
    expect(siteKeyOf({ ...site, lostSecretKey: id })).toMatchObject({ ok: true });
  });

  it('is never replaced when it is damaged', () => {
    writeFileSync(join(dataDir, 'secret.key'), 'half a k');
    expect(secretKeyOf({ dataDir })).toEqual({
      ok: false,
      fault: `${join(dataDir, 'secret.key')} is damaged: it must have 32 bytes in base64. Restore your copy of it. If you delete it, all drafts and all encrypted data are lost.`,
    });
    expect(readFileSync(join(dataDir, 'secret.key'), 'utf8')).toBe('half a k');
  });
});

it('a name in .env that is close to a setting is found, and other names are not', () => {
  const text = 'PUBLIC_ORIGN=https://acme.example\nAPP_PORT=1\nWEBHOOK_SECRET_2=x\nHOOK_SECRET=y\nPATH_OF_MINE=z\n';
  expect(findMisspelledSettings(text, VARIABLES)).toEqual([
    '.env has PUBLIC_ORIGN, which is no setting. Did you mean PUBLIC_ORIGIN?',
  ]);
});
