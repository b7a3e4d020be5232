import type { SiteLimit } from './site-limit.ts';

/** Bounds on the emails and webhooks that a submission causes. */
export const DELIVERY_LIMITS = {
  notificationEmailsPerHour: {
    value: 100,
    unit: 'items',
    counts: 'Emails about the submissions of one form that a server queues for one address in an hour',
    answer: 'One email at the end of the hour says that there are more',
    reason: 'Mail servers allow some hundreds of emails a day, and invitations need them too. Anyone can send a form.',
  },
  notificationEmailsPerDay: {
    value: 300,
    unit: 'items',
    counts: 'The same of all forms together, in a day (UTC)',
    answer: 'One email about each form at the end of the hour says that there are more',
    reason: 'Otherwise one stranger could use up the emails of a mail server by 100 submissions an hour.',
  },
  emailsAtOnce: {
    value: 8,
    unit: 'items',
    counts: 'Emails and invitations through Smile that each server sends at once',
    answer: 'The next one waits',
    reason: 'A mail server that answers slowly keeps no webhook and no read of Smile waiting.',
  },
  webhooksAtOnce: {
    value: 64,
    unit: 'items',
    counts: 'Webhooks that each server sends at once',
    answer: 'The next one waits',
    reason:
      'Each takes a connection and the memory of one submission, for up to 15 seconds. All together take some 20 MB.',
  },
  webhooksAtOncePerHost: {
    value: 8,
    unit: 'items',
    counts: 'Webhooks that each server sends to one host at once',
    answer: 'The next one waits, and webhooks to other hosts go on',
    reason: 'A receiver that answers slowly keeps only its own webhooks waiting.',
  },
} as const satisfies Record<string, SiteLimit>;
