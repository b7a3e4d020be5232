/** Deliveries as the dashboard shows them: a list, and one with its attempts. */
import { mailOf } from '../../deliver/deliver.ts';
import { mailText, type Mail } from '../../deliver/mail.ts';
import type { NotificationRule } from '../../form/settings/notify.ts';
import type { Database } from '../../record/db/database.ts';
import {
  findDelivery,
  listAttempts,
  nextAttempt,
  wasNotSent,
  type DeliveryAttempt,
  type Cause,
  type Channel,
  type Delivery,
  type DeliveryStatus,
} from '../../record/deliveries.ts';
import {
  MAX_COUNTED,
  countDeliveries,
  listDeliveries,
  type DeliveryFilter,
  type AttemptCounts,
} from '../../record/delivery-queries.ts';
import { findSubmission, type Submission } from '../../record/submissions/submissions.ts';
import { currentForm } from '../../record/forms/form-states.ts';
import type { StateLabel } from '../display/account-words.ts';
import { byTitle, type FormTitles } from '../display/form-titles.ts';
import { pathOfPerson, personOf } from '../display/person.ts';
import { versionsOf } from '../display/versions.ts';

const ROWS = 25;

export type DeliveryRow = Delivery &
  AttemptCounts & {
    state: StateLabel;
    icon: string;
    /** The person that it is about, or the title of the form. */
    about: string;
    /** The page of the person that it is about. */
    href: string | undefined;
  };

const STATES: Record<DeliveryStatus, StateLabel> = {
  waiting: { icon: 'half', word: 'Waiting' },
  sent: { icon: 'ok', word: 'Sent', tone: 'ok' },
  failed: { icon: 'bad', word: 'Failed', tone: 'bad' },
  held: { icon: 'file', word: 'Not sent: email is off', tone: 'warn' },
};

/** A delivery that failed and is retried has another state than one that was not tried yet. */
const deliveryState = (status: DeliveryStatus, tries: number): StateLabel =>
  status === 'waiting' && tries > 0 ? { icon: 'warn', word: 'Trying again', tone: 'warn' } : STATES[status];

export const CHANNELS: Record<Channel, { icon: string; word: string }> = {
  email: { icon: 'mail', word: 'Email' },
  webhook: { icon: 'link', word: 'Webhook' },
  smile: { icon: 'send', word: 'Invitation by Smile' },
};

export const CAUSES: Record<Cause, string> = {
  submitted: 'Form sent',
  completed: 'Form completed',
  linked: 'Work account connected',
  more: 'More submissions in an hour',
  invited: 'Invitation',
  test: 'Test',
};

export { MAX_COUNTED };

export type DeliveryFilters = {
  form: string | undefined;
  status: DeliveryStatus | undefined;
  submission: string | undefined;
  cursor: string | undefined;
};

const isStatus = (text: string | null): text is DeliveryStatus => text !== null && Object.hasOwn(STATES, text);
const isId = (text: string | null): text is string => /^[0-9a-f-]{36}$/.test(text ?? '');

export function readDeliveryFilters(search: URLSearchParams): DeliveryFilters {
  const [status, cursor, submission] = ['status', 'cursor', 'submission'].map((name) => search.get(name));
  return {
    form: search.get('form')?.slice(0, 100) || undefined,
    status: isStatus(status ?? null) ? (status as DeliveryStatus) : undefined,
    submission: isId(submission ?? null) ? (submission as string) : undefined,
    cursor: isId(cursor ?? null) ? (cursor as string) : undefined,
  };
}

/** The query of an address with these filters. Empty without filters. */
export function queryOf(filters: Partial<Record<keyof DeliveryFilters, string | undefined>>): string {
  const present = Object.entries(filters).filter(([, value]) => value);
  return present.length ? `?${new URLSearchParams(present as [string, string][])}` : '';
}

/** Where the rows come from. `outgoing`: whether anything leaves the site. If not, a message has no next attempt. */
type RowSource = { db: Database; titles: FormTitles; outgoing: boolean };

/**
 * One page of deliveries, newest first, and the number in each state.
 * @param allowed the slugs of the forms that the member may see; undefined for all
 */
export async function deliveryRows(
  source: RowSource,
  { form, status, submission, cursor }: DeliveryFilters,
  allowed?: readonly string[],
) {
  const { db, titles } = source;
  const chosen: DeliveryFilter = { form, forms: allowed, submissionId: submission, statuses: status && [status] };
  const [{ items, older }, counts] = await Promise.all([
    listDeliveries(db, chosen, { limit: ROWS, cursor }),
    countDeliveries(db, { form, forms: allowed }),
  ]);
  return {
    rows: await rowsOf(source, items),
    older: older ? queryOf({ form, status, submission, cursor: older }) : undefined,
    counts,
    forms: byTitle(titles, (slug) => allowed?.includes(slug) ?? true),
  };
}

async function rowsOf(
  { db, titles, outgoing }: RowSource,
  items: (Delivery & AttemptCounts)[],
): Promise<DeliveryRow[]> {
  const ids = [...new Set(items.flatMap(({ submissionId }) => submissionId ?? []))];
  const found = (await Promise.all(ids.map((id) => findSubmission(db, id)))).filter((one) => one !== undefined);
  const versions = await versionsOf(db, found);
  const byId = new Map<string, Submission>(found.map((one) => [one.id, one]));
  return items.map((item) => {
    const submission = byId.get(item.submissionId ?? '');
    return {
      ...item,
      next: outgoing ? item.next : null,
      state: deliveryState(item.status, outgoing ? item.tries : 0),
      icon: CHANNELS[item.channel].icon,
      about: submission
        ? personOf(versions.get(submission.version), submission).name
        : (titles.get(item.form) ?? item.form),
      href: submission && pathOfPerson(item.form, submission.id),
    };
  });
}

export type DeliveryView = DeliveryRow & {
  /** The title of its form. */
  title: string;
  attempts: (DeliveryAttempt & { outcome: string })[];
  mail: { subject: string; text: string } | undefined;
};

export async function deliveryView(source: RowSource, id: string, origin: string): Promise<DeliveryView | undefined> {
  const { db, titles } = source;
  const delivery = await findDelivery(db, id);
  if (!delivery) return undefined;
  const attempts = await listAttempts(db, id);
  const next = delivery.status === 'waiting' ? await nextAttempt(db, id) : null;
  const tries = { tries: attempts.length, lastMessage: attempts.at(-1)?.message ?? null, next };
  const [row] = await rowsOf(source, [{ ...delivery, ...tries }]);
  const mail: Mail | undefined = await mailOf({ db, origin, keys: undefined }, delivery);
  const title = titles.get(delivery.form) ?? delivery.form;
  return (
    row && {
      ...row,
      title,
      attempts: attempts.map((one) => ({ ...one, outcome: outcomeOf(one) })),
      mail: mail && { subject: mail.subject, text: mailText(mail) },
    }
  );
}

/** A mail server that accepts an email has not delivered it yet. */
function outcomeOf(attempt: DeliveryAttempt): string {
  if (attempt.ok) return 'Accepted';
  if (attempt.status !== null) return 'Refused';
  return wasNotSent(attempt) ? 'Not sent' : 'No answer';
}

/** Deliveries of one submission, for its page. */
export async function deliveriesOf(db: Database, submissionId: string, outgoing: boolean): Promise<DeliveryRow[]> {
  const { items } = await listDeliveries(db, { submissionId }, { limit: 100 });
  return rowsOf({ db, titles: new Map(), outgoing }, items);
}

/** The notification rules of a form, each with a number by which its test names it. */
export async function notificationRulesOf(db: Database, slug: string): Promise<(NotificationRule & { at: number })[]> {
  return ((await currentForm(db, slug))?.notify ?? []).map((rule, at) => ({ ...rule, at }));
}
