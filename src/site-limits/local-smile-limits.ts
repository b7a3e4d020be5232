import type { SiteLimit } from './site-limit.ts';

/**
 * Bounds on local Smile. On a site without Smile's keys, everyone with a form can reach it. On any site, everyone with the link
 * of a preview can.
 */
export const LOCAL_SMILE_LIMITS = {
  localSmileBytes: {
    value: 80 * 1_048_576,
    unit: 'bytes',
    counts:
      'Memory for all bodies over 16 kB that are on their way to local Smile, and as much for the one of previews',
    answer: '429 with Retry-After',
    reason: 'Local Smile takes documents of 15 MB. A body counts as it arrives.',
  },
  localSmileBytesPerAddress: {
    value: 40 * 1_048_576,
    unit: 'bytes',
    counts: 'Of that, memory for several bodies from one address at once. An IPv6 address counts as its /48',
    answer: '429 with Retry-After',
    reason: 'One address cannot keep out the documents of others.',
  },
  localSmileBodyBytes: {
    value: 40 * 1_048_576,
    unit: 'bytes',
    counts: 'Body of one request to local Smile',
    answer: '413',
    reason: 'Two files of 15 MB, or one in base64 with a copy.',
  },
  localSmileJsonBytes: {
    value: 16_384,
    unit: 'bytes',
    counts: "JSON that local Smile's widget sends",
    answer: '400 INVALID_PARAMETERS',
    reason:
      'The widget sends a few hundred bytes. JSON of many empty values takes up to a hundred times its size in memory.',
  },
  localSmileFileBytes: {
    value: 15 * 1_048_576,
    unit: 'bytes',
    counts: 'One file of a document at local Smile',
    answer: '400 INVALID_PARAMETERS',
    reason: 'A photo from a phone has 3 to 12 MB.',
  },
  localSmileParts: {
    value: 20,
    unit: 'items',
    counts: 'Parts of one document that is sent to local Smile: its type and its files',
    answer: '400 INVALID_PARAMETERS',
    reason: 'A document has a few pages. Each file takes processor time and memory.',
  },
  localSmilePartHeaderBytes: {
    value: 500,
    unit: 'bytes',
    counts: 'Header of one such part',
    answer: '400 INVALID_PARAMETERS',
    reason: 'Local Smile keeps the name of the file in memory.',
  },
  localSmileTypeCharacters: {
    value: 150,
    unit: 'characters',
    counts: 'Content-Type of a document that is sent to local Smile',
    answer: '400 INVALID_PARAMETERS',
    reason:
      'It has a boundary of at most 70 characters (RFC 2046, 5.1.1). The parser takes time by the square of its length.',
  },
  localSmileSources: {
    value: 200,
    unit: 'items',
    counts: 'Accounts and documents of one person at local Smile',
    answer: '429 REQUEST_LIMIT_EXCEEDED',
    reason: 'All are in memory, and a person tries a few.',
  },
  localSmileFilesBytes: {
    value: 64 * 1_048_576,
    unit: 'bytes',
    counts: 'Memory for all files of documents at local Smile',
    answer: 'Local Smile forgets the oldest files',
    reason: 'Flipsite reads a file seconds after it was sent.',
  },
  localSmileFiles: {
    value: 1_000,
    unit: 'items',
    counts: 'All files of documents at local Smile',
    answer: 'Local Smile forgets the oldest files',
    reason: 'Empty files take memory too.',
  },
  localSmileObjects: {
    value: 2_000,
    unit: 'items',
    counts:
      'Objects of each kind, such as people and documents, that local Smile keeps in memory, and as many for the one of previews',
    answer: 'Flipsite forgets the oldest ones',
    reason:
      'A robot can make more all the time. A document takes about 15 kB, and 35 kB at most, so 70 MB in all. The files of the newest ones take up to 64 MB more.',
  },
  localSmileChangesPerAddressAndDay: {
    value: 10_000,
    unit: 'items',
    counts:
      'Requests of one address in a day that change something at local Smile, such as a sign-in. Those in previews count too',
    answer: '429',
    reason:
      'This is enough for 2,000 people who share an address. Flipsite stores what local Smile reports, some 12 kB for each account.',
  },
} as const satisfies Record<string, SiteLimit>;
