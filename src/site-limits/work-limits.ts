import type { SiteLimit } from './site-limit.ts';

/** Apart from the others, because the page of the editor needs this one. */
export const MAX_FORM_ALIASES = 1_000;

/** Bounds on work that is under way or waits at once. */
export const WORK_LIMITS = {
  smileAsksPerAddress: {
    value: 10,
    unit: 'items',
    counts: 'Sign-in windows that open and accounts that are disconnected at once, from one address',
    answer: '429 rate_limited',
    reason: 'Each asks Smile, which allows 20 requests a second for the whole site. Others need some of them.',
  },
  smileAsks: {
    value: 30,
    unit: 'items',
    counts:
      'The same from all addresses. While there are so many, each address may have one. An IPv6 address counts as its /48',
    answer: '429 rate_limited',
    reason: 'A call to Smile that waits for more than 4.5 seconds fails. Addresses have their turns one after another.',
  },
  smileAsksOfAll: {
    value: 100,
    unit: 'items',
    counts: 'The same from all addresses, with the one that each may have then',
    answer: '429 rate_limited',
    reason:
      'Smile is asked 15 times a second. A call that waits for more than 4.5 seconds fails, so more windows would not open.',
  },
  smileLooksPerAddress: {
    value: 5,
    unit: 'items',
    counts: 'Times at once that Flipsite looks for accounts at Smile because a person of one address goes on',
    answer: 'Flipsite goes on without looking, as when Smile does not answer',
    reason: 'People may press the button again and again. Each look asks Smile, and others need it too.',
  },
  smileLooks: {
    value: 20,
    unit: 'items',
    counts: 'The same, from all addresses',
    answer: 'Flipsite goes on without looking, as when Smile does not answer',
    reason:
      'Smile is asked 15 times a second. Looks have at least a quarter of that, and sign-in windows half. A call that waits for more than 4.5 seconds fails.',
  },
  smilePolls: {
    value: 4,
    unit: 'items',
    counts:
      'Submissions at once about which each server asks Smile because Smile has reported something, or has an account',
    answer: 'The next one waits',
    reason: 'The data of connected accounts must not wait for them.',
  },
  smileWatches: {
    value: 3,
    unit: 'items',
    counts: 'Submissions at once about which each server asks Smile because a sign-in window was opened',
    answer: 'The next one waits',
    reason: 'Every opened window causes some, and anyone can open many. The ones in the row above don’t wait for them.',
  },
  linkedReads: {
    value: 4,
    unit: 'items',
    counts: 'Accounts whose data each server reads from Smile at once',
    answer: 'The next one waits',
    reason: 'Each may take 32 MB, and some times as much memory while it is read.',
  },
  requestsPerTurn: {
    value: 10,
    unit: 'items',
    counts:
      'Requests that a server begins to answer in one turn of the event loop, or continues after waiting for their body',
    answer: 'The next one waits, and addresses have their turns one after another. An IPv6 address counts as its /48',
    reason:
      'Between two turns come writes to the database, timers and new connections. Otherwise 900 connections with many requests keep all of them waiting for seconds.',
  },
  turnMs: {
    value: 1,
    unit: 'milliseconds',
    counts: 'Time after which it begins to answer no further request in that turn',
    answer: 'The next one waits',
    reason:
      'Some requests take ten times as long as others. New connections of other people are accepted between two turns.',
  },
  largePageBytes: {
    value: 65_536,
    unit: 'bytes',
    counts: 'Size of a form’s page with the errors and answers of a person without JavaScript that counts as large',
    answer: 'Large pages have their turns one after another, so the next one waits',
    reason:
      'Rendering one takes 10 to 150 milliseconds. Between two, the server has 150 milliseconds for all other requests.',
  },
  largePagesPerAddress: {
    value: 10,
    unit: 'items',
    counts: 'Such pages of one address that wait for their turn or are rendered. An IPv6 address counts as its /48',
    answer: '503 busy. The browser keeps the answers: the person can go back, or reload the page',
    reason: 'One address leaves most of the places in the row below to others.',
  },
  largePages: {
    value: 40,
    unit: 'items',
    counts: 'The same, of all addresses',
    answer: '503 busy, as above',
    reason:
      'The last one comes after 8 to 20 seconds, or after a minute while a crowd sends other forms. Each waits in memory with its answers.',
  },
  earlierPagesPerAddress: {
    value: 10,
    unit: 'items',
    counts:
      'Pages of earlier versions of forms, each in one language, that one address has asked for and that wait for their turn or are rendered. An IPv6 address counts as its /48',
    answer: '503 busy. The browser keeps the answers of the draft, and the person can reload the page',
    reason: 'People who share an address and ask for the same page take one place together.',
  },
  earlierPages: {
    value: 200,
    unit: 'items',
    counts: 'The same, of all addresses',
    answer: '503 busy, as above',
    reason:
      'One is made at a time, and addresses have their turns one after another, so a person waits for one page of each other address. A page that waits takes little memory.',
  },
  formWorkWaiting: {
    value: 40,
    unit: 'items',
    counts: 'Texts of forms that members and programs check, compare or change, and that wait for it or are in work',
    answer: '503 busy, and in the dashboard 503',
    reason: 'One after another has its turn, which takes up to a second for the largest form. Each text may have 1 MB.',
  },
  formAliases: {
    value: MAX_FORM_ALIASES,
    unit: 'items',
    counts: 'Aliases (`*name`) in the text of a form',
    answer: 'An error of the form, which says so',
    reason:
      'The reader looks for the anchor of each one in all of the text. 10,000 take half a minute on a busy machine.',
  },
  formOptions: {
    value: 5_000,
    unit: 'items',
    counts: 'Options of all questions of a form together. A list of countries counts for each question that has it',
    answer: 'The form has an error, and is not published',
    reason: 'The page has all of them. As checkboxes they are 600 kB, and rendering them takes up to 4 seconds.',
  },
  patternProperties: {
    value: 100,
    unit: 'items',
    counts: 'Properties of characters, such as `\\p{L}`, in the different patterns of a form together',
    answer: 'The form has an error, and is not published',
    reason:
      'The first answer to a pattern takes up to 3 milliseconds of a processor for each. Everyone waits meanwhile.',
  },
  matchMs: {
    value: 50,
    unit: 'milliseconds',
    counts: 'Processor time for matching one answer with the `pattern` of its question',
    answer: 'The answer counts as one that does not match',
    reason:
      'A match takes microseconds. The check refuses patterns that are slow on the texts that it tries, and others remain.',
  },
  slowMatchesMs: {
    value: 200,
    unit: 'milliseconds',
    counts:
      'The same for all answers that Flipsite reads at once, such as those of a posted form. Quick matches do not count',
    answer: 'Further answers to questions with such a `pattern` count as ones that do not match',
    reason:
      'Everyone waits meanwhile. A form may have a thousand questions. A match that may be slow also starts a thread, which takes 0.2 milliseconds and does not count.',
  },
  slowMatchesMsPerMinute: {
    value: 3_000,
    unit: 'milliseconds',
    counts: 'The same for all answers that a server reads in a minute',
    answer: 'Both limits above are lower until the minute ends',
    reason: 'A stranger can send such answers again and again. Few forms have such a `pattern`.',
  },
  briefMatchMs: {
    value: 2,
    unit: 'milliseconds',
    counts:
      'Both limits until then: for matching one answer, and for all slow matches of the answers that are read at once',
    answer: 'The answer counts as one that does not match',
    reason: 'A usual answer takes microseconds, and still matches. The time to compile the pattern does not count.',
  },
  editorRequestsPerMember: {
    value: 12,
    unit: 'items',
    counts: 'Requests of one member at once that read or change the text of a form, or send a file',
    answer: '429',
    reason: 'A browser sends six at once. One member leaves most of the turns above to others.',
  },
  resultStreamsPerMember: {
    value: 10,
    unit: 'items',
    counts: 'Open pages of Results that each server tells one member’s browsers of new numbers',
    answer: '429. The page asks every 5 seconds instead',
    reason: 'A page that is not visible has none, so a member has one for each window.',
  },
  resultStreams: {
    value: 200,
    unit: 'items',
    counts: 'Such pages of all members',
    answer: '429. The page asks every 5 seconds instead',
    reason:
      'Each has a connection, and takes about 30 kB of memory. After a change, five in a second hear of it, because each then asks for its numbers.',
  },
  searchesPerMember: {
    value: 12,
    unit: 'items',
    counts: 'Searches of one member at once, for people or for other data of a person',
    answer: '429',
    reason:
      'A browser sends six at once. The searches of all members take turns, one step at a time, and each has five hundred steps.',
  },
  resultsPerMember: {
    value: 12,
    unit: 'items',
    counts: 'Pages and files of Results that one member asks for at once',
    answer: '429. An open page asks again by itself',
    reason: 'A browser sends six at once. Each page waits until the others of the member have their numbers.',
  },
  resultsAtOnce: {
    value: 2,
    unit: 'items',
    counts: 'Members whose Results a server computes at once. Each has one page or file at a time',
    answer: 'The next one waits, and members have their turns one after another',
    reason:
      'A thousand rows of visits and people take 4 milliseconds of a processor. As many visits as the limits allow take 3 to 5 seconds for 30 days. Meanwhile, the server answers other requests.',
  },
  readinessMs: {
    value: 1_000,
    unit: 'milliseconds',
    counts: 'Time for which one check of the database answers all requests to `/readyz` and `/metrics` of a server',
    answer: 'Flipsite checks the database again',
    reason: 'Each check writes to the disk, and anyone can ask for one. A load balancer asks every few seconds.',
  },
  writesWaitingOnSqlite: {
    value: 4_000,
    unit: 'items',
    counts: 'Writes that wait for their turn, on SQLite',
    answer: '503 busy for the newest one of the address that has the most. An IPv6 address counts as its /48',
    reason: 'SQLite stores that many in less than a second. A client that waits for more gives up.',
  },
  requestsWaitingOnPostgres: {
    value: 1_000,
    unit: 'items',
    counts: 'Requests that wait for a connection to PostgreSQL, on each server',
    answer: '503 busy for the newest one of the address that has the most. An IPv6 address counts as its /48',
    reason: 'A client that waits for more gives up.',
  },
} as const satisfies Record<string, SiteLimit>;
