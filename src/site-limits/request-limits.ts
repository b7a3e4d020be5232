import type { SiteLimit } from './site-limit.ts';

/** Bounds on one connection and one request: its header, its body and its parts. */
export const REQUEST_LIMITS = {
  connections: {
    value: 4_000,
    unit: 'items',
    counts:
      'Connections that are open at once. Before that, Flipsite closes idle ones, then the oldest of the address that has the most',
    answer: 'Flipsite closes the connection, and counts it in `/metrics`',
    reason:
      'Each may hold a slow body of 16 kB, together 64 MB, and a file. Where a process may have fewer than 8,300 files open, it is half of those beyond 300.',
  },
  connectionsPerAddress: {
    value: 1_000,
    unit: 'items',
    counts: 'Connections of one address at once. Those of a trusted proxy are not counted by address',
    answer: 'Flipsite closes the connection, and counts it in `/metrics`',
    reason: 'Hundreds of phones share one address behind a network of a carrier, and a browser opens up to six.',
  },
  requestsPerConnection: {
    value: 2,
    unit: 'items',
    counts: 'Requests of one connection that wait for their answer',
    answer: 'Flipsite closes the connection',
    reason:
      'Browsers and proxies wait for each answer. A sender who does not could send thousands in one packet, and everyone would wait for them.',
  },
  unreadAnswerBytes: {
    value: 128 * 1_048_576,
    unit: 'bytes',
    counts:
      'Answers that wait in memory because clients read them slowly, of all connections together. Over it, Flipsite closes the connections whose readers need the longest',
    answer: 'Flipsite closes the connection, and counts it in `/metrics`',
    reason: 'Small machines have room for it. About 2,000 phones can read a page slowly at the same time.',
  },
  unreadMs: {
    value: 300_000,
    unit: 'milliseconds',
    counts: 'Time in which the reader has to take an answer that is complete',
    answer: 'Flipsite closes the connection, and counts it in `/metrics`',
    reason: 'A phone on 2G reads 1 MB in this time. A reader that stops would hold memory forever.',
  },
  idleConnectionMs: {
    value: 125_000,
    unit: 'milliseconds',
    counts: 'Time for which a connection is kept open for its next request',
    answer: 'Flipsite closes the connection',
    reason:
      'Caddy keeps its own connections for two minutes, nginx for one, and the side that sends requests closes first.',
  },
  requestHeaders: {
    value: 100,
    unit: 'items',
    counts: 'Headers of a request, each line of a header that comes several times',
    answer: '431, and Flipsite closes the connection',
    reason:
      'Browsers and proxies send some forty. Each costs processor time, and there is room for a thousand short ones. Some versions of Node drop those without a word.',
  },
  hostCharacters: {
    value: 300,
    unit: 'characters',
    counts:
      'Header `Host` or `Origin` of a request. Where a browser sends only a `Referer`, Flipsite looks for the origin in so much of it',
    answer: '400, and Flipsite closes the connection',
    reason:
      'A host has up to 255 characters, and the scheme and the port come with it. The time to read one grows faster than its length.',
  },
  pathCharacters: {
    value: 2_000,
    unit: 'characters',
    counts: 'Path of an address, without its query',
    answer: '400 invalid_request',
    reason:
      'Each slash costs processor time. The longest path of the site is that of a preview, with some 300 characters.',
  },
  brokenAddressCharacters: {
    value: 2_000,
    unit: 'characters',
    counts: 'Address that has something in it which cannot be decoded, such as `%C3` alone, with its query',
    answer: '400 invalid_request',
    reason:
      'Each broken character costs processor time, and a longer address has room for thousands. Old systems write one in the name of a campaign.',
  },
  headerMs: {
    value: 20_000,
    unit: 'milliseconds',
    counts: 'Time in which the header of a request has to arrive',
    answer: '408, and Flipsite closes the connection',
    reason: 'A header is a few kB. A slow one holds a connection.',
  },
  requestMs: {
    value: 300_000,
    unit: 'milliseconds',
    counts: 'Time in which a request has to arrive, its body included',
    answer: '408, and Flipsite closes the connection',
    reason: 'A phone at 300 kbit/s sends 10 MB in this time.',
  },
  openedBodyBytes: {
    value: 1_024,
    unit: 'bytes',
    counts: 'Body of a report that the page of a form was opened',
    answer: '413 too_large',
    reason:
      'It names a language, a version and a link. A body of 48 kB could have thousands of keys, which take 10 ms.',
  },
  jsonBodyBytes: {
    value: 65_536,
    unit: 'bytes',
    counts: 'Body of a JSON request, where no other row names it',
    answer: '413 too_large',
    reason: 'These bodies hold a few short values.',
  },
  jsonNesting: {
    value: 64,
    unit: 'items',
    counts: 'Levels of arrays and objects inside each other in a JSON body, webhooks too',
    answer: '400 invalid_request',
    reason: 'Real bodies have fewer than ten levels. Node 24 can read more levels than it can write.',
  },
  answersBodyBytes: {
    value: 262_144,
    unit: 'bytes',
    counts: 'Body that saves the answers to one screen',
    answer: '413 too_large',
    reason: 'One screen is a few kB. Its fields together may allow more.',
  },
  webhookBodyBytes: {
    value: 1_048_576,
    unit: 'bytes',
    counts: 'Body of a webhook',
    answer: '413 too_large',
    reason: 'Smile sends a few kB.',
  },
  bodyPieces: {
    value: 1_000,
    unit: 'items',
    counts: 'Pieces in which a body arrives, beyond those that its size allows',
    answer: '400 invalid_request, and Flipsite closes the connection',
    reason: 'Each piece costs processor time, and a sender may make one of each byte.',
  },
  bytesPerPiece: {
    value: 256,
    unit: 'bytes',
    counts: 'Size that allows a body one more piece',
    answer: '400 invalid_request, and Flipsite closes the connection',
    reason: 'A packet of a phone has hundreds.',
  },
  smallBodyMs: {
    value: 30_000,
    unit: 'milliseconds',
    counts: 'Time that Flipsite waits for a body of up to 64 kB',
    answer: '408 too_slow',
    reason: 'Such a body is there at once, also from a phone on 2G. Thousands of slow ones would take the memory.',
  },
  bodyStallMs: {
    value: 20_000,
    unit: 'milliseconds',
    counts:
      'Time that Flipsite waits for the sender of a larger body, beyond the time of its bytes at the lowest speed',
    answer: '408 too_slow',
    reason: 'A phone that changes cells is silent for some seconds. A sender that stops gives its memory back.',
  },
  bodyBytesPerSecond: {
    value: 1_000,
    unit: 'bytes',
    counts: 'Lowest speed of a larger body, each second',
    answer: '408 too_slow',
    reason: 'A phone on 2G sends at least twice as fast.',
  },
  jsonValues: {
    value: 5_000,
    unit: 'items',
    counts: 'Values in a JSON body, nested ones included',
    answer: '400 invalid_request',
    reason: 'Each value costs processor time. A hundred events have about 1,500.',
  },
  formPostTextBytes: {
    value: 262_144,
    unit: 'bytes',
    counts: 'Texts of a form that a browser posts without JavaScript',
    answer: '413 too_large',
    reason: 'The same as for the answers to one screen.',
  },
  formPostBytes: {
    value: 60 * 1_048_576,
    unit: 'bytes',
    counts: 'Body of a form with files that a browser posts without JavaScript; less where its fields allow less',
    answer: '413 too_large',
    reason: 'Two files of the largest size, or six photos, fit.',
  },
  formPostPartsPerField: {
    value: 10,
    unit: 'items',
    counts: 'Parts of a posted form for each of its fields, beside its options and files',
    answer: '413 too_large',
    reason: 'An address has the most controls of a field without options.',
  },
  formPostSpareParts: {
    value: 100,
    unit: 'items',
    counts: 'Parts of a posted form beyond those of its fields, options and files. The rest of the body is not read',
    answer: '413 too_large',
    reason: 'Each part costs processor time. A page of an older version may have fields that are gone.',
  },
  formPartHeaderBytes: {
    value: 8_192,
    unit: 'bytes',
    counts: 'Header of one part of a posted form',
    answer: '400 invalid_request',
    reason: 'It holds the name of a field and of a file.',
  },
  dashboardPostBytes: {
    value: 65_536,
    unit: 'bytes',
    counts: 'Form that a member posts to the dashboard',
    answer: '413',
    reason: 'These forms hold a few short values.',
  },
  signInPostBytes: {
    value: 8_192,
    unit: 'bytes',
    counts: 'Form that a browser posts to the dashboard without being signed in, such as to sign in',
    answer: '413',
    reason: 'An email and a password take 3 kB at most. Many slow sign-ins together take little memory.',
  },
} as const satisfies Record<string, SiteLimit>;
