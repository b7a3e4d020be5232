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
    value: 32,
    unit: 'items',
    counts: 'Uploads and reads of files at once from one address',
    answer: '429 rate_limited',
    reason: 'Many phones share one address. Four of them take all the memory that new files are let into.',
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
    reason: 'A phone at 700 kbit/s reads the largest file in this time. A reader that stops would hold memory forever.',
  },
  freeDiskBytes: {
    value: 536_870_912,
    unit: 'bytes',
    counts: 'Free space on the disk of the files, below which Flipsite takes no file. On a disk under 10 GB, 5 % of it',
    answer: '503 store_unavailable',
    reason: 'Answers are on the same disk and still need room. Flipsite doesn’t check the space of a bucket.',
  },
  fileBytesPerSubmission: {
    value: 262_144_000,
    unit: 'bytes',
    counts: 'Files of one submission together, where its fields would take more. Removed files don’t count',
    answer: '413 too_large',
    reason: 'It is ten files of the largest size that a form can ask for.',
  },
  filesEverPerSubmission: {
    value: 300,
    unit: 'items',
    counts: 'Files ever taken in one submission, removed ones too',
    answer: '422 too_many_files',
    reason: 'Flipsite keeps a row for each removed file. A person removes a few.',
  },
  fileBytesPerAddressAndDay: {
    value: 1_073_741_824,
    unit: 'bytes',
    counts: 'Bytes of files that one address sends in a day, refused ones too',
    answer: '429 rate_limited',
    reason:
      'A hundred people behind one address send ten photos each. Each server counts in its memory, so a restart forgets.',
  },
  unsentDraftDays: {
    value: 60,
    unit: 'days',
    counts: 'Age of an unsent draft since its last change, where its form has no `retention`',
    answer: 'Flipsite erases the draft, with its files',
    reason: 'A draft’s link stops opening it after 60 days too.',
  },
  rehearsedDrafts: {
    value: 2_000,
    unit: 'items',
    counts: 'Drafts of a form that Flipsite tries with a new version before a member publishes it',
    answer: 'Flipsite tries the newest ones and says that there are more',
    reason: 'The page answers within seconds, however many drafts a robot starts.',
  },
  shownPicturePixels: {
    value: 25_000_000,
    unit: 'pixels',
    counts: 'Pixels of a picture that the dashboard shows. It reads them from the beginning of the file',
    answer: 'A sign instead of the preview. The link downloads the file',
    reason: 'A browser takes 4 bytes of memory for each pixel, here 100 MB, however small the file is.',
  },
  shownPicturesPerPage: {
    value: 10,
    unit: 'items',
    counts: 'Pictures of a submission that its page in the dashboard shows',
    answer: 'Only the name of each further picture, as a link',
    reason: 'A browser unpacks every picture of a page into memory.',
  },
} as const satisfies Record<string, SiteLimit>;
