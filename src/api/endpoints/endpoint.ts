/**
 * The definition of one endpoint of the API. The routes, the fast path, the labels of metrics, the answers to wrong methods
 * and `openapi.json` are made from these definitions, so that nothing about an endpoint is written twice.
 */
import type { z } from 'zod';
import type { PageRenderer } from '../../publish/rendering/page-renderer.ts';
import type { Publisher } from '../../publish/publisher.ts';
import { sameSecret } from '../../record/crypto/secrets.ts';
import type { Result } from '../../respond/errors/api-error.ts';
import type { Services } from '../../respond/services.ts';
import type { Caller } from '../../respond/access/submission-access.ts';
import { verifySubmissionToken } from '../../respond/access/token.ts';
import { bearerOf, jsonOf, idempotencyKeyOf, withBodyMemory, type BodyMemory, type RequestContext } from '../body.ts';
import type { FileTraffic } from '../bounds/file-traffic.ts';
import type { LimitedAction, Rates } from '../bounds/rates.ts';
import { failIfWaiting, limitSubmissionRequest } from '../bounds/limit-requests.ts';
import { ApiException } from '../errors.ts';
import { callerOf } from './caller.ts';

/** The credential of a caller. An invitation's token and a signature are checked by the handler. */
export type Access = 'anyone' | 'submission' | 'invitation' | 'api key' | 'submission or api key' | 'signature';

/**
 * The rate limits of a request. `start` (requests that begin something), `address` (any cheap request) and `webhook` count by
 * address. The others are of a submission. They count by address too, and a wrong token counts only for its address.
 */
export type EndpointLimit = 'start' | 'address' | 'webhook' | LimitedAction;

/** The names after a colon in a path: `'slug'` of `/api/forms/:slug`. */
type ParamName<Path extends string> = Path extends `${infer Head}/${infer Rest}`
  ? ParamName<Head> | ParamName<Rest>
  : Path extends `:${infer Name}`
    ? Name
    : never;

type CallerFor<A extends Access> = A extends 'submission'
  ? Caller
  : A extends 'submission or api key'
    ? Caller | undefined
    : undefined;

export interface EndpointOptions {
  services: Services;
  /** Without it, no rate is limited. */
  rates: Rates | undefined;
  /** The key of integrators. Without it, Flipsite refuses all their requests. */
  apiKey: string | undefined;
  traffic: FileTraffic;
  /** The secrets of this site's webhooks at Smile. */
  webhookSecrets(): Promise<string[]>;
  /** Counts a webhook of Smile that was refused. */
  countRefusedWebhook?(): void;
  pageRenderer: Pick<PageRenderer, 'site'>;
  publisher: Publisher;
  /** Whether cookies are for HTTPS only. */
  secure: boolean;
  /** The version of Flipsite. */
  version: string;
}

/** One request to an endpoint. */
export interface Call<Path extends string, A extends Access, Body, Query> extends EndpointOptions {
  c: RequestContext;
  /** The submission whose token the request carries. Undefined where the API key was sent. */
  caller: CallerFor<A>;
  param(name: ParamName<Path>): string;
  /** Reads and checks the body. @throws ApiException */
  body(): Promise<Body>;
  /** @throws ApiException */
  query(): Query;
  /** The `Idempotency-Key` header. @throws ApiException */
  idempotencyKey(): string | undefined;
  /** The client's address, as `clientAddress` returns it. */
  address(): string;
}

/** The JSON body of an answer or its error, with headers of its own. `created`: the status is 201. */
export type EndpointAnswer<Body = object | null> = Result<Body> & {
  headers?: Record<string, string>;
  created?: boolean;
};
type EndpointSuccess = Extract<EndpointAnswer, { ok: true }>;

interface Definition<Path extends string, A extends Access, Body, Query, Answer> {
  /** The name of its operation in `openapi.json`. Programs that are made from that use it, so it stays the same. */
  name: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Each `:name` is a parameter. */
  path: Path;
  /** For `openapi.json` and the table of routes in `docs/integrate/api.md`. */
  summary: string;
  access: A;
  limits: readonly EndpointLimit[];
  /** Its messages are sent to the caller as they are. */
  query?: z.ZodObject & z.ZodType<Query>;
  /**
   * A JSON body. `asText`: it may come as `text/plain`. `described`: makes the schema for `openapi.json` where
   * the handler checks values that `schema` only names.
   */
  body?: { schema: z.ZodType<Body>; maxBytes: number; asText?: true; described?: () => z.ZodType };
  /** The media type of a body that the handler reads itself. */
  bodyType?: string;
  /** The headers that it reads, beside those of all endpoints. A description by name. */
  headers?: Readonly<Record<string, string>>;
  /** The status of success: 200 by default. 204 has no body. */
  status?: 201 | 204;
  /** Another status of success: 201 if it made something, and 304 if the client has the answer already. */
  otherStatus?: 201 | 304;
  /** Makes the schema of the JSON answer, which only describes it. A text is the media type of another answer. */
  answer?: (() => z.ZodType<Answer>) | string;
  /** The label of its requests in metrics: `api` by default. */
  metric?: string;
  /** Whether the fast path may answer it. Only for JSON bodies and answers, and without a query. */
  fastPath?: true;
  handle(call: Call<Path, A, Body, Query>): Promise<EndpointAnswer<NoInfer<Answer>> | Response>;
}

/** An endpoint whose types of parameters, body and query are checked in its definition. */
export type Endpoint = Definition<string, Access, unknown, unknown, object | null>;

export const defineEndpoint = <
  const Path extends string,
  const A extends Access,
  Body = undefined,
  Query = undefined,
  Answer = object | null,
>(
  definition: Definition<Path, A, Body, Query, Answer>,
): Endpoint => definition as unknown as Endpoint;

/** The `headers` of an endpoint that can be retried with an `Idempotency-Key`. */
export const IDEMPOTENT = {
  'Idempotency-Key': 'Makes a retry safe. A second request with the same key and body changes nothing',
};

/**
 * Checks the API key, limits the rate, checks the token of a submission and runs the handler of `endpoint`, in this order.
 * A request with the right API key has no limit. Requests with a wrong one are limited by address: where a token fits too,
 * as wrong tokens.
 * @param address returns the client's address; called only where it is needed
 * @throws ApiException, and the errors of the store
 */
export async function runEndpoint(
  endpoint: Endpoint,
  options: EndpointOptions,
  c: RequestContext,
  address: () => string,
): Promise<EndpointAnswer | Response> {
  const { access, limits, body, query } = endpoint;
  if (access === 'api key') checkApiKey(options, c, address);
  const sentKey = access === 'api key' || (access === 'submission or api key' && hasApiKey(options, c));
  if (options.rates && !sentKey) for (const limit of limits) enforce(limit, options.rates, options, c, address());
  const handle = (memory?: BodyMemory) =>
    endpoint.handle({
      ...options,
      c,
      caller: access === 'submission' || (access === 'submission or api key' && !sentKey) ? callerOf(options, c, address) : undefined, // prettier-ignore
      param: (name) => c.req.param(name) ?? '',
      body: async () => body && jsonOf(c, body.schema, body.maxBytes, body.asText, memory),
      query: () => query && queryOf(c, query),
      idempotencyKey: () => idempotencyKeyOf(c),
      address,
    });
  return body ? withBodyMemory(c, address, handle) : handle();
}

/** The status, the JSON body and the headers of a success. The body is undefined for 204. */
export function successBody(endpoint: Pick<Endpoint, 'status'>, { body, headers = {}, created }: EndpointSuccess) {
  if (endpoint.status === 204) return { status: 204, body: undefined, headers } as const;
  return { status: created ? 201 : (endpoint.status ?? 200), body, headers } as const;
}

const hasApiKey = ({ apiKey }: EndpointOptions, c: RequestContext): boolean =>
  apiKey !== undefined && sameSecret(bearerOf(c), apiKey);

/** @throws ApiException for a wrong key. One program with a wrong key does not keep out others of its address. */
function checkApiKey(options: EndpointOptions, c: RequestContext, address: () => string): void {
  if (hasApiKey(options, c)) return;
  failIfWaiting(options.rates?.wrongApiKeys.consume(address(), 1) ?? 0, 'wrong key');
  throw new ApiException(WRONG_API_KEY);
}

const WRONG_API_KEY = {
  code: 'unauthorized',
  message: 'The API key is missing or wrong. Send it as Authorization: Bearer …',
} as const;

/** @throws ApiException where the request is one too many */
function enforce(
  limit: EndpointLimit,
  rates: Rates,
  { services }: EndpointOptions,
  c: RequestContext,
  address: string,
): void {
  if (limit === 'start' || limit === 'address') return failIfWaiting(rates[limit](address), 'address');
  // Before the body is read: a sender of wrong webhooks waits.
  if (limit === 'webhook') return failIfWaiting(rates.wrongWebhooks.wait(address) || rates.webhook(address), 'address');
  const id = c.req.param('id') ?? '';
  const hasToken = verifySubmissionToken(services.keys, id, bearerOf(c));
  return limitSubmissionRequest(rates, { action: limit, id, hasToken, address });
}

/** The query parameters. Only a strict schema refuses those that it does not name. */
function queryOf(c: RequestContext, schema: NonNullable<Endpoint['query']>): unknown {
  const sent = [...(URL.parse(c.req.url ?? '')?.searchParams.keys() ?? [])];
  const repeated = Object.keys(schema.shape).find((name) => sent.indexOf(name) !== sent.lastIndexOf(name));
  if (repeated) throw new ApiException({ code: 'invalid_request', message: `${repeated} is in the query more than once. Send it once.` }); // prettier-ignore
  const names = new Set([...Object.keys(schema.shape), ...sent]);
  const parsed = schema.safeParse(Object.fromEntries([...names].map((name) => [name, c.req.query(name)])));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    throw new ApiException({ code: 'invalid_request', message: `There is no parameter ${issue.keys[0]?.slice(0, 60)}. Use ${known}.` }); // prettier-ignore
  }
  throw new ApiException({ code: 'invalid_request', message: parsed.error.issues[0]?.message ?? 'The query is not valid.' }); // prettier-ignore
}

/**
 * Checks the definitions, so that a mistake in one fails at the start.
 * @throws {Error} for an endpoint without `access`, for one that anyone can call without a limit, for one without `answer`,
 *   for a limit by submission on a path without `:id`, for one on the fast path with a query, which it can't read, and for a
 *   second one with the same key there
 */
export function checkEndpoints(endpoints: readonly Partial<Endpoint>[]): void {
  const onFastPath = new Set<string>();
  for (const { method, path = '', access, limits = [], fastPath, query, status, answer } of endpoints) {
    if (!access) throw new Error(`${method} ${path} has no credential. Add "access" to its definition.`);
    if (!answer && status !== 204) throw new Error(`${method} ${path} has no answer. Add "answer" to its definition.`);
    if (access === 'anyone' && !limits.length)
      throw new Error(`Anyone can call ${method} ${path}, and it has no limit. Add one to "limits" of its definition.`);
    const bySubmission = limits.find((limit) => !BY_ADDRESS.includes(limit));
    if (bySubmission && !path.split('/').includes(':id'))
      throw new Error(
        `${method} ${path} has the limit "${bySubmission}", which needs a submission. Add ":id" to its path.`,
      );
    if (fastPath && query)
      throw new Error(`${method} ${path} is on the fast path and has a query. Remove one of the two.`);
    if (!fastPath) continue;
    const key = fastPathKey(method, path);
    if (onFastPath.has(key))
      throw new Error(
        `${method} ${path} ends like another endpoint on the fast path. Remove "fastPath" from one of them.`,
      );
    onFastPath.add(key);
  }
}

/** The fast path finds an endpoint by its method and the last part of its path, which no two endpoints there share. */
export const fastPathKey = (method: string | undefined, path: string): string =>
  `${method}${path.slice(path.lastIndexOf('/'))}`;

const BY_ADDRESS: readonly EndpointLimit[] = ['start', 'address', 'webhook'];

/** The label in metrics of each endpoint, by its method and the parts of its path that are the same for all: `PUT submissions/answers`. */
export function metricLabels(endpoints: readonly Endpoint[]): ReadonlyMap<string, string> {
  return new Map(
    endpoints.flatMap(({ method, path, metric }) => {
      const [, , noun = '', , part = ''] = path.split('/');
      return metric ? [[`${method} ${noun}/${part}`, metric]] : [];
    }),
  );
}
