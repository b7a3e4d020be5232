import type { SiteLimit } from './site-limit.ts';

/** Bounds on campaign links and on the counts of their visitors. */
export const LINK_LIMITS = {
  formLinks: {
    value: 500,
    unit: 'items',
    counts: 'Campaign links in the text of a form',
    answer: 'The form has an error, and is not published',
    reason: 'More are better made under Share, where they are not part of each version.',
  },
  sharedLinks: {
    value: 5_000,
    unit: 'items',
    counts: 'Campaign links of one form that are made under Share',
    answer: '422 too_many_links',
    reason: 'Each server has all links in memory, about 1 kB each. A chain of shops has a thousand branches.',
  },
  linkValuesCharacters: {
    value: 5_000,
    unit: 'characters',
    counts: 'Values of one campaign link, as they are written in an address',
    answer: 'The form has an error, and is not published. Under Share and in the API: 422',
    reason:
      'Many servers in front refuse an address of more than 8 kB. A Chinese character takes nine, and an Arabic one six.',
  },
  embedSites: {
    value: 20,
    unit: 'items',
    counts: 'Websites that may show one form in a frame',
    answer: 'The form has an error, and is not published',
    reason: 'They are a header of each page of the form.',
  },
  linkHosts: {
    value: 20,
    unit: 'items',
    counts: 'Websites that Flipsite counts by name, for one link and day on one server',
    answer: 'Flipsite counts further ones as “other”',
    reason: 'Anyone can send any Referer header. A campaign comes from a few websites.',
  },
  clickDetailsPerDay: {
    value: 5_000,
    unit: 'items',
    counts: 'Pairs of a kind of device and a website, of all links, that a server counts apart in one day',
    answer: 'Flipsite counts further clicks as persons of their link, with an unknown device',
    reason: 'Each takes a row of about 120 bytes that stays, so 600 kB a day at most. A busy link has some ten.',
  },
  countedRowsPerDay: {
    value: 10_000,
    unit: 'items',
    counts:
      'Rows of openings that a server adds in one day, and as many of clicks. Each is for one form, link, language, device and kind of visitor',
    answer: 'Flipsite counts further people by link only, and Results says how many',
    reason:
      'Each takes a row of about 100 bytes that stays, and Results reads it. After the limit, each link adds three at most. A site with a thousand links has some thousands a day.',
  },
  countedRowsPerAddressAndDay: {
    value: 1_000,
    unit: 'items',
    counts: 'Such rows that the visits from one address add in one day',
    answer: 'Flipsite counts further people by link only, and Results says how many',
    reason:
      'Hundreds of phones share one address behind a network of a carrier. One address adds 200 kB of rows a day at most.',
  },
  clicksPerAddressAndMinute: {
    value: 300,
    unit: 'items',
    counts: 'People in a minute that Flipsite counts for campaign links from one address',
    answer: 'Flipsite counts further ones as robots',
    reason: 'Hundreds of phones share one address behind a network of a carrier. Programs can invent any number of browsers.', // prettier-ignore
  },
  linkVisitors: {
    value: 250_000,
    unit: 'items',
    counts: 'Visitors that a server remembers on one day, to count each once per link',
    answer: 'Flipsite forgets the visitors that came first, and counts them again if they come back',
    reason: 'Each takes about 40 bytes of memory, so 10 MB in all.',
  },
  clickRowsInMemory: {
    value: 20_000,
    unit: 'items',
    counts: 'Counts of visitors that wait for the database, while it can’t be reached',
    answer: 'Flipsite leaves out the clicks that need a further count',
    reason:
      'Each day, link, class, device and website needs one of about 300 bytes. Flipsite stores them every 3 seconds.',
  },
  goQueryCharacters: {
    value: 2_000,
    unit: 'characters',
    counts: 'Query of the address of a link that Flipsite passes on to the form',
    answer: 'Flipsite leaves the query out',
    reason: 'A few parameters are shorter, and the answer stays small.',
  },
  refererCharacters: {
    value: 4_096,
    unit: 'characters',
    counts: 'Referer header of a page that reports its opening',
    answer: 'Flipsite counts the opening without the parameters of the page’s address',
    reason:
      'Browsers send only the website where it would be longer. A header may hold 7,000 parameters, which take up to 4 milliseconds.',
  },
} as const satisfies Record<string, SiteLimit>;
