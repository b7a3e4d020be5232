/** Puts the site together: everything that is opened once, and which part answers which request. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Logger } from 'pino';
import { clientAddress } from './api/address.ts';
import { createApi } from './api/app.ts';
import { createDirect } from './api/direct.ts';
import { pageBefore } from './api/gate.ts';
import { createRates } from './api/rates.ts';
import type { Config } from './config.ts';
import { createDashboard } from './dashboard/serve.ts';
import type { SmileDesk } from './dashboard/smile.ts';
import { deliveryJob } from './deliver/deliver.ts';
import { createMailer } from './deliver/mailer.ts';
import { createPost } from './deliver/post.ts';
import { refusesAddress } from './deliver/reach.ts';
import { notifyFaultsHere } from './form/check/notify.ts';
import { createLocalSmile, type LocalSmile } from './local-smile/local-smile.ts';
import type { SetupCode } from './members/setup-code.ts';
import { createMetrics } from './operate/metrics.ts';
import { openAssets } from './publish/assets.ts';
import { openCatalog, type Catalog, type Synced } from './publish/catalog.ts';
import type { Page } from './publish/pages.ts';
import { FRAME } from './publish/frame.ts';
import { openPress, type Render } from './publish/press.ts';
import { sendPage } from './publish/send-page.ts';
import { watchForms } from './publish/watch-forms.ts';
import { closeDatabase, openDatabase, type Database } from './record/database.ts';
import { StoreFault } from './record/fault.ts';
import { diskStore } from './record/files/disk.ts';
import { sweepFiles } from './record/files/files.ts';
import { s3Store } from './record/files/s3.ts';
import { owe } from './record/owed/owed.ts';
import { DELIVERY } from './record/deliveries.ts';
import { openWorker, type Jobs } from './record/owed/worker.ts';
import { webhookSecrets } from './record/smile-webhooks.ts';
import type { Desk } from './respond/desk.ts';
import { forgetJob, retentionJob, sweepJob } from './respond/erase.ts';
import { inviteBySmile } from './respond/smile-invite.ts';
import { recentCounts } from './respond/limits.ts';
import { registerWebhook, webhookState } from './respond/register.ts';
import { smileJobs } from './respond/smile-jobs.ts';
import type { Keys } from './respond/token.ts';
import { giveVerdict } from './respond/verdict.ts';
import { replayWebhooks } from './respond/webhook.ts';
import { createSmileClient } from './smile/client.ts';
import { SmileError } from './smile/error.ts';

export interface SiteParts {
  config: Config;
  /** `SECRET_KEY`, 32 bytes. */
  key: Buffer;
  setup: SetupCode;
  /** Astro's renderer, as it was built. */
  render: Render;
  /** Folder of built assets. */
  client: string;
  log: Logger;
  /** The clock that submissions go by; without it, this machine's. */
  now?: () => Date;
  /** The value of an environment variable that forms may name. */
  secret?: (name: string) => string | undefined;
  /** Tells whoever works on the forms, in plain lines. */
  tell(text: string): void;
}

export interface Site {
  port: number;
  db: Database;
  catalog: Catalog;
  /** What came of the forms when the site opened. */
  synced: Synced[];
  /** How what is owed is done. */
  jobs: Jobs;
  /** Lets requests under way finish, then closes everything. */
  close(): Promise<void>;
}

/** `/slug` or `/slug/language`, the addresses of ready pages. */
const FORM_PAGE = /^\/([a-z0-9][a-z0-9-]*)(?:\/([a-z]{2,3}))?\/?$/;

const LOCAL_SMILE = '/local-smile';

/** 10 MB over a slow phone's 300 kbit/s take this long. */
const LONGEST_UPLOAD_MS = 300_000;

/** How long the store may take to be called ready. */
const READY_MS = 2_000;

/** How soon a server sees what another one has published. */
const FOLLOW_MS = 2_000;

/** Opens the store, publishes the forms, listens. The first request is answered once all of that is done. */
export async function openSite({
  config,
  key,
  setup,
  render,
  client,
  log,
  tell,
  now = () => new Date(),
  secret = () => undefined,
}: SiteParts): Promise<Site> {
  const keys: Keys = [key, ...config.formerSecretKeys];
  const db = await openDatabase(config.databaseUrl, keys, { connections: config.databaseConnections });
  const files = config.bucket ? s3Store(config.bucket) : diskStore(join(config.dataDir, 'files'));
  // Nobody else writes to this machine's own folder, so that what a crash has left behind can go at once.
  if (!files.shared && db.engine.kind === 'sqlite') await sweepFiles(db, files, now());
  const refuses = (address: string) => refusesAddress(address, config.webhookHosts);
  const catalog = await openCatalog(db, (form) => notifyFaultsHere(form, { secret, refuses }));
  const synced = await catalog.sync(config.formsDir, new Date());
  const assets = await openAssets(client);

  const server = createServer({ requestTimeout: LONGEST_UPLOAD_MS, headersTimeout: 20_000 });
  const port = await listen(server, config.port, config.host);
  const self = `http://127.0.0.1:${port}`;

  const local = config.local ? openLocalSmile(self, config.webhookSecret ?? '', config.publicOrigin) : undefined;
  const smile = createSmileClient({
    ...(config.smile ?? { host: `${self}${LOCAL_SMILE}`, ...LOCAL_KEYS }),
    budgetMs: 9_000,
    log: (exchange) => log[exchange.failure || exchange.missed.length > 0 ? 'warn' : 'debug'](exchange, 'asked Smile'),
  });
  const desk: Desk = {
    db,
    files,
    catalog,
    smile,
    keys,
    now,
    log,
    sent: recentCounts(db, now),
    timed: config.rateLimit,
  };
  /** Who does what is owed, by its kind. */
  const mailer = config.mail && createMailer(config.mail);
  const jobs: Jobs = {
    ...smileJobs(desk),
    [DELIVERY]: deliveryJob({
      db,
      now,
      mailer,
      post: createPost({ allowed: config.webhookHosts }),
      secret,
      origin: config.publicUrl ?? `http://localhost:${port}`,
      keys,
      inviteBySmile: (id) => inviteBySmile(desk, id),
    }),
    forget: forgetJob(desk),
    retention: retentionJob(desk),
    sweep: sweepJob(desk),
  };
  for (const kind of ['retention', 'sweep']) await owe(db, { kind, subject: 'all' }, now());
  const worker = openWorker({ db, jobs, now, log });
  const base = config.publicUrl ? new URL(config.publicUrl).pathname.replace(/\/$/, '') : '';
  const press = openPress({
    catalog,
    render,
    site: { api: '', base, scripts: config.widget.scripts },
    sources: config.widget.sources,
  });
  const remoteAddress = (request: Request, incoming: IncomingMessage) =>
    clientAddress(request.headers.get('x-forwarded-for'), incoming.socket.remoteAddress, config.trustedProxies);
  let stopping = false;
  /** Asked of the store by writing to it: one that can only be read takes no answers. */
  async function unready(): Promise<string | undefined> {
    if (stopping) return 'it is being stopped';
    const late = new Promise<string>((say) => setTimeout(() => say('the database does not answer'), READY_MS).unref());
    const found = db.engine.ready().then(
      () => undefined,
      (error: unknown) => (error instanceof StoreFault ? error.message : 'the database fails'),
    );
    return Promise.race([found, late]);
  }
  const addresses = new WeakMap<Request, string>();
  const rates = config.rateLimit ? createRates() : undefined;
  const logError = (error: unknown, about: { method: string; path: string }) =>
    log.error({ err: error, ...about }, 'a request failed');
  const api = createApi({
    desk,
    press,
    webhookSecrets: async () => [
      ...(config.webhookSecret ? [config.webhookSecret] : []),
      ...(await webhookSecrets(db, now())),
    ],
    apiKey: config.integratorApiKey,
    rates,
    secure: config.publicOrigin?.startsWith('https:') ?? false,
    pageOrigins: config.pageOrigins,
    originOf: (c) => config.publicOrigin ?? new URL(c.req.url).origin,
    remoteAddress: (c) => addresses.get(c.req.raw) ?? '',
    unready,
    logError,
  });
  const metrics = createMetrics({ key: config.metricsKey, waiting: () => db.engine.waiting() });
  const direct = createDirect({
    desk,
    rates,
    remoteAddress: ({ headers, socket }) =>
      clientAddress(String(headers['x-forwarded-for'] ?? ''), socket.remoteAddress, config.trustedProxies),
    logError,
  });
  const dashboard = createDashboard({
    db,
    files,
    render,
    setup,
    smile: smileDesk(desk, config, self),
    judge: (slug, submission, verdict, member) => giveVerdict(desk, slug, submission, verdict, member),
    webhookHosts: config.webhookHosts,
    publicOrigin: config.publicOrigin,
    log,
    clock: now,
  });

  const answer = getRequestListener(
    (request, env) => {
      const { incoming } = env as { incoming: IncomingMessage };
      const { pathname } = new URL(request.url);
      const address = remoteAddress(request, incoming);
      if (isUnder('/admin', pathname)) return dashboard(request, address);
      if (local && isUnder(LOCAL_SMILE, pathname)) return askLocalSmile(local, request, incoming);
      addresses.set(request, address);
      return api.fetch(request);
    },
    { overrideGlobalObjects: false },
  );

  /** What is printed from the forms for `url`: a page or a logo. */
  function printedAt(url: URL, cookie: string | undefined): Promise<Page | undefined> | undefined {
    const { pathname, search, searchParams } = url;
    if (pathname === FRAME) return press.frame();
    if (pathname.startsWith('/assets/logo-')) return press.logo(pathname);
    const [, slug, language] = FORM_PAGE.exec(pathname) ?? [];
    if (!slug) return undefined;
    const version = searchParams.get('version') ?? undefined;
    return pageBefore(desk, press, { slug, language, version, search, cookie }).then(
      (before) => before ?? press.page(slug, language, version),
    );
  }

  server.on('request', (request, response) => {
    metrics.observe(request, response);
    // Whoever is still connected while it is being stopped goes elsewhere next time.
    if (stopping) response.setHeader('connection', 'close');
    if (direct(request, response)) return;
    if (request.url === '/metrics' && request.method === 'GET') return void metrics.answer(request, response);
    const url = URL.parse(request.url ?? '/', self);
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const asset = reads && url ? assets.get(url.pathname) : undefined;
    if (asset) return sendPage(request, response, asset);
    const printed = reads && url ? printedAt(url, request.headers.cookie) : undefined;
    if (!printed) return void answer(request, response);
    printed
      .then((page) => (page ? sendPage(request, response, page) : answer(request, response)))
      .catch((error: unknown) => {
        log.error({ err: error, path: url?.pathname }, 'a page could not be rendered');
        response
          .writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
          .end('Something went wrong on our side. Try again in a minute.\n');
      });
  });

  const told = new Map(synced.map(({ file, version, faults }) => [file, faults ?? version]));
  /** Reads the folder again; tells once of each file that is published anew, or whose faults have changed. */
  async function publish(): Promise<void> {
    for (const { slug, file, version, faults } of await catalog.sync(config.formsDir, new Date())) {
      if (told.get(file) === (faults ?? version)) continue;
      told.set(file, faults ?? version);
      tell(
        faults
          ? `${file} has faults, and what was published before stays:\n\n${faults}`
          : `${file} is published at /${slug}`,
      );
    }
  }
  const watching = watchForms(config.formsDir, publish, (error) =>
    log.error({ err: error }, 'the forms could not be read'),
  );

  // Another server on the same database may have published.
  const following =
    db.engine.kind === 'postgres'
      ? setInterval(() => {
          catalog
            .refresh()
            .catch((error: unknown) => log.warn({ err: error }, 'the published forms could not be read'));
        }, FOLLOW_MS).unref()
      : undefined;

  return {
    port,
    db,
    catalog,
    synced,
    jobs,
    async close() {
      stopping = true;
      watching.close();
      clearInterval(following);
      server.closeIdleConnections();
      await Promise.race([
        new Promise((done) => server.close(done)),
        new Promise((done) => setTimeout(done, 10_000).unref()),
      ]);
      server.closeAllConnections();
      await worker.close();
      mailer?.close();
      await local?.close();
      await closeDatabase(db);
    },
  };
}

/** What the dashboard can do at Smile. */
function smileDesk(desk: Desk, config: Config, self: string): SmileDesk {
  const site = config.publicUrl ?? (config.local ? self : undefined);
  const address = site && `${site.replace(/\/$/, '')}/api/webhooks/smile`;
  return {
    local: config.local,
    address,
    byHand: !config.local && config.webhookSecret !== undefined,
    async webhook() {
      const { own, there, fault, lastAt } = await webhookState(desk);
      return { since: own?.createdAt, active: there?.active, fault, lastAt };
    },
    async register() {
      if (!address) return 'Set PUBLIC_ORIGIN first.';
      try {
        await registerWebhook(desk, address);
        return undefined;
      } catch (error) {
        if (!(error instanceof SmileError)) throw error;
        return `It could not be registered: ${error.message}. The one before stays; try again.`;
      }
    },
    replay: () => replayWebhooks(desk),
  };
}

const isUnder = (base: string, path: string) => path === base || path.startsWith(`${base}/`);

/** A pair that nobody knows: whoever can reach the site can reach local Smile under it. */
const LOCAL_KEYS = { apiKey: randomUUID(), apiSecret: randomUUID() };

function openLocalSmile(self: string, secret: string, publicOrigin: string | undefined): LocalSmile {
  const onThisMachine = !publicOrigin || /^https?:\/\/(localhost|127\.|\[::1\])/.test(publicOrigin);
  const local = createLocalSmile({ origin: LOCAL_SMILE, ...LOCAL_KEYS, knobs: onThisMachine });
  local.registerWebhook({ url: `${self}/api/webhooks/smile`, secret, name: 'Flipsite' });
  return local;
}

function askLocalSmile(local: LocalSmile, request: Request, { socket }: IncomingMessage): Promise<Response> | Response {
  const url = new URL(request.url);
  url.pathname = url.pathname.slice(LOCAL_SMILE.length) || '/';
  const { remoteAddress = '' } = socket;
  return local.fetch(new Request(url, request), { remoteAddress, hangUp: () => socket.destroy() });
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => done((server.address() as AddressInfo).port));
  });
}
