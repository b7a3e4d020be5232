/** The files in `docs/operate/deploy/`, each read by the program that it is for, where this machine has it. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { request } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { lastingPort } from '../helpers/ports.ts';
import { afterwards } from '../helpers/run/afterwards.ts';
import { root } from '../helpers/site.ts';
import { itWith } from '../helpers/with-programs.ts';
import { temporaryFolder } from '../helpers/database.ts';

const deploy = join(root, 'docs/operate/deploy');
const read = (name: string) => readFileSync(join(deploy, name), 'utf8');

/** Runs the check of a program, and returns its errors in the file. */
function complaintsOf(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? '' : `${stdout}${stderr}`;
}

const units = { clone: join(deploy, 'flipsite.service'), package: join(root, 'dist/deploy/flipsite.service') };
describe.each(Object.entries(units))('the unit of a %s', (way, unit) => {
  itWith(['systemd-analyze'], 'is one that systemd reads, and finds well protected', () => {
    expect(complaintsOf('systemd-analyze', 'verify', unit)).toBe('');
    expect(complaintsOf('systemd-analyze', 'security', '--offline=true', '--threshold=20', unit)).toBe('');
  });

  it('starts a file that is there', () => {
    const [, server = ''] = /^ExecStart=.* node (\S+)$/m.exec(readFileSync(unit, 'utf8')) ?? [];
    expect(server).toBe({ clone: 'dist/server.js', package: 'node_modules/flipsite/server.js' }[way]);
    expect(existsSync(join(root, 'dist', 'server.js'))).toBe(true);
  });
});

itWith(['caddy'], 'Caddy reads its file', () => {
  expect(complaintsOf('caddy', 'validate', '--adapter', 'caddyfile', '--config', join(deploy, 'Caddyfile'))).toBe('');
});

it('both proxies end a request whose header or body does not come', () => {
  expect(read('Caddyfile')).toMatch(/read_header 20s\n\s*read_body 6m/);
  expect(read('nginx.conf')).toMatch(/client_header_timeout 20s;/);
});

/** A server in the place of Flipsite, behind a proxy. It ends after the test. */
async function openBehind(answer?: RequestListener): Promise<{ behind: Server; address: string }> {
  const behind = createServer(answer);
  await new Promise<void>((done) => behind.listen(0, '127.0.0.1', done));
  afterwards(() => (behind.closeAllConnections(), behind.close()));
  return { behind, address: `127.0.0.1:${(behind.address() as AddressInfo).port}` };
}

/** Ends a proxy after the test. */
const endAfterwards = (proxy: ChildProcess): void =>
  afterwards(async () => {
    proxy.kill();
    await once(proxy, 'exit');
  });

itWith(['caddy'], 'Caddy writes no line about requests that break off', async () => {
  const folder = temporaryFolder();
  const port = await lastingPort();
  const { behind, address } = await openBehind();
  const asked = once(behind, 'request');
  const file = read('Caddyfile')
    .replace('{', '{\n\tadmin off')
    .replace('forms.example.com', `http://127.0.0.1:${port}`)
    .replace('127.0.0.1:8000', address);
  writeFileSync(join(folder, 'Caddyfile'), file);
  const caddy = spawn('caddy', ['run', '--config', join(folder, 'Caddyfile')], { env: { PATH: process.env['PATH'], HOME: folder } }); // prettier-ignore
  let written = '';
  caddy.stderr.on('data', (text: Buffer) => (written += text.toString()));
  endAfterwards(caddy);
  await vi.waitFor(() => expect(written).toContain('serving initial configuration'), 10_000);
  const client = connect(port, '127.0.0.1');
  client.write('GET /driver HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  const [incoming] = (await asked) as [IncomingMessage];
  client.resetAndDestroy();
  await once(incoming.socket, 'close');
  // A wrong request has an answer, and a line would come before it.
  const wrong = connect(port, '127.0.0.1');
  wrong.write('POST /driver HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n');
  await once(wrong, 'data');
  wrong.destroy();
  expect(written).not.toContain('/driver');
});

/** The file for nginx with a certificate of its own, and the settings of the machine around it. @returns the path */
function nginxFile(change: (site: string) => string = (site) => site): string {
  const folder = temporaryFolder();
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=forms.example.com'], { stdio: 'ignore' }); // prettier-ignore
  const site = read('nginx.conf')
    .replace(/ssl_certificate .*;/, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`)
    .replaceAll('/var/log/nginx/', `${folder}/`);
  writeFileSync(join(folder, 'site.conf'), change(site));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${folder}/${one};`); // prettier-ignore
  const all = `pid ${folder}/pid; error_log ${folder}/log; events {} http { access_log ${folder}/access.log; ${temporary.join(' ')} include ${folder}/site.conf; }`;
  writeFileSync(join(folder, 'nginx.conf'), all);
  return join(folder, 'nginx.conf');
}

itWith(['nginx', 'openssl'], 'nginx reads its file', () => {
  expect(complaintsOf('nginx', '-t', '-c', nginxFile())).toBe('');
});

describe('behind nginx, with its file', () => {
  /** Starts nginx in front of a server with `answer`. `logged` reads all its logs. */
  async function openNginx(answer: RequestListener): Promise<{ port: number; logged(): string }> {
    const { address } = await openBehind(answer);
    const port = await lastingPort();
    const file = nginxFile((site) =>
      site
        .replace('127.0.0.1:8000', address)
        .replace(/listen \[::\].*;|listen 80;/g, '')
        .replace('listen 443', `listen 127.0.0.1:${port}`)
        // The first server only leads to https.
        .replace(/^server \{[^]*?\n\}/m, ''),
    );
    const nginx = spawn('nginx', ['-c', file, '-g', 'daemon off; master_process off;'], { stdio: 'ignore' });
    endAfterwards(nginx);
    await vi.waitFor(() => {
      const probe = connect(port, '127.0.0.1');
      return Promise.race([once(probe, 'connect'), once(probe, 'error').then(([error]) => Promise.reject(error as Error))]).finally(() => probe.destroy()); // prettier-ignore
    }, 5_000);
    const logs = ['access.log', 'error.log', 'log'].map((name) => join(dirname(file), name));
    return { port, logged: () => logs.filter((log) => existsSync(log)).map((log) => readFileSync(log, 'utf8')).join('') }; // prettier-ignore
  }

  const post = (port: number, headers: Record<string, string | number>) =>
    request({ host: '127.0.0.1', port, method: 'POST', path: '/driver', agent: false, rejectUnauthorized: false, headers: { host: 'forms.example.com', ...headers } }); // prettier-ignore

  itWith(
    ['nginx', 'openssl'],
    'a body reaches Flipsite while it comes, so that its limits hold and nginx stores none',
    async () => {
      const lengths: Record<string, string | number>[] = [{ 'content-length': 10_000_000 }, { 'transfer-encoding': 'chunked' }]; // prettier-ignore
      for (const headers of lengths) {
        const { promise: begun, resolve } = Promise.withResolvers<number>();
        const { port } = await openNginx((incoming) => incoming.once('data', (bytes: Buffer) => resolve(bytes.length)));
        const sent = post(port, headers).on('error', () => undefined);
        sent.write(Buffer.alloc(100_000));
        expect(await begun).toBeGreaterThan(0);
        sent.destroy();
      }
    },
  );

  itWith(['nginx', 'openssl'], 'a header with hundreds of websites reaches people', async () => {
    const policy = `frame-ancestors ${'https://branch.acme.example '.repeat(400)}`;
    const { port } = await openNginx((_, answer) => void answer.setHeader('content-security-policy', policy).end('Frame')); // prettier-ignore
    const sent = post(port, {}).end();
    const [{ statusCode }] = (await once(sent, 'response')) as [IncomingMessage];
    expect(statusCode).toBe(200);
  });

  itWith(['nginx', 'openssl'], 'no request leaves a line in a log', async () => {
    const { port, logged } = await openNginx((_, answer) => void answer.writeHead(404).end());
    for (const length of [0, 99_000_000]) {
      const sent = post(port, { 'content-length': length }).on('error', () => undefined);
      sent.flushHeaders();
      const [{ statusCode }] = (await once(sent, 'response')) as [IncomingMessage];
      expect(statusCode).toBe(length ? 413 : 404);
      sent.destroy();
    }
    expect(logged()).toBe('');
  });

  itWith(['nginx', 'openssl'], 'people see the answer to a body that Flipsite refuses while it comes', async () => {
    const { port } = await openNginx((_, answer) => void answer.writeHead(413).end('Too large'));
    for (let n = 0; n < 5; n++) {
      const sent = post(port, { 'content-length': 40_000_000 }).on('error', () => undefined);
      sent.end(Buffer.alloc(40_000_000));
      const [{ statusCode }] = (await once(sent, 'response')) as [IncomingMessage];
      expect(statusCode).toBe(413);
    }
  });
});

describe('the image', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n');
  const of = (word: string) => lines.filter((line) => line.startsWith(`${word} `));

  it('is made by instructions that engines know, whose shell commands Bash reads', () => {
    const written = lines.filter((line) => line.trim() && !line.startsWith('#'));
    for (const line of written)
      expect(line).toMatch(/^(FROM|ARG|WORKDIR|COPY|RUN|USER|ENV|VOLUME|EXPOSE|HEALTHCHECK|CMD) \S/);
    expect(written.at(-1)).toBe(`CMD ${JSON.stringify(['node', '/flipsite/server.js']).replace(',', ', ')}`);
    for (const line of of('RUN')) expect(complaintsOf('bash', '-n', '-c', line.slice(4))).toBe('');
  });

  it('has no secrets, no data and no packages of the machine that builds it', () => {
    const ignored = read('Dockerfile.dockerignore').trim().split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['node_modules', 'dist', 'data', 'backups', '.env', '.git']));
    for (const name of ignored) expect(name).toMatch(/^[\w.-]+$/);
  });

  it('runs as a normal user, from an image with a version', () => {
    expect(of('USER')).toEqual(['USER node']);
    for (const line of of('FROM'))
      expect(line).toMatch(/^FROM (--platform=\$BUILDPLATFORM node:26-slim AS build|node:26-slim)$/);
  });

  it('copies only files that the build makes', () => {
    const copied = of('COPY').flatMap((line) => line.match(/\/source\/dist\/\S+/g) ?? []);
    expect(copied.length).toBeGreaterThan(4);
    for (const path of copied)
      expect([path, existsSync(join(root, path.replace('/source/', '')))]).toEqual([path, true]);
  });

  it.each(['compose.yaml', 'compose.postgres.yaml'])('is run by %s with keys that Compose knows', (name) => {
    const texts = z.array(z.string());
    const service = z.strictObject({
      image: z.string(),
      restart: z.literal('unless-stopped'),
      init: z.boolean().optional(),
      read_only: z.boolean().optional(),
      tmpfs: texts.optional(),
      cap_drop: texts.optional(),
      security_opt: texts.optional(),
      ports: texts.optional(),
      env_file: texts.optional(),
      environment: z.record(z.string(), z.string()).optional(),
      volumes: texts,
      depends_on: z.record(z.string(), z.strictObject({ condition: z.literal('service_healthy') })).optional(),
      healthcheck: z.strictObject({ test: texts, interval: z.string() }).optional(),
      stop_grace_period: z
        .string()
        .regex(/^\d+s$/)
        .optional(),
    });
    const composition = z.strictObject({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) }); // prettier-ignore
    const { services, volumes } = composition.parse(parse(read(name)));
    const named = Object.values(services).flatMap((one) => one.volumes).map((one) => one.split(':')[0] ?? '').filter((one) => !one.startsWith('.')); // prettier-ignore
    expect(named.toSorted()).toEqual(Object.keys(volumes).toSorted());
    for (const { depends_on: needed = {} } of Object.values(services))
      for (const other of Object.keys(needed)) expect(services[other]?.healthcheck).toBeDefined();
  });

  it('names the version of package.json in both compositions, which keep no capability and a read-only root', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    for (const name of ['compose.yaml', 'compose.postgres.yaml']) {
      const { flipsite } = (parse(read(name)) as { services: Record<string, Record<string, unknown>> }).services;
      expect(flipsite).toMatchObject({ image: `flipsite:${version}`, read_only: true, cap_drop: ['ALL'] });
      expect(flipsite?.['ports']).toEqual(['127.0.0.1:8000:8000']);
    }
  });
});

// `site-metrics.test.ts` checks the files for Grafana and Prometheus.
it('has no file without a check', () => {
  const checked = ['Caddyfile', 'Dockerfile', 'Dockerfile.dockerignore', 'alerts.yml', 'compose.postgres.yaml', 'compose.yaml', 'flipsite.service', 'grafana.json', 'nginx.conf']; // prettier-ignore
  expect(readdirSync(deploy).sort()).toEqual(checked);
});
