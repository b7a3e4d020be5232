import type { SiteLimit } from './site-limit.ts';

/** Bounds on the memory of large bodies and of ready pages. */
export const MEMORY_LIMITS = {
  largeBodiesInMemoryBytes: {
    value: 64 * 1_048_576,
    unit: 'bytes',
    counts:
      'Memory for all bodies over 16 kB that are on their way or in work at once, without forms posted with files and uploads',
    answer: '429 rate_limited',
    reason: 'A slow sender holds its body for minutes. Hardly any real body is so large, and smaller ones go on.',
  },
  largeBodiesInMemoryPerAddressBytes: {
    value: 8 * 1_048_576,
    unit: 'bytes',
    counts: 'Of that, memory for several bodies from one address at once. An IPv6 address counts as its /48',
    answer: '429 rate_limited',
    reason:
      'A body stays in memory while its request waits. Many from one address wait for each other, and would keep out those of all others.',
  },
  earlierFormsCharacters: {
    value: 8_000_000,
    unit: 'characters',
    counts: 'Earlier versions of forms in memory, as JSON. Shared previews have as much again',
    answer:
      'Flipsite reads the version again, and addresses have their turns one after another. For its page, that counts as a rendered page. A request about a submission counts it like stored answers of the same size',
    reason:
      'In memory, a form takes a few times its JSON. Hundreds of forms of the usual size fit. The parts that a start needs stay for 5,000 more.',
  },
  currentPagesBytes: {
    value: 96 * 1_048_576,
    unit: 'bytes',
    counts: 'Memory for ready pages of forms, in each of their languages',
    answer: 'Flipsite renders the page again. Addresses have their turns one after another',
    reason: 'About 1,300 pages of the usual size fit. A page of a thousand questions has 450 kB.',
  },
  earlierPagesBytes: {
    value: 32 * 1_048_576,
    unit: 'bytes',
    counts: 'Memory for ready pages of earlier versions of forms',
    answer: 'Flipsite renders the page again',
    reason: 'Few people come back to each earlier version. About 500 pages fit.',
  },
  earlierPicturesBytes: {
    value: 16 * 1_048_576,
    unit: 'bytes',
    counts: 'Memory for the logos and pictures of earlier versions of forms. Each preview has 1 MB',
    answer: 'Flipsite forgets the one whose page it rendered the longest ago, until it renders that page again',
    reason: 'A picture has up to 300 kB. An editor may change it with each version.',
  },
  previewPagesBytes: {
    value: 32 * 1_048_576,
    unit: 'bytes',
    counts: 'Memory for ready pages of all previews',
    answer:
      'Flipsite renders the page again. A page that is open and is not in memory any more is loaded again when its form changes',
    reason:
      'A preview has a page for each language and for each version that somebody has open. About 60 of the largest pages fit. Of links for colleagues and phones, one is rendered at a time, and addresses have their turns one after another.',
  },
  sharedPagesBytes: {
    value: 8 * 1_048_576,
    unit: 'bytes',
    counts: 'Memory for pages that are the same for everyone, such as of closed forms, passwords and invitations',
    answer: 'Flipsite renders the page again',
    reason: 'A page is about 10 kB, and a form has some for each of its languages.',
  },
  cardPicturesBytes: {
    value: 16 * 1_048_576,
    unit: 'bytes',
    counts: 'Memory for the pictures of forms that Flipsite draws for social networks',
    answer: 'Flipsite draws the picture again',
    reason: 'A picture is about 25 kB, and a form has one for each of its languages. About 600 fit.',
  },
} as const satisfies Record<string, SiteLimit>;
