/** The OpenAPI document of the API, made from the definitions of its endpoints. It holds nothing of the site. */
import { z } from 'zod';
import { errorTable } from '../respond/errors/errors-md.ts';
import { namedSchemas } from './answers/answer.ts';
import { errorAnswer } from './answers/errors.ts';
import type { Access, Endpoint } from './endpoints/endpoint.ts';

type Json = Record<string, unknown>;

/** @param version of Flipsite */
export function openApiDocument(endpoints: readonly Endpoint[], version: string): Json {
  // Both make the schemas that `componentSchemas` lists.
  const paths = pathsOf(endpoints);
  const responses = { Error: errorResponse() };
  return {
    openapi: '3.1.1',
    info: { title: 'Flipsite', version, description: DESCRIPTION },
    // From the address of this document, so that it is right for a site under a path.
    servers: [{ url: '..', description: 'The site of this document' }],
    paths,
    components: { securitySchemes: SECURITY_SCHEMES, responses, schemas: componentSchemas() },
  };
}

const DESCRIPTION =
  'The API of a site of Flipsite. Answers and errors can get new keys in a later version, so ignore keys that you do not know.';

const bearer = (description: string): Json => ({ type: 'http', scheme: 'bearer', description });

const SECURITY_SCHEMES = {
  apiKey: bearer('The API key of the site: the value of INTEGRATOR_API_KEY. Use it only on a server.'),
  submission: bearer('The token of one submission, which its start returns.'),
  invitation: bearer('The token of an invitation, which is the last part of its link.'),
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'Smile-Signature',
    description: 'The HMAC-SHA512 of the body, in lowercase hexadecimal.',
  },
};

/** The credentials of each access. One of them is enough. */
const CREDENTIALS: Record<Access, (keyof typeof SECURITY_SCHEMES)[]> = {
  anyone: [],
  submission: ['submission'],
  invitation: ['invitation'],
  'api key': ['apiKey'],
  'submission or api key': ['submission', 'apiKey'],
  signature: ['signature'],
};

const errorResponse = (): Json => ({
  description: `An error. Programs decide by its code, and by the status if they do not know the code.\n\n${errorTable()}`,
  headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds. Every 429 and 503 has it' } },
  content: contentOf('application/json', referenceTo(errorAnswer)),
});

function pathsOf(endpoints: readonly Endpoint[]): Record<string, Json> {
  const paths: Record<string, Json> = {};
  for (const endpoint of endpoints) {
    const template = endpoint.path.replace(/:(\w+)/g, '{$1}');
    paths[template] = { ...paths[template], [endpoint.method.toLowerCase()]: operationOf(endpoint) };
  }
  return paths;
}

const operationOf = (endpoint: Endpoint): Json => ({
  operationId: endpoint.name,
  summary: endpoint.summary,
  security: CREDENTIALS[endpoint.access].map((name) => ({ [name]: [] })),
  parameters: [...pathParameters(endpoint), ...queryParameters(endpoint), ...headerParameters(endpoint)],
  ...requestBody(endpoint),
  responses: responsesOf(endpoint),
});

/** Descriptions of the parameters in a path, by the part of the path before them. */
const PATH_PARAMETERS: Record<string, string> = {
  forms: 'The slug of the form',
  submissions: 'The id of the submission',
  invitations: 'The id of the invitation',
  versions: 'The version of the form',
  links: 'The id of the campaign link',
  files: 'The id of the file',
  accounts: 'The id of the account at Smile',
};

const pathParameters = ({ path }: Endpoint): Json[] =>
  [...path.matchAll(/(\w+)\/:(\w+)/g)].map(([, noun = '', name]) => ({
    name,
    in: 'path',
    required: true,
    description: PATH_PARAMETERS[noun],
    schema: { type: 'string' },
  }));

function queryParameters({ query }: Endpoint): Json[] {
  const { properties = {}, required = [] } = query ? plain(query) : {};
  return Object.entries(properties as Record<string, Json>).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    description,
    schema,
  }));
}

const headerParameters = ({ headers = {} }: Endpoint): Json[] =>
  Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }));

function requestBody({ body, bodyType }: Endpoint): Json {
  if (bodyType) return { requestBody: { required: true, content: contentOf(bodyType) } };
  if (!body) return {};
  return { requestBody: { required: true, content: contentOf('application/json', plain(body.described?.() ?? body.schema)) } }; // prettier-ignore
}

const STATUSES = {
  200: 'The request succeeded',
  201: 'Flipsite made something',
  204: 'The request succeeded, and the answer has no body',
  304: 'The client has the answer already',
};

function responsesOf({ status: own, otherStatus, answer }: Endpoint): Json {
  const status = own ?? 200;
  const responseOf = (status: keyof typeof STATUSES) => ({
    description: STATUSES[status],
    ...(answer &&
      status !== 304 && {
        content: typeof answer === 'string' ? contentOf(answer) : contentOf('application/json', referenceTo(answer)),
      }),
  });
  return {
    [status]: responseOf(status),
    ...(otherStatus && { [otherStatus]: responseOf(otherStatus) }),
    default: { $ref: '#/components/responses/Error' },
  };
}

const contentOf = (type: string, schema: Json = {}): Json => ({ [type]: { schema } });

const addressOf = (id: string): string => `#/components/schemas/${id}`;

function referenceTo(make: () => z.ZodType): Json {
  const named = namedSchemas.get(make());
  if (!named) throw new Error('The schema of an answer has no name. Make it with "named".');
  return { $ref: addressOf(named.id) };
}

const OPTIONS = { io: 'input', unrepresentable: 'any' } as const;

/** The JSON Schema of a body or a query. */
function plain(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    ...OPTIONS,
    override: ({ jsonSchema }) => tidy(jsonSchema),
  });
  return json;
}

/** The JSON Schemas of all named schemas. They allow further keys, because answers can get new ones. */
function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(namedSchemas, {
    ...OPTIONS,
    uri: addressOf,
    override: ({ jsonSchema }) => {
      tidy(jsonSchema);
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $schema: _, $id: __, ...json }]) => [id, json]));
}

/** Removes the bounds of every number in JSON, the type of every key, and patterns that a format says already. */
function tidy(json: z.core.JSONSchema.BaseSchema): void {
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (json.format) delete json.pattern;
  delete json.propertyNames;
}
