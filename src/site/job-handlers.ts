/** The handlers of all jobs of a site, by kind. */
import { deliveryHandlers } from '../deliver/deliver.ts';
import type { Channel } from '../record/deliveries.ts';
import type { Mailer } from '../deliver/mailer.ts';
import { createWebhookPoster } from '../deliver/webhook-post.ts';
import { expiredCodesJob } from '../members/codes.ts';
import { publishingRights } from '../members/grants.ts';
import { publishLaterJob } from '../publish/publish-later.ts';
import type { Publisher } from '../publish/publisher.ts';
import { WIPE } from '../record/erasure.ts';
import { PUBLISH_AT } from '../record/forms/scheduled-publications.ts';
import type { JobHandlers } from '../record/jobs/worker.ts';
import { eraseLateJob, keysJob, retentionJob, retentionPauseJob, sweepJob, wipeJob } from '../respond/erase.ts';
import type { Services } from '../respond/services.ts';
import { inviteBySmile } from '../respond/smile/invite.ts';
import { smileJobs } from '../respond/smile/jobs.ts';

interface JobOptions {
  mailer: Mailer | undefined;
  /** Hosts that webhooks may go to although they are private. */
  webhookHosts: string[];
  outgoing: boolean;
  publisher: Publisher;
  /** @returns the value of an environment variable that forms may name */
  secret(name: string): string | undefined;
  /** Prints a message for the authors of forms, in plain lines. */
  print(text: string): void;
  countFailure: (channel: Channel) => void;
  /** The address of the site. */
  origin: string;
}

/** @returns the handlers. With `outgoing` off, jobs that send something have none, and wait in the queue */
export function siteJobs(
  services: Services,
  { mailer, publisher, webhookHosts, outgoing, secret, print, countFailure, origin }: JobOptions,
): JobHandlers {
  const { db, keys, now, log } = services;
  const sending: JobHandlers = {
    ...smileJobs(services),
    ...deliveryHandlers({
      db,
      now,
      mailer,
      post: createWebhookPoster({ allowed: webhookHosts }),
      secret,
      origin,
      keys,
      inviteBySmile: (id) => inviteBySmile(services, id),
      logError: (error) => log.warn({ err: error }, 'Could not make an email or a webhook'),
      print,
      countFailure,
    }),
  };
  return {
    ...(outgoing && sending),
    forget: eraseLateJob(services),
    [WIPE]: wipeJob(services),
    retention: retentionJob(services),
    retentionPause: retentionPauseJob(),
    sweep: sweepJob(services),
    keys: keysJob(services),
    codes: expiredCodesJob(services),
    [PUBLISH_AT]: publishLaterJob({
      db,
      publisher,
      rightsOf: (member, form) => publishingRights(db, member, form),
      now,
    }),
  };
}
