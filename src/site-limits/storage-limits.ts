import type { SiteLimit } from './site-limit.ts';

/** Bounds on files and stored bytes: per draft, per address, and for the whole site. */
export const STORAGE_LIMITS = {
  filesInMemoryBytes: {
    value: 134_217_728,
    unit: 'bytes',
    counts: 'Memory for all files on their way at once: forms posted with files, uploads, and reads',
    answer: '429 rate_limited',
    reason: 'A server with 1 GB of memory keeps serving. Flipsite lets a new file in while less than half is in use.',
  },
  memoryPerFileBytes: {
    value: 524_288,
    unit: 'bytes',
    counts: 'Memory that one upload or one read counts for, however large its file is',
    answer: 'Flipsite streams the file in chunks of 64 kB',
    reason: 'It covers the part read from the store, the chunk under encryption, and the buffers of the connection.',
  },
  filesOnTheirWayPerAddress: {
    value: 64,
    unit: 'items',
    counts: 'Uploads and reads of files at once from one address',
    answer: '429 rate_limited',
    reason: 'Many phones share one address. Two addresses can’t fill the memory for all files.',
  },
  filesOnTheirWayPerSubmission: {
    value: 10,
    unit: 'items',
    counts: 'Uploads and reads of files at once in one submission',
    answer: '429 rate_limited',
    reason: 'The page sends one file at a time. A field takes ten files at most.',
  },
  fileReadMs: {
    value: 300_000,
    unit: 'milliseconds',
    counts: 'Time that a respondent takes to read one file',
    answer: 'Flipsite closes the connection',
    reason:
      'A phone at 700 kbit/s reads the largest file in this time. A reader who takes nothing would hold memory forever.',
  },
} as const satisfies Record<string, SiteLimit>;
