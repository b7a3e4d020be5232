import type { SiteLimit } from './site-limit.ts';

/** Bounds on campaign links and on what is counted about their visitors. */
export const LINK_LIMITS = {
  formLinks: {
    value: 500,
    unit: 'items',
    counts: 'Campaign links in the text of a form',
    answer: 'The form has an error, and is not published',
    reason: 'More are better made under Share, where they are not part of each version.',
  },
  embedSites: {
    value: 20,
    unit: 'items',
    counts: 'Websites that may show one form in a frame',
    answer: 'The form has an error, and is not published',
    reason: 'They are a header of each page of the form.',
  },
} as const satisfies Record<string, SiteLimit>;
