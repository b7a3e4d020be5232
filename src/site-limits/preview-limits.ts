import type { SiteLimit } from './site-limit.ts';

/** Bounds on previews: everyone who has the link of one can fill it in. */
export const PREVIEW_LIMITS = {
  previewLinkDays: {
    value: 7,
    unit: 'days',
    counts: 'Time that the link of a preview works for colleagues. Flipsite rounds it up to the hour',
    answer: '410, with a page that says so',
    reason: 'A review takes some days, and a link that was sent on should not show drafts for ever.',
  },
  previewPhoneDays: {
    value: 1,
    unit: 'days',
    counts: 'The same for the preview on a phone, and in the dashboard',
    answer: '410, with a page that says so',
    reason: 'A member opens a new one from the dashboard at once.',
  },
  previewRequestsPerAddressAndMinute: {
    value: 6_000,
    unit: 'items',
    counts: 'Requests of one address to previews in a minute',
    answer: '429 rate_limited',
    reason:
      'This is enough for ten members who type and sixty colleagues who watch behind one address. An open preview asks forty times a minute, and after each change of its editor.',
  },
  previewAnswerDays: {
    value: 7,
    unit: 'days',
    counts: 'Age of test answers, since they were started',
    answer: 'Flipsite deletes them',
    reason: 'It is as long as a link works.',
  },
  previewSubmissions: {
    value: 500,
    unit: 'items',
    counts: 'Test answers of all previews together',
    answer: 'Flipsite deletes the oldest ones',
    reason: 'Some colleagues try some forms. A robot with a link fills no disk.',
  },
  previewFileBytes: {
    value: 268_435_456,
    unit: 'bytes',
    counts: 'Files of all test answers together',
    answer: '503 store_unavailable',
    reason: 'Test files are small, and they must not take the disk of real ones.',
  },
  previewVersions: {
    value: 20,
    unit: 'items',
    counts: 'Versions of a draft that its preview keeps',
    answer: 'Flipsite deletes the oldest ones',
    reason: 'Each saved change makes a version, and an open preview follows to the newest one within seconds.',
  },
  formComments: {
    value: 200,
    unit: 'items',
    counts: 'Comments and approvals of one form that no member has marked as done',
    answer: '429 rate_limited',
    reason: 'A member reads them all on one page.',
  },
  commentCharacters: {
    value: 2_000,
    unit: 'characters',
    counts: 'Comment in a preview',
    answer: '400 invalid_request',
    reason: 'It is about one question or one screen.',
  },
  commentNameCharacters: {
    value: 80,
    unit: 'characters',
    counts: 'Name under a comment in a preview',
    answer: '400 invalid_request',
    reason: 'People write a name and a team.',
  },
  previewsOpen: {
    value: 100,
    unit: 'items',
    counts: 'Links of previews that a server keeps ready at once',
    answer: 'Flipsite closes the one that was used longest ago, and opens it again when it is used',
    reason: 'Each takes about 200 kB of memory. The pages have a limit of their own.',
  },
} as const satisfies Record<string, SiteLimit>;
