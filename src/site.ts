/** Puts the site together. Opens every service once. */
import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from 'hono';
import type { Logger } from 'pino';
import { clientAddress } from './api/client-ip.ts';
import { createApi } from './api/app.ts';
import { metricLabels } from './api/endpoints/endpoint.ts';
import { ENDPOINTS } from './api/endpoints/endpoints.ts';
import { failureLog } from './api/errors.ts';
import { createFastPath } from './api/fast-path.ts';
import { createGo } from './api/go.ts';
import { originWarning } from './api/html/posted-origin.ts';
import { createFileTraffic } from './api/bounds/file-traffic.ts';
import { createRates } from './api/bounds/rates.ts';
import { createEarlierPages } from './api/bounds/earlier-pages.ts';
import { failIfWaiting, mayRenderFor } from './api/bounds/limit-requests.ts';
import { programVersion } from './built.ts';
import type { Config } from './config.ts';
import { createDashboard } from './dashboard/app.ts';
import { openLiveResults } from './dashboard/results/live.ts';
import { linkOf } from './invite/link.ts';
import { openClickCounter, type ClickCounter } from './links/click-counter.ts';
import { linkConflicts, linkConflictsOfFile } from './links/conflicts.ts';
import { openLinks, type Links } from './links/registry.ts';
import { createMailer } from './deliver/mailer.ts';
import { isPublic, addressProblem } from './deliver/webhook-address.ts';
import { isSetting } from './environment/environment.ts';
import { addressOf, originOf } from './environment/site-address.ts';
import { notifyFaultsFor } from './form/check/notify.ts';
import type { ExtraCheck } from './form/parse.ts';
import type { SetupCode } from './members/setup-code.ts';
import { createMetrics } from './operate/metrics.ts';
import type { Assets } from './publish/bundles/assets.ts';
import { openCards } from './publish/cards/cards.ts';
import { openCatalog, type Catalog, type Synced } from './publish/catalog.ts';
import { openFormChecker } from './publish/check/form-checker.ts';
import { headerOf } from './publish/rendering/raw-headers.ts';
import { createPublisher } from './publish/publisher.ts';
import { openPageRenderer, type Render } from './publish/rendering/page-renderer.ts';
import { renderInTurns } from './publish/rendering/render-in-turns.ts';
import { shareCounts } from './record/shared-counts-table.ts';
import { closeDatabase, type Database } from './record/db/database.ts';
import { findFreeSpace } from './record/files/free-space.ts';
import { enqueue } from './record/jobs/jobs.ts';
import { openWorker, type JobHandlers } from './record/jobs/worker.ts';
import type { Keys } from './record/crypto/secrets.ts';
import { webhookSecrets } from './record/webhook-registrations.ts';
import { openResultCounting } from './record/results/result-worker.ts';
import { findLastStart } from './record/submissions/submissions.ts';
import { countCompleted } from './record/submissions/tallies.ts';
import { recentStoreHealth } from './record/db/store-health.ts';
import type { Services } from './respond/services.ts';
import { eraseSubmission } from './respond/erase.ts';
import { describeRehearsal } from './respond/rehearsal/rehearse-form.ts';
import { keepRecent } from './respond/availability.ts';
import { storeSpamDecision } from './respond/spam-decision.ts';
import { answerInTurns } from './site/answer-in-turns.ts';
import { createBoundedServer } from './site/connections.ts';
import { opensExamples } from './site/examples.ts';
import { answerWhileStarting } from './site/starting.ts';
import { keepCopiesShort } from './site/old-copies.ts';
import { startOnFullDisk } from './site/full-disk.ts';
import { siteJobs } from './site/job-handlers.ts';
import { openStore } from './site/open-store.ts';
import { followForms } from './site/follow-forms.ts';
import { followLinks } from './site/follow-links.ts';
import { listen } from './site/listening.ts';
import { LOCAL_KEYS, LOCAL_SMILE, mountLocalSmile, scriptsUnder } from './site/local-smile.ts';
import { ownAddresses } from './site/own-addresses.ts';
import { answerRequests } from './site/router.ts';
import { openPreviews } from './site/preview/previews.ts';
import { smileAdmin } from './site/smile-admin.ts';
import { smileLog } from './site/smile-log.ts';
import { gracefulShutdown } from './site/graceful-shutdown.ts';
import { boundWarnings } from './site-limits/log-lines.ts';
import { widestKey } from './site-limits/counting/client-keys.ts';
import { createCountExchange } from './site-limits/counting/count-exchange.ts';
import { ONE_SERVER } from './site-limits/counting/shared-counts.ts';
import { createSmileClient } from './smile/client.ts';
import { SMILE_ERROR_KINDS } from './smile/error.ts';

export interface SiteOptions {
  config: Config;
  /** `SECRET_KEY`, 32 bytes. */
  key: Buffer;
  setup: SetupCode;
  /** Astro's renderer, from the build. */
  render: Render;
  assets: Assets;
  log: Logger;
  /** The clock of submissions; by default that of the machine. */
  now?: () => Date;
  /** @returns the value of an environment variable that forms may name */
  secret?: (name: string) => string | undefined;
  /** Prints a message for the authors of forms, in plain lines. */
  print(text: string): void;
}

export interface Site {
  port: number;
  /** Where people open it: the public address if it is set. */
  address: string;
  db: Database;
  catalog: Catalog;
  links: Links;
  /** Visitors of campaign links that are not stored yet. */
  clicks: ClickCounter;
  /** The results of the forms when the site opened. */
  synced: Synced[];
  /** Whether the folder of forms had none when the site opened. False where it was not read, because the disk is full. */
  isFolderEmpty: boolean;
  /** The handlers of jobs, by kind. */
  jobs: JobHandlers;
  /**
   * Lets open requests and jobs finish, for at most half a minute, then closes everything.
   * @param drainMs how long requests are still answered, while `/readyz` fails
   */
  close(drainMs?: number): Promise<void>;
}

/** How long running jobs may take to finish. Unfinished ones run again after the restart, or on another server. */
const MAX_JOBS_MS = 20_000;

/** Listens, opens the store and publishes the forms. Until then, requests get the answers of `answerWhileStarting`. */
export async function openSite({
  config,
  key,
  setup,
  render: renderOne,
  assets,
  log,
  print,
  now = () => new Date(),
  secret = () => undefined,
}: SiteOptions): Promise<Site> {
  const render = renderInTurns(renderOne);
  const keys: Keys = [key, ...config.formerSecretKeys];
  const { server, connections } = createBoundedServer({
    proxies: config.trustedProxies,
    byAddress: config.rateLimit,
    log,
  });
  const starting = answerWhileStarting(server, programVersion);
  const listening = await listen(server, config.port, config.host);
  const { port } = listening;
  const shutdown = gracefulShutdown(server, listening, connections.unanswered);
  const selfOrigin = originOf(config.host, port);
  const address = addressOf({ ...config, port });
  const stopOnError = (error: unknown): never => {
    void listening.stop();
    server.closeAllConnections();
    throw error;
  };
  const { db, files } = await openStore(config, keys, {
    log,
    now,
    onProgress: (text) => starting.setProgress(text),
  }).catch(stopOnError);
  const addressProblemOf = (address: string) => addressProblem(address, config.webhookHosts);
  const examples = opensExamples(config, isPublic, ownAddresses());
  const extraCheck: ExtraCheck = (form) => notifyFaultsFor(form, { secret, isSetting, refuses: addressProblemOf });
  const catalog: Catalog = await openCatalog(db, (form) => [...extraCheck(form), ...linkConflictsOfFile(form, links, catalog)], examples); // prettier-ignore
  const links = await openLinks(db, catalog);
  const clicks = openClickCounter(db, (error) => log.warn({ err: error }, 'Could not store clicks'));
  const checker = openFormChecker();
  const publisher = createPublisher({ db, catalog, checker, now }, config.formsDir, (form) => [
    ...extraCheck(form),
    ...linkConflicts(form, links, catalog),
  ]);
  const publish = async () => {
    const published = await catalog.sync(config.formsDir, now(), { isStart: true });
    for (const kind of ['retention', 'sweep', 'keys', 'codes']) await enqueue(db, { kind, subject: 'all' }, now());
    return published;
  };
  const start = await startOnFullDisk(publish, log);
  const synced = start.result ?? [];

  const health = recentStoreHealth(db);
  const unready = async () => (shutdown.isStopping() ? 'the site is stopping' : (start.problem() ?? health()));
  const metrics = createMetrics({
    key: config.metricsKey,
    waiting: () => db.engine.waiting(),
    connections,
    labels: metricLabels(ENDPOINTS),
    freeDiskBytes: async () => (await findFreeSpace(config.dataDir))?.freeBytes,
    db,
    now,
    version: programVersion,
    unready,
    linkVisits: () => clicks.counted(),
    smileFailures: SMILE_ERROR_KINDS,
  });

  const base = config.publicUrl ? new URL(config.publicUrl).pathname.replace(/\/$/, '') : '';
  const local = config.local ? mountLocalSmile(selfOrigin, config.webhookSecret ?? '', config.publicUrl) : undefined;
  const logExchange = smileLog(log, now);
  const smile = createSmileClient({
    ...(config.smile ?? { host: `${selfOrigin}${LOCAL_SMILE}`, ...LOCAL_KEYS }),
    budgetMs: 9_000,
    log(exchange) {
      metrics.countSmileCall(exchange.failure);
      logExchange(exchange);
    },
    onBreaker: metrics.setSmileBreaker,
  });
  const results = openResultCounting(db, {
    countTests: (filter) => previews.countTests(filter),
    flushClicks: () => clicks.flush(),
    logError: (error) => log.warn({ err: error }, 'Could not count results'),
  });
  const services: Services = {
    db,
    files,
    catalog,
    links,
    smile,
    keys,
    now,
    log: boundWarnings(log, now),
    countCompleted: keepRecent((slug) => countCompleted(db, slug), now),
    lastStart: keepRecent((slug) => findLastStart(db, slug), now),
    results,
    flagFastSubmissions: config.rateLimit,
  };
  const mailer = config.mail && createMailer(config.mail);
  const jobs = siteJobs(services, {
    mailer,
    webhookHosts: config.webhookHosts,
    outgoing: config.outgoing,
    publisher,
    secret,
    print,
    countFailure: metrics.countFailedDelivery,
    origin: address,
  });
  const worker = openWorker({ db, jobs, now, log: boundWarnings(log, now) });
  const cards = openCards({
    onProblem: (reason, { title }) => log.warn({ reason, title }, 'Could not draw the card of a form'),
  });
  const pageRenderer = openPageRenderer({
    catalog,
    render,
    cards,
    site: {
      api: '',
      base,
      scripts: scriptsUnder(base, config.widget.scripts),
      address: config.publicUrl?.replace(/\/$/, ''),
    },
    sources: config.widget.sources,
    origin: config.publicOrigin,
    earlierInTurn: config.rateLimit ? createEarlierPages() : undefined,
  });
  catalog.onPublish(({ form, removed, hidden }) => {
    // Without an address, pages have no card.
    if (config.publicUrl && !removed && !hidden) void pageRenderer.drawCards(form);
  });
  const remoteAddress = (request: IncomingMessage) =>
    clientAddress(headerOf(request, 'x-forwarded-for'), request.socket.remoteAddress, config.trustedProxies);
  const addresses = new WeakMap<Request, string>();
  // SQLite has one server.
  const exchange = db.engine.kind === 'postgres' ? createCountExchange(key, now) : undefined;
  const sharedCounts = exchange ?? ONE_SERVER;
  const rates = config.rateLimit ? createRates(sharedCounts) : undefined;
  const logError = failureLog(log, now);
  const secure = config.publicOrigin?.startsWith('https:') ?? false;
  const traffic = createFileTraffic(config.rateLimit, sharedCounts);
  const fromOutside = {
    pageOrigins: config.pageOrigins,
    originOf: (c: Context) => config.publicOrigin ?? new URL(c.req.url).origin,
    refusedOrigin: originWarning(log, now),
    logError,
  };
  let lastSecrets: string[] | undefined;
  /** Without the database, those that were read last still tell a wrong signature. */
  const registeredSecrets = async () => {
    lastSecrets = await webhookSecrets(db, now()).catch((error: unknown) => {
      if (lastSecrets) return lastSecrets;
      throw error;
    });
    return lastSecrets;
  };
  const endpointOptions = {
    services,
    pageRenderer,
    publisher,
    webhookSecrets: async () => [
      ...(config.webhookSecret ? [config.webhookSecret] : []),
      ...(await registeredSecrets()),
    ],
    countRefusedWebhook: metrics.countRefusedWebhook,
    apiKey: config.integratorApiKey,
    rates,
    traffic,
    secure,
    version: programVersion,
  };
  const api = createApi({
    ...endpointOptions,
    ...fromOutside,
    sharedCounts,
    remoteAddress: (c) => addresses.get(c.req.raw) ?? '',
    unready,
  });
  const fastPath = createFastPath({ ...endpointOptions, remoteAddress, logError });
  const mayRender = (request: IncomingMessage) => mayRenderFor(rates, remoteAddress(request));
  const go = createGo({ ...endpointOptions, links, clicks, remoteAddress, mayRender });
  const previews = openPreviews({
    ...fromOutside,
    version: programVersion,
    db,
    catalog,
    keys,
    dataDir: config.dataDir,
    base,
    origin: config.publicOrigin,
    selfOrigin,
    publisher,
    rates,
    traffic,
    secure,
    render,
    log,
    now,
  });
  const live = openLiveResults(db, (error) => log.warn({ err: error }, 'Could not look for new results'));
  const dashboard = createDashboard({
    db,
    results,
    live,
    files,
    catalog,
    links,
    canDraw: (path) => cards.canDraw(path),
    publisher,
    rehearse: (before, after) => describeRehearsal(services, before, after),
    render,
    setup,
    smile: smileAdmin(services, {
      local: config.local,
      secretSet: config.webhookSecret !== undefined,
      site: config.publicUrl ?? (config.local ? selfOrigin : undefined),
    }),
    erase: (id, { email }) => eraseSubmission(services, id, { reason: 'asked', by: email }),
    decideSpam: (slug, submission, verdict, member) => storeSpamDecision(services, slug, submission, verdict, member),
    previews: previews.admin,
    linkOf: (invitation, at) => linkOf(keys, invitation, at),
    mailing: mailer !== undefined,
    outgoing: config.outgoing,
    siteSetup: {
      // The user and the password of the mail server are no part of its host.
      mail: config.mail && { host: new URL(config.mail.url).host, from: config.mail.from },
      hasApiKey: config.integratorApiKey !== undefined,
      hasSecretKey: config.secretKey !== undefined,
    },
    examples,
    webhookHosts: config.webhookHosts,
    publicOrigin: config.publicOrigin,
    base,
    waitToAsk: rates?.address,
    waitToRender: rates?.render,
    sharedCounts,
    refusedOrigin: fromOutside.refusedOrigin,
    countRefusedSignIn: metrics.countRefusedSignIn,
    keys,
    log,
    logError,
    clock: now,
    version: programVersion,
  });

  starting.end();
  connections.observe(metrics.observe);
  server.on(
    'request',
    answerInTurns(
      answerRequests({
        services,
        metrics,
        fastPath,
        go,
        assets,
        pageRenderer,
        dashboard,
        localSmile: local,
        previews,
        api(request, address) {
          addresses.set(request, address);
          return api.fetch(request);
        },
        remoteAddress,
        mayRender,
        mayChangeAtLocalSmile: (address) => !rates || rates.localSmile.consume(address, 1) === 0,
        limitQueries: (request) => rates && failIfWaiting(rates.address(remoteAddress(request)), 'address'),
        logError,
        ownHost: new URL(address).host,
      }),
      (request) => widestKey(remoteAddress(request)),
    ),
  );
  const sharing = exchange && shareCounts(db, exchange, { now, log });
  const copies = keepCopiesShort(db, config.databaseUrl, log);
  const linkFollower = followLinks(links, log);
  const follower = followForms({ db, catalog, checker, folder: config.formsDir, synced, now, log, print });

  return {
    port,
    address,
    db,
    catalog,
    links,
    clicks,
    synced,
    isFolderEmpty: start.result?.length === 0,
    jobs,
    async close(drainMs = 0) {
      live.close();
      const jobsEnded = Promise.race([worker.close(), wait(drainMs + MAX_JOBS_MS, undefined, { ref: false })]);
      // Until then, it serves the forms and links that other servers make.
      await shutdown.stop(drainMs);
      start.close();
      copies.close();
      follower.close();
      linkFollower.close();
      await jobsEnded;
      await sharing?.close();
      await clicks.close();
      mailer?.close();
      await previews.close();
      await local?.close();
      await checker.close();
      await cards.close();
      await results.close();
      await closeDatabase(db);
    },
  };
}
