/**
 * Local Smile, the stand-in for Smile's sandbox. `rest/` is Smile's REST API. `link/` is the API of the widget, and `widget/`
 * its script. `webhooks/` records events and sends them. `control/` has the settings and the console for tests. `store/` has
 * the objects in memory, and `invented/` the people, providers and data. `http/` has shared parts of requests and pages.
 */
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { LOCAL_SMILE_LIMITS } from '../site-limits/local-smile-limits.ts';
import { createWebhookSender } from './webhooks/webhook-sender.ts';
import { failWith, EnvelopeError } from './http/envelope.ts';
import { type LoggedEvent, newEvent } from './webhooks/events.ts';
import { faults } from './http/faults.ts';
import { findFileType } from './invented/file-types.ts';
import { invitePages } from './link/invite-pages.ts';
import { controlApi } from './control/control-api.ts';
import { linkRoutes } from './link/link-api.ts';
import { logo } from './http/logo.ts';
import { findProvider } from './invented/providers.ts';
import type { Bindings, Env } from './http/requests.ts';
import { restApi } from './rest/rest.ts';
import { newWebhook } from './rest/webhooks.ts';
import { sweeper } from './store/retention.ts';
import { createSchedule } from './schedule.ts';
import { widgetScript } from './http/script.ts';
import { defaultSettings, type Settings } from './control/settings.ts';
import { clearState, emptyState, type Webhook } from './store/state.ts';
import type { Sandbox } from './sandbox.ts';

export interface LocalSmileOptions {
  /**
   * The public base of this instance, like `http://127.0.0.1:8000/local-smile`, or a function that returns it. Tokens
   * have it as `iss`, by which the widget finds the API. A path (`/local-smile`) is resolved against the address of the
   * widget's script.
   */
  origin: string | (() => string);
  apiKey: string;
  apiSecret: string;
  /** Whether to serve the control API under `/__local`. */
  controlApi: boolean;
  settings?: Partial<Settings>;
  /** How many objects of each kind it keeps, the newest ones. Without it, all. */
  maxObjects?: number;
}

export interface LocalSmile {
  /** Answers a request whose path is relative to the mount: `/v1/users`, `/v2/smile.v2.js`. */
  fetch(request: Request, about?: Bindings): Promise<Response> | Response;
  /** Sends all events to a webhook that remains after `POST /__local/reset`. */
  registerWebhook(webhook: { url: string; secret: string; name?: string; includePayload?: boolean }): void;
  /** Cancels planned work, and waits up to 10 s for running deliveries. */
  close(): Promise<void>;
}

const EVENTS_KEPT = 1000;

/** The default key pair. */
export const defaultKeys = { apiKey: 'local-smile-key', apiSecret: 'local-smile-secret' };

/** A stand-in for Smile's sandbox: REST API, widget script, webhooks. All state is in memory. */
export function createLocalSmile(options: LocalSmileOptions): LocalSmile {
  const { origin } = options;
  const lasting: Webhook[] = [];
  const webhookSender = createWebhookSender();
  const sandbox: Sandbox = {
    apiKey: options.apiKey,
    apiSecret: options.apiSecret,
    origin: () => (typeof origin === 'string' ? origin : origin()).replace(/\/+$/, ''),
    settings: { ...structuredClone(defaultSettings), ...options.settings },
    state: emptyState(options.maxObjects),
    schedule: createSchedule(),
    now: () => new Date(Date.now() + sandbox.settings.clockSkewSeconds * 1000),
    notify(type, userId, data) {
      const logged: LoggedEvent = { event: newEvent(type, data, sandbox.now()), userId, deliveries: [] };
      sandbox.state.events.push(logged);
      if (sandbox.state.events.length > EVENTS_KEPT) sandbox.state.events.shift();
      send(logged);
    },
  };

  function send(logged: LoggedEvent) {
    for (const webhook of [...lasting, ...sandbox.state.webhooks.values()]) {
      webhookSender.send(webhook, logged, sandbox.settings, sandbox.schedule);
    }
  }

  function reset() {
    sandbox.schedule.close();
    sandbox.schedule = createSchedule();
    clearState(sandbox.state);
    Object.assign(sandbox.settings, structuredClone(defaultSettings), options.settings);
  }

  const app = createApp(sandbox, controlApi(sandbox, options.controlApi, { reset, send }));
  return {
    fetch: (request, about = {}) => app.fetch(request, about),
    registerWebhook({ url, secret, name = 'Registered at start', includePayload = false }) {
      const registration = { name, url, secret, includePayload, eventTypes: ['ALL_EVENTS'], active: true };
      lasting.push(newWebhook(registration, sandbox.now()));
    },
    async close() {
      sandbox.schedule.close();
      await webhookSender.idle();
    },
  };
}

function createApp(sandbox: Sandbox, control: Hono<Env>): Hono<Env> {
  const app = new Hono<Env>();
  app.onError((error, c) => {
    if (error instanceof EnvelopeError) return failWith(c, error.code, error.message);
    console.error('Local Smile failed to answer a request:', error);
    return failWith(c, 'SERVER_ERROR', 'Local Smile failed; its log says why.');
  });
  app.notFound((c) => failWith(c, 'MISSING_RESOURCE', 'There is nothing at this address.'));

  const onError = (c: Context) => failWith(c, 'INVALID_PARAMETERS', 'The body is too large.');
  app.use(bodyLimit({ maxSize: LOCAL_SMILE_LIMITS.localSmileBodyBytes.value, onError }));
  app.get('/', (c) => c.redirect(`${sandbox.origin()}/__local/`));
  app.get('/__local/', (c) => control.fetch(new Request(new URL('/', c.req.url), c.req.raw), c.env));
  app.route('/__local', control);
  const sweep = sweeper(sandbox);
  app.use(faults(sandbox), (_c, next) => {
    sweep();
    return next();
  });
  for (const path of ['/v2/smile.v2.js', '/v1/smile.v1.js']) {
    app.get(path, async (c) => {
      const { text, etag } = await widgetScript();
      const headers = {
        ...forEveryone,
        etag,
        'cache-control': 'no-cache',
        'content-type': 'text/javascript; charset=utf-8',
      };
      return c.req.header('if-none-match') === etag ? c.body(null, 304, headers) : c.body(text, 200, headers);
    });
  }
  app.get('/logos/:file{.+\\.svg}', (c) => {
    const id = c.req.param('file').slice(0, -'.svg'.length);
    const name = findProvider(id)?.name ?? findFileType(id)?.typeLabel;
    return name ? c.body(logo(name), 200, { ...forEveryone, 'content-type': 'image/svg+xml' }) : c.notFound();
  });
  app.get('/files/*', (c) => {
    const file = sandbox.state.files.get(c.req.path);
    return file ? c.body(file.bytes, 200, { 'content-type': file.mediaType, ...download }) : c.notFound();
  });
  app.route('/invite-user', invitePages(sandbox));
  app.route('/v1/link', linkRoutes(sandbox));
  app.route('/v1', restApi(sandbox));
  return app;
}

/** Uploaded files must never open as a page of this origin. */
const download = { 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' };

/** Any page may use scripts and pictures, including pages that require CORP headers. */
const forEveryone = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };
