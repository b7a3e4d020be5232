import type { SiteLimit } from './site-limit.ts';

/** Bounds on files and stored bytes: per draft, per address, and for the whole site. */
export const STORAGE_LIMITS = {
  filesInMemoryBytes: {
    value: 134_217_728,
    unit: 'bytes',
    counts: 'Memory for all files that people send at once: forms posted with files, and uploads',
    answer: '429 rate_limited',
    reason: 'A server with 1 GB of memory keeps serving. Flipsite lets a new file in while less than half is in use.',
  },
  filesInMemoryPerAddressBytes: {
    value: 33_554_432,
    unit: 'bytes',
    counts: 'Of that, memory for several files and forms from one address at once. An IPv6 address counts as its /48',
    answer: '429 rate_limited',
    reason: 'One address can’t keep all others from sending files. One form alone can be larger.',
  },
  fileReadsInMemoryBytes: {
    value: 67_108_864,
    unit: 'bytes',
    counts: 'Memory for all files that people read at once. These are the files that they have sent',
    answer: '429 rate_limited',
    reason:
      'Slow readers don’t keep others from sending files. Flipsite lets a new read in while less than half is in use.',
  },
  fileReadsInMemoryPerAddressBytes: {
    value: 16_777_216,
    unit: 'bytes',
    counts: 'Of that, memory for several reads from one address at once. An IPv6 address counts as its /48',
    answer: '429 rate_limited',
    reason: 'One address can’t keep all others from reading their files.',
  },
  memoryPerFileBytes: {
    value: 524_288,
    unit: 'bytes',
    counts: 'Memory that one upload or one read counts for. In a bucket, an upload also counts with its size',
    answer: 'Flipsite streams the file in chunks of 64 kB',
    reason: 'It covers the part read from the store, the chunk under encryption, and the buffers of the connection.',
  },
  memoryPerSilentUploadBytes: {
    value: 16_384,
    unit: 'bytes',
    counts: 'Of that, the part that counts for an upload before its first bytes come. Each byte then counts as two',
    answer: '429 rate_limited',
    reason: 'Otherwise, 23 kB a second from six addresses could keep others out, by uploads that send nothing.',
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
  placeRenewalMs: {
    value: 30_000,
    unit: 'milliseconds',
    counts:
      'Time in which a sender or reader of a large body sends or takes as many bytes as it holds, when others need its place',
    answer: '408 too_slow. For a reader, Flipsite closes the connection',
    reason: 'A phone on 3G keeps up. Keeping others out takes 2 MB a second, from however many addresses.',
  },
  slowPlaceMs: {
    value: 10_000,
    unit: 'milliseconds',
    counts: 'Time for which such a sender or reader may be slower than that',
    answer: '408 too_slow. For a reader, Flipsite closes the connection',
    reason:
      'A phone that changes cells is silent for some seconds. Others wait no longer for the place of a silent one.',
  },
  readEntriesPerFile: {
    value: 100,
    unit: 'items',
    counts: 'Entries that Flipsite reads in the first 64 kB of a Word, Excel or OpenDocument file to find its type',
    answer: 'Flipsite reads no further ones',
    reason: 'The type is in one of the first few entries. A thousand entries take several milliseconds of a processor.',
  },
  typeEntryBytes: {
    value: 262_144,
    unit: 'bytes',
    counts: 'The entry of such a file that names its type, when it is unpacked',
    answer: '415 unsupported_type',
    reason: 'It has a line for each sheet, and 2,000 lines fit. A file of 1 kB could be 1 MB unpacked.',
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
    counts:
      'Free space on the disk of the files, below which Flipsite takes no file. On a disk under 10 GB, 5 % of it. The same with 5 % of its number of files (inodes)',
    answer: '503 store_unavailable',
    reason: 'Answers are on the same disk and still need room. Flipsite doesn’t check the space of a bucket.',
  },
  failedRequestsInLogPerMinute: {
    value: 60,
    unit: 'items',
    counts:
      'Lines a minute in the log of each server about requests that failed for one reason, such as a full disk. Requests to Smile, emails, webhooks and jobs in the background count apart',
    answer:
      'Further ones have no line. `flipsite_request_seconds` and `flipsite_smile_calls_total` in `/metrics` count requests, and the dashboard has each email and webhook',
    reason:
      'While the disk is full, or the database or a receiver is away, anyone can cause a line of 1 kB with each request. The lines would take the room of answers.',
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
    counts: 'Bytes of files that one address sends in a day, refused ones too, and 8 kB for each',
    answer: '429 rate_limited',
    reason:
      'A hundred people behind one address send ten photos each. A small file takes a block of the disk and some rows. A restart of the server forgets its counts.',
  },
  answerBytesPerAddressAndDay: {
    value: 268_435_456,
    unit: 'bytes',
    counts:
      'Starts, answers and link tokens that one address stores in a day. Each save or token counts 1.6 kB more, and each start or posted form 3.5 kB. Each email and webhook of the form adds 2 kB to that. Each save stores all answers again',
    answer: '429 rate_limited',
    reason: 'This is enough for 100,000 screens. Without it, one address could fill a disk of 40 GB in a day.',
  },
  publicationsPerForm: {
    value: 2_000,
    unit: 'items',
    counts: 'Published versions of a form in its history. An owner may publish more',
    answer: '422 texts_full',
    reason: 'Ten versions on each working day of a year have room.',
  },
  publishedBytesPerForm: {
    value: 134_217_728,
    unit: 'bytes',
    counts: 'Texts and compiled versions in the history of a form. An owner may publish more',
    answer: '422 texts_full',
    reason: 'A usual form has 20 kB, so that the limit on versions comes first.',
  },
  publishedBytes: {
    value: 2_147_483_648,
    unit: 'bytes',
    counts: 'The same of all forms together',
    answer: '422 texts_full',
    reason: 'An editor or a program can’t fill a disk of 10 GB.',
  },
  formDrafts: {
    value: 2_000,
    unit: 'items',
    counts: 'Forms with a draft in the dashboard. An owner may make more',
    answer: '422 texts_full',
    reason: 'The list of forms shows each of them.',
  },
  formDraftBytes: {
    value: 268_435_456,
    unit: 'bytes',
    counts: 'Texts of these drafts together. An owner may save more',
    answer: '422 texts_full',
    reason: 'Each draft may have 1,000,000 characters, and a usual one has 20 kB.',
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
    reason:
      'The page answers within seconds for usual drafts, and within some minutes for the largest ones that a robot can start.',
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
