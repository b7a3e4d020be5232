/**
 * Previews: the real page, API and local Smile of a draft, under a signed address. They have a store of their own, so that
 * nothing of them is counted, listed or sent.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import type { Context, Hono } from 'hono';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { createApi, type ApiOptions } from '../../api/app.ts';
import { failIfWaiting, mayRenderFor } from '../../api/bounds/limit-requests.ts';
import { explainError } from '../../api/errors.ts';
import {
  answerNoPreview,
  answerPreview,
  answerRefusedPreview,
  type OpenPreview,
} from '../../api/html/preview-pages.ts';
import { commentRoutes } from '../../api/html/preview-comments.ts';
import type { PreviewAdmin } from '../../dashboard/preview/admin.ts';
import { createLocalSmile } from '../../local-smile/local-smile.ts';
import { NO_LINKS } from '../../links/registry.ts';
import type { Catalog } from '../../publish/catalog.ts';
import { openEarlierForms, versionHeadOf, type EarlierForms } from '../../publish/earlier-forms.ts';
import { createPageCache } from '../../publish/rendering/page-cache.ts';
import { openPageRenderer, type PageRenderer, type Render } from '../../publish/rendering/page-renderer.ts';
import { openPreviewDrafts, type PreviewDrafts } from '../../publish/previews/preview-drafts.ts';
import {
  previewExpiry,
  readPreviewToken,
  signPreview,
  type PreviewPass,
} from '../../publish/previews/preview-token.ts';
import { findLastStart } from '../../record/submissions/submissions.ts';
import type { Keys } from '../../record/crypto/secrets.ts';
import type { Database } from '../../record/db/database.ts';
import { listDrafts } from '../../record/forms/drafts.ts';
import { formStates } from '../../record/forms/form-states.ts';
import { previewGeneration, withdrawPreviewLinks } from '../../record/forms/preview-generations.ts';
import type { ResultFilter } from '../../record/results/read-counts.ts';
import { countTestAnswers } from '../../record/forms/test-answers.ts';
import { openWorker, runDue, type Worker } from '../../record/jobs/worker.ts';
import { WIPE } from '../../record/erasure.ts';
import { versionBytes } from '../../record/versions.ts';
import { eraseLateJob, wipeJob } from '../../respond/erase.ts';
import type { Services } from '../../respond/services.ts';
import { smileJobs } from '../../respond/smile/jobs.ts';
import type { Quota } from '../../site-limits/counting/quota.ts';
import { createTurnsByKey } from '../../site-limits/counting/turns.ts';
import { boundWarnings } from '../../site-limits/log-lines.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import { createSmileClient } from '../../smile/client.ts';
import { answerWithin, type MountedLocalSmile } from '../local-smile.ts';
import { deleteStore, deleteUnchangedStore, openPreviewStore, previewFile, type PreviewStore } from './store.ts';

/** The path of all previews. */
export const PREVIEW = '/preview';

const ADDRESS = /^\/preview\/([^/]+)(\/.*)?$/;

/** The path of a preview's address as it would be on the site itself. */
export const pathInPreview = (pathname: string): string => ADDRESS.exec(pathname)?.[2] ?? '/';

export interface PreviewOptions extends Pick<
  ApiOptions,
  'version' | 'publisher' | 'rates' | 'traffic' | 'secure' | 'pageOrigins' | 'originOf' | 'refusedOrigin' | 'logError'
> {
  db: Database;
  catalog: Catalog;
  keys: Keys;
  dataDir: string;
  /** The path of the site that a proxy removes, or nothing. */
  base: string;
  /** The public origin of the site, if it is set. */
  origin: string | undefined;
  /** An origin of the site on this machine. */
  selfOrigin: string;
  render: Render;
  log: Logger;
  now: () => Date;
}

export interface Previews {
  /** Answers a request to a path under `PREVIEW`. */
  answer(request: Request, address: string, incoming: IncomingMessage): Promise<Response>;
  admin: PreviewAdmin;
  /** How many test answers fit the filter. Previews know no campaign links. */
  countTests(filter: ResultFilter): Promise<number>;
  close(): Promise<void>;
}

/** Everything that previews share. The first one opens it. */
interface Opened extends Pick<OpenPreview, 'pages' | 'inTurn'> {
  store: PreviewStore;
  drafts: PreviewDrafts;
  earlier: EarlierForms;
  services: Services;
  localSmile: MountedLocalSmile;
  worker: Worker;
  /** Takes the webhooks of local Smile. */
  hook: Hono;
}

/** One link, ready to be used. */
interface LinkedPreview extends OpenPreview {
  api: Hono;
  /** Comments of colleagues, where the link is for them. */
  comments: Hono | undefined;
}

const NOT_TRIMMED = 'Could not delete old test answers';
const TRIM_EVERY_MS = 3_600_000;
/** How long a count of test answers is reused, when many people write at once, and for how many requests. */
const TRIM_AFTER = { ms: 10_000, writes: 100 };

/** Memory of each preview for pictures that its draft no longer has. */
const PICTURE_BYTES = 1_048_576;

/** Opens the previews of a site. Their store is opened, or made, at the first one. */
export function openPreviews(options: PreviewOptions): Previews {
  const { db, keys, base, now, log, dataDir, rates } = options;
  let opened: Promise<Opened> | undefined;
  const previews = new LRUCache<string, LinkedPreview>({ max: SITE_LIMITS.previewsOpen.value });
  /** The path of local Smile's webhooks. No token has this form. */
  const hookPath = `${PREVIEW}/${randomUUID()}`;
  const open = () =>
    (opened ??= trimmed
      .then(() => openShared(options, hookPath))
      .catch((error: unknown) => {
        opened = undefined;
        throw error;
      }));

  async function trim(): Promise<void> {
    const { store, drafts } = (await opened) ?? {};
    await store?.trim(now());
    await store?.sweep(now());
    await drafts?.removeDeleted();
    if (!opened) await trimClosed(options);
  }
  /** The last run of `trim`. The store is not opened before its end, because that run may delete it. */
  let trimmed = Promise.resolve();
  function trimLater(): void {
    trimmed = trim().catch((error: unknown) => log.warn({ err: error }, NOT_TRIMMED));
  }
  const timer = setInterval(trimLater, TRIM_EVERY_MS).unref();
  trimLater();
  let trimmedAt = 0;
  let writes = 0;

  /** For links that don't work. */
  const noForms = catalogOf({ current: () => undefined }, db, openEarlierForms(db));
  const messages = rendererOf(options, noForms);

  /** The preview of a link that works now. */
  async function previewOf(token: string, pass: PreviewPass, shared: Opened): Promise<LinkedPreview | undefined> {
    const known = previews.get(token);
    if (known) return known;
    if (!(await shared.drafts.readNewest(pass.form))) return undefined;
    // Another request may have opened it meanwhile.
    const preview = previews.get(token) ?? openLinkedPreview(options, shared, pass, `${base}${PREVIEW}/${token}`);
    previews.set(token, preview);
    return preview;
  }

  async function trimBeforeWriting({ store }: Opened): Promise<void> {
    writes += 1;
    if (now().getTime() - trimmedAt < TRIM_AFTER.ms && writes < TRIM_AFTER.writes) return;
    trimmedAt = now().getTime();
    writes = 0;
    await store.trim(now());
  }

  async function answer(request: Request, address: string, incoming: IncomingMessage): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith(`${hookPath}/`))
      return (await open()).hook.fetch(below(request, pathname.slice(hookPath.length), address));
    if (rates) failIfWaiting(rates.preview(address), 'address');
    const [, token = '', path = ''] = ADDRESS.exec(pathname) ?? [];
    const pass = readPreviewToken(keys, token);
    if (!pass) return answerNoPreview(messages, path, false);
    if (pass.expiresAt <= now() || pass.generation !== (await previewGeneration(db, pass.form)))
      return answerNoPreview(messages, path, true);
    const shared = await open();
    const preview = await previewOf(token, pass, shared);
    if (!preview) return answerNoPreview(messages, path, false);
    if (path.startsWith('/local-smile/'))
      return shared.localSmile.answer(request, path.slice('/local-smile'.length), incoming, address, () => !rates || rates.localSmile.consume(address, 1) === 0); // prettier-ignore
    const reads = ['GET', 'HEAD'].includes(request.method);
    // The dashboard renders a page for each key of a member. Only members have the link of that preview.
    const mayRender = mayRenderFor(pass.kind === 'frame' ? undefined : rates, address);
    const page = reads ? await answerPreview(preview, shared.drafts, path, request.headers, mayRender) : undefined;
    if (page) return page;
    if (path === '/-/comments' && preview.comments) return preview.comments.fetch(below(request, path, address));
    // A browser without JavaScript starts and submits in one post, to the address of the page.
    if (!reads) await trimBeforeWriting(shared);
    return preview.api.fetch(below(request, path, address));
  }

  function answerError(error: unknown, { url, method, headers }: Request): Promise<Response> {
    // The path has the token of the preview.
    const about = { method, path: PREVIEW, sentId: headers.get('x-request-id') };
    const refusal = explainError(error, about, options.logError);
    return answerRefusedPreview(noForms, messages, { method, path: pathInPreview(new URL(url).pathname) }, refusal);
  }

  return {
    async answer(request, address, incoming) {
      const response = await answer(request, address, incoming).catch((error: unknown) => answerError(error, request));
      const headers = new Headers(response.headers);
      // The token is in the address. With `no-referrer`, browsers send no origin with a form either (Fetch, 3.1).
      headers.set('referrer-policy', 'same-origin');
      headers.set('x-robots-tag', 'noindex');
      return new Response(response.body, { status: response.status, headers });
    },
    admin: {
      async link(form, kind) {
        const expiresAt = previewExpiry(kind, now());
        const generation = await previewGeneration(db, form);
        return { path: `${PREVIEW}/${signPreview(keys, { form, kind, generation, expiresAt })}`, expiresAt };
      },
      withdraw: (form) => withdrawPreviewLinks(db, form),
      async state(form) {
        const { drafts, store } = await open();
        const found = await drafts.readNewest(form);
        return found && { ...found, answers: await countTestAnswers(store.db, form) };
      },
      forget: async (form) => (await open()).store.forget(form, now()),
      async removeDeleted() {
        if (opened || existsSync(previewFile(dataDir))) await (await open()).drafts.removeDeleted();
      },
    },
    async countTests({ form, link, ...days }) {
      if (link || (!opened && !existsSync(previewFile(dataDir)))) return 0;
      return countTestAnswers((await open()).store.db, form, days);
    },
    async close() {
      clearInterval(timer);
      await trimmed;
      const shared = await opened?.catch(() => undefined);
      await shared?.worker.close();
      await shared?.localSmile.close();
      await shared?.store.close();
    },
  };
}

/** The address of the client of each request to the API. */
const addresses = new WeakMap<Request, string>();

const remoteAddress = (c: Context): string => addresses.get(c.req.raw) ?? '';

/**
 * The request with another path. A new `Request` would begin to read the body, and the rest of a body that is refused unread
 * would stay in the connection, before the next request of a proxy.
 */
function below(request: Request, path: string, address: string): Request {
  const url = new URL(request.url);
  url.pathname = path;
  const moved = new Proxy(request, {
    get(original, key) {
      if (key === 'url') return url.href;
      const value: unknown = Reflect.get(original, key);
      return typeof value === 'function' ? (value.bind(original) as unknown) : value;
    },
  });
  addresses.set(moved, address);
  return moved;
}

/**
 * Of a store that is not open, deletes old test answers and everything of deleted forms. It wipes content that it deleted before.
 * Deletes all of it where nothing in it is new, and nothing but it has the last version without errors of a draft. Opening
 * it changes its file, so the time of the file is not enough, unless the file is too damaged to be opened.
 */
async function trimClosed({ db, keys, dataDir, catalog, publisher, now, log }: PreviewOptions): Promise<void> {
  if (!existsSync(previewFile(dataDir))) return;
  const store = await openPreviewStore(dataDir, keys).catch(async (error: unknown) => {
    await deleteUnchangedStore(dataDir, now());
    throw error;
  });
  let isUnused = false;
  try {
    await store.trim(now());
    await store.sweep(now());
    await openPreviewDrafts({ db, store, catalog, publisher, now }).removeDeleted();
    const unpublished = (await listDrafts(db)).filter(({ isChanged }) => isChanged).map(({ form }) => form);
    const isKept = (await formStates(store.db)).some(({ slug }) => unpublished.includes(slug));
    isUnused = !isKept && (await store.isUnused(now()));
    await runDue({ db: store.db, jobs: { [WIPE]: wipeJob({ db: store.db, now }) }, now, log });
  } finally {
    await store.close();
  }
  if (isUnused) await deleteStore(dataDir);
}

async function openShared(options: PreviewOptions, hookPath: string): Promise<Opened> {
  const { db, keys, dataDir, catalog, publisher, now, log, selfOrigin } = options;
  const store = await openPreviewStore(dataDir, keys);
  // On a full disk nothing is deleted, and the rest can still be read. Opened twice, the store would lock itself.
  await store.trim(now()).catch((error: unknown) => log.warn({ err: error }, NOT_TRIMMED));
  const drafts = openPreviewDrafts({ db, store, catalog, publisher, now });
  const earlier = openEarlierForms(store.db);
  const [apiKey, apiSecret, secret] = [randomUUID(), randomUUID(), randomUUID()];
  // Below each token there is one address of local Smile, so the widget finds it from the address of its script.
  const local = createLocalSmile({ origin: '..', apiKey, apiSecret, controlApi: false, maxObjects: SITE_LIMITS.localSmileObjects.value }); // prettier-ignore
  local.registerWebhook({ url: `${selfOrigin}${hookPath}/api/webhooks/smile`, secret, name: 'Flipsite' });
  const smile = createSmileClient({
    host: 'http://local-smile.internal',
    apiKey,
    apiSecret,
    budgetMs: 9_000,
    fetch: async (input, init) => local.fetch(new Request(input, init)),
  });
  const services: Services = {
    db: store.db,
    files: store.files,
    catalog: catalogOf(drafts, store.db, earlier),
    links: NO_LINKS,
    smile,
    keys,
    now,
    log: boundWarnings(log, now),
    countCompleted: async () => 0,
    lastStart: (slug) => findLastStart(store.db, slug),
    // Test answers are no results.
    results: { openings: { add: () => undefined }, countWaiting: async () => true, countTests: async () => 0 },
    flagFastSubmissions: false,
  };
  const jobs = { ...smileJobs(services), forget: eraseLateJob(services), [WIPE]: wipeJob(services) };
  const worker = openWorker({ db: store.db, jobs, now, log: services.log });
  const renderer = rendererOf(options, services.catalog);
  const rates = options.rates && { ...options.rates, unownedWebhooks: NO_WEBHOOKS };
  const hook = apiOf({ ...options, rates }, services, renderer, secret);
  const localSmile = { answer: answerWithin(local), close: () => local.close() };
  const rendering = { pages: createPageCache(SITE_LIMITS.previewPagesBytes.value), inTurn: createTurnsByKey(1) };
  return { store, drafts, earlier, services, localSmile, worker, hook, ...rendering };
}

/** Webhooks about people whose test answers are deleted. They must not take the room of those of the site. */
const NO_WEBHOOKS: Quota = { wait: () => Infinity, consume: () => Infinity, refund: () => undefined };

/** The forms of previews in the shape of published forms. @param only the form of a token; without it, all */
function catalogOf(
  drafts: Pick<PreviewDrafts, 'current'>,
  store: Database,
  earlier: EarlierForms,
  only?: string,
): Catalog {
  const isHere = (slug: string) => only === undefined || slug === only;
  const current: Catalog['current'] = (slug) => {
    const shown = isHere(slug) ? drafts.current(slug)?.shown : undefined;
    return shown && { ...shown, removed: false, hidden: false, managedIn: 'dashboard' };
  };
  const shownAs = (slug: string, version: string) => {
    const shown = current(slug);
    return shown?.version === version ? shown.form : undefined;
  };
  return {
    generation: drafts,
    current,
    sync: async () => [],
    refresh: async () => undefined,
    onPublish: () => undefined,
    list: () => (only === undefined ? [] : [current(only)].filter((one) => one !== undefined)),
    versionBytes: async (slug, version) => (isHere(slug) ? versionBytes(store, slug, version) : undefined),
    async version(slug, version, trx = store) {
      return shownAs(slug, version) ?? (isHere(slug) ? earlier.form(slug, version, trx) : undefined);
    },
    versionKept: (slug, version) => shownAs(slug, version) ?? (isHere(slug) ? earlier.kept(slug, version) : undefined),
    async versionHead(slug, version) {
      const shown = shownAs(slug, version);
      return shown ? versionHeadOf(shown) : isHere(slug) ? earlier.head(slug, version) : undefined;
    },
  };
}

/** @param at the path of a preview. Without it, pages about previews that don't work */
function rendererOf({ render, origin }: PreviewOptions, catalog: Catalog, at?: string): PageRenderer {
  const widget = `${at}/local-smile`;
  const scripts = { v1: `${widget}/v1/smile.v1.js`, v2: `${widget}/v2/smile.v2.js` };
  return openPageRenderer({
    catalog,
    render,
    site: { api: '', base: at ?? '', scripts, ...(at !== undefined && { preview: { faults: [], mayComment: false } }) },
    sources: { script: [], connect: [], image: [] },
    origin,
    pictureBytes: PICTURE_BYTES,
  });
}

/** The same API as that of the site, over the store of previews. No API key opens it. */
const apiOf = (options: PreviewOptions, services: Services, pageRenderer: PageRenderer, secret?: string): Hono =>
  createApi({
    ...options,
    services,
    pageRenderer,
    apiKey: undefined,
    webhookSecrets: async () => (secret === undefined ? [] : [secret]),
    remoteAddress,
    unready: async () => undefined,
  });

function openLinkedPreview(
  options: PreviewOptions,
  { drafts, earlier, store, services, pages, inTurn }: Opened,
  pass: PreviewPass,
  at: string,
): LinkedPreview {
  const catalog = catalogOf(drafts, store.db, earlier, pass.form);
  const renderer = rendererOf(options, catalog, at);
  const api = apiOf(options, { ...services, catalog }, renderer);
  const comments = pass.kind === 'review' ? commentRoutes(pass.form, { ...options, drafts, remoteAddress }) : undefined;
  return { pass, renderer, api, comments, pages, inTurn };
}
