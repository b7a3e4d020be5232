/** A test for each limit in `DELIVERY_LIMITS`. */
import { expect } from 'vitest';
import { deliveryHandlers, mailOf, type DeliveryServices } from '../../src/deliver/deliver.ts';
import { createWebhookPoster } from '../../src/deliver/webhook-post.ts';
import type { Database } from '../../src/record/db/database.ts';
import { enqueueDelivery, findDelivery, type NewDelivery } from '../../src/record/deliveries.ts';
import { enqueue } from '../../src/record/jobs/jobs.ts';
import { openWorker } from '../../src/record/jobs/worker.ts';
import type { DELIVERY_LIMITS } from '../../src/site-limits/delivery-limits.ts';
import { SITE_LIMITS } from '../../src/site-limits/site-limits.ts';
import { saveVersion } from '../../src/record/versions.ts';
import { openReceiver, SECRET, type Receiver } from '../deliver/receiver.ts';
import { notify } from '../../src/respond/notify.ts';
import { compile } from '../helpers/compile.ts';
import { draft, NOW, temporaryDatabase } from '../helpers/database.ts';
import type { Scenario } from './scenario.ts';

const { emailsAtOnce, webhooksAtOnce, webhooksAtOncePerHost } = SITE_LIMITS;

/** Nothing is measured. PostgreSQL on a busy machine takes more than the second that is the default. */
const SLOW_MACHINE = { timeout: 30_000 };

const FORM = `
title: Become a driver
screens: [{ id: about, title: About you }]
endings: [{ id: done, title: Thank you }]
`;

interface Outside {
  db: Database;
  /** Receivers that never answer. */
  silent: Receiver[];
  /** A receiver that answers. */
  quick: Receiver;
  /** Emails that the mail server has not accepted yet. */
  mails: string[];
  /** Subjects of the finished jobs of another kind. */
  others: string[];
  deliver(channel: 'email' | 'webhook', target: string): Promise<void>;
}

/** Runs `act` beside a worker, with a mail server and `silent` receivers that never answer. */
async function withWorker(silent: number, act: (outside: Outside) => Promise<void>): Promise<void> {
  const db = await temporaryDatabase();
  const { id: submissionId } = await draft(db, { version: await saveVersion(db, compile(FORM, 'driver.yaml'), NOW) });
  const receivers = await Promise.all(Array.from({ length: silent + 1 }, () => openReceiver()));
  const [quick, ...others] = receivers as [Receiver, ...Receiver[]];
  for (const one of others) one.answer = () => {};
  const outside: Outside = {
    db,
    silent: others,
    quick,
    mails: [],
    others: [],
    deliver(channel, target) {
      const delivery: NewDelivery = { form: 'driver', channel, target, cause: 'submitted', submissionId };
      return enqueueDelivery(db, { ...delivery, secretEnv: 'ACME_HOOK_SECRET' }, NOW);
    },
  };
  let end = () => {};
  const ended = new Promise<void>((done) => (end = done));
  const services: DeliveryServices = {
    db,
    now: () => NOW,
    mailer: {
      async send(to) {
        outside.mails.push(to);
        await ended;
        return { status: 250, message: '' };
      },
      close: () => {},
    },
    post: createWebhookPoster({ allowed: receivers.map(({ host }) => host) }),
    secret: () => SECRET,
    origin: 'https://forms.acme.example',
    keys: undefined,
    inviteBySmile: () => Promise.reject(new Error('Nobody is invited here')),
    print: () => {},
    logError: () => {},
  };
  const other = { backoff: [], run: async ({ subject }: { subject: string }) => void outside.others.push(subject) };
  const jobs = { ...deliveryHandlers(services), other };
  const worker = openWorker({ db, jobs, now: () => NOW, log: { warn: () => {} } });
  try {
    await act(outside);
  } finally {
    end();
    await Promise.all(receivers.map((one) => one.close()));
    await worker.close();
  }
}

export const deliveryScenarios: Record<keyof typeof DELIVERY_LIMITS, Scenario> = {
  async notificationEmailsPerHour() {
    const db = await temporaryDatabase();
    const form = compile(`${FORM}notify: [{ email: hr@acme.example, when: submitted }, { email: other@acme.example, when: submitted }]\n`, 'driver.yaml'); // prettier-ignore
    const version = await saveVersion(db, form, NOW);
    const most = SITE_LIMITS.notificationEmailsPerHour.value;
    const submitAt = async (now: Date) => notify(db, form, await draft(db, { version }), { when: ['submitted'] }, now);
    // A transaction that runs again counts its email once.
    const again = await draft(db, { version });
    for (let n = 0; n < most; n++) await notify(db, form, again, { when: ['submitted'] }, NOW);
    for (let n = 0; n < most + 2; n++) await submitAt(NOW);
    const mails = async (cause: string) => (await db.query.selectFrom('deliveries').select('id').where('target', '=', 'hr@acme.example').where('cause', '=', cause).execute()).map(({ id }) => id); // prettier-ignore
    expect([(await mails('submitted')).length, (await mails('more')).length]).toEqual([most, 1]);
    const [more = ''] = await mails('more');
    const job = await db.query
      .selectFrom('jobs')
      .select('due_at')
      .where('subject', '=', more)
      .executeTakeFirstOrThrow();
    expect(job.due_at).toBe('2026-11-24T11:00:00.000Z');
    const delivery = await findDelivery(db, more);
    const mail = delivery && (await mailOf({ db, keys: undefined, origin: 'https://forms.acme.example' }, delivery));
    expect(mail).toMatchObject({ subject: 'More submissions – Become a driver', button: { href: 'https://forms.acme.example/admin/forms/driver/people' } }); // prettier-ignore
    await submitAt(new Date(NOW.getTime() + 3_600_000));
    expect(await mails('submitted')).toHaveLength(most + 1);
  },
  async notificationEmailsPerDay() {
    const db = await temporaryDatabase();
    const most = SITE_LIMITS.notificationEmailsPerDay.value;
    const inHour = SITE_LIMITS.notificationEmailsPerHour.value;
    const forms = ['driver', 'rider'].map((slug) => compile(`${FORM}notify: [{ email: hr@acme.example, when: submitted }]\n`, `${slug}.yaml`)); // prettier-ignore
    const submitAt = async (now: Date) => {
      for (const form of forms) {
        const submission = await draft(db, { version: await saveVersion(db, form, NOW), form: form.slug });
        await notify(db, form, submission, { when: ['submitted'] }, now);
      }
    };
    const mails = async (cause: string) => (await db.query.selectFrom('deliveries').select('id').where('cause', '=', cause).execute()).length; // prettier-ignore
    const hours = Math.ceil(most / forms.length / inHour) + 1;
    for (let hour = 0; hour < hours; hour++)
      for (let n = 0; n < inHour; n++) await submitAt(new Date(NOW.getTime() + hour * 3_600_000));
    expect(await mails('submitted')).toBe(most);
    // Each form says so once an hour.
    expect(await mails('more')).toBe(forms.length * (hours - Math.floor(most / forms.length / inHour)));
    await submitAt(new Date(NOW.getTime() + 86_400_000));
    expect(await mails('submitted')).toBe(most + forms.length);
  },
  emailsAtOnce: () =>
    withWorker(0, async ({ db, quick, mails, others, deliver }) => {
      for (let n = 0; n <= emailsAtOnce.value; n++) await deliver('email', `ops${n}@acme.example`);
      await deliver('webhook', `${quick.origin}/hooks`);
      await enqueue(db, { kind: 'other', subject: 'reconcile' }, NOW);
      await expect.poll(() => mails, SLOW_MACHINE).toHaveLength(emailsAtOnce.value);
      await expect.poll(() => others, SLOW_MACHINE).toEqual(['reconcile']);
      await expect.poll(() => quick.received, SLOW_MACHINE).toHaveLength(1);
      expect(mails).toHaveLength(emailsAtOnce.value);
    }),

  webhooksAtOnce: () =>
    withWorker(9, async ({ db, silent, mails, others, deliver }) => {
      for (let n = 0; n <= webhooksAtOnce.value; n++)
        await deliver('webhook', `${silent[n % silent.length]?.origin}/hooks`);
      await deliver('email', 'ops@acme.example');
      await enqueue(db, { kind: 'other', subject: 'reconcile' }, NOW);
      await expect
        .poll(() => silent.flatMap(({ received }) => received), SLOW_MACHINE)
        .toHaveLength(webhooksAtOnce.value);
      await expect.poll(() => others, SLOW_MACHINE).toEqual(['reconcile']);
      await expect.poll(() => mails, SLOW_MACHINE).toHaveLength(1);
      expect(silent.flatMap(({ received }) => received)).toHaveLength(webhooksAtOnce.value);
    }),

  webhooksAtOncePerHost: () =>
    withWorker(1, async ({ silent: [slow], quick, deliver }) => {
      for (let n = 0; n <= webhooksAtOncePerHost.value; n++) await deliver('webhook', `${slow?.origin}/hooks`);
      await deliver('webhook', `${quick.origin}/hooks`);
      await expect.poll(() => quick.received, SLOW_MACHINE).toHaveLength(1);
      await expect.poll(() => slow?.received, SLOW_MACHINE).toHaveLength(webhooksAtOncePerHost.value);
    }),
};
