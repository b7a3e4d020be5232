/** Finds deliveries by a filter: lists and counts them. */
import type { Database } from './db/database.ts';
import { newestOfForms } from './db/newest-of-forms.ts';
import { currentForm } from './forms/form-states.ts';
import { DELIVERY_JOBS, toDelivery, type Delivery, type DeliveryStatus } from './deliveries.ts';

export type DeliveryFilter = {
  form?: string | undefined;
  /** Only those of these forms; without it, of all. */
  forms?: readonly string[] | undefined;
  submissionId?: string | undefined;
  invitationId?: string | undefined;
  statuses?: DeliveryStatus[] | undefined;
  /** Only deliveries created at this moment or later. */
  since?: Date | undefined;
};

/**
 * Decides whether the form of a delivery, as it is now, still asks for it: always, if a member asked for it. It reads
 * each form once.
 */
export function openAsked(db: Database): (delivery: Delivery) => Promise<boolean> {
  const receivers = new Map<string, Promise<ReadonlySet<string>>>();
  return async ({ form, target, ofRule }) => {
    if (!ofRule) return true;
    const known = receivers.get(form) ?? receiversOf(db, form);
    receivers.set(form, known);
    return (await known).has(target);
  };
}

/** The email addresses and the addresses of webhooks to which a form sends now. */
async function receiversOf(db: Database, form: string): Promise<ReadonlySet<string>> {
  const rules = (await currentForm(db, form))?.notify ?? [];
  return new Set(rules.flatMap(({ email, webhook }) => email ?? webhook ?? []));
}

/** The newest first; `older` is the cursor of the next page, null at the end. `next` is when a waiting one is due. */
export async function listDeliveries(
  db: Database,
  chosen: DeliveryFilter,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: (Delivery & AttemptCounts)[]; older: string | null }> {
  const { form, forms, submissionId } = chosen;
  const ofSeveral = form === undefined && submissionId === undefined && forms !== undefined && forms.length > 1;
  const newestOf = (one: string) => {
    const all = selectDeliveries(db, { ...chosen, forms: undefined, form: one }).select('deliveries.id');
    return [(cursor ? all.where('deliveries.id', '<', cursor) : all).orderBy('deliveries.id', 'desc')];
  };
  const newest = ofSeveral ? await newestOfForms(db, forms, limit + 1, newestOf) : undefined;
  let query = selectDeliveries(db, newest ? {} : chosen);
  if (newest) query = query.where('deliveries.id', 'in', newest.length ? newest : ['']);
  else if (cursor) query = query.where('deliveries.id', '<', cursor);
  const rows = await query
    .leftJoin('jobs', (join) => join.onRef('jobs.subject', '=', 'deliveries.id').on('jobs.kind', 'in', DELIVERY_JOBS))
    .selectAll('deliveries')
    .select((eb) => [
      'jobs.due_at as due_at',
      eb
        .selectFrom('attempts')
        .whereRef('attempts.delivery_id', '=', 'deliveries.id')
        .select((one) => one.fn.countAll<number>().as('tries'))
        .as('tries'),
      eb
        .selectFrom('attempts')
        .whereRef('attempts.delivery_id', '=', 'deliveries.id')
        .select('message')
        .orderBy('attempts.id', 'desc')
        .limit(1)
        .as('message'),
    ])
    .orderBy('deliveries.id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map((row) => ({
    ...toDelivery(row),
    tries: Number(row.tries),
    lastMessage: row.message,
    next: row.status === 'waiting' ? row.due_at : null,
  }));
  return { items, older: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

export type AttemptCounts = { tries: number; lastMessage: string | null; next: string | null };

/** Counting stops here. Higher numbers are shown as "1,000+". */
export const MAX_COUNTED = 1_000;

/** The number of deliveries in each status, of one form, of some or of all, up to `MAX_COUNTED` each. */
export async function countDeliveries(
  db: Database,
  chosen: Pick<DeliveryFilter, 'form' | 'forms'> = {},
): Promise<Record<DeliveryStatus, number>> {
  const counted = async (status: DeliveryStatus): Promise<[DeliveryStatus, number]> => {
    const some = selectDeliveries(db, { ...chosen, statuses: [status] })
      .select('id')
      .limit(MAX_COUNTED);
    const { number } = await db.query
      .selectFrom(some.as('some'))
      .select((eb) => eb.fn.countAll<number>().as('number'))
      .executeTakeFirstOrThrow();
    return [status, Number(number)];
  };
  const all = await Promise.all((['waiting', 'sent', 'failed', 'held'] as const).map(counted));
  return Object.fromEntries(all) as Record<DeliveryStatus, number>;
}

/** When the oldest delivery that matches a filter was created. ISO 8601; undefined without any. */
export async function oldestDelivery(db: Database, chosen: DeliveryFilter): Promise<string | undefined> {
  const query = selectDeliveries(db, chosen).select('deliveries.created_at').orderBy('deliveries.id').limit(1);
  return (await query.executeTakeFirst())?.created_at;
}

/** The query of all deliveries that match a filter. */
export function selectDeliveries(
  db: Database,
  { form, forms, submissionId, invitationId, statuses, since }: DeliveryFilter,
) {
  let query = db.query.selectFrom('deliveries');
  if (form !== undefined) query = query.where('deliveries.form', '=', form);
  if (forms) query = query.where('deliveries.form', 'in', forms);
  if (submissionId !== undefined) query = query.where('deliveries.submission_id', '=', submissionId);
  if (invitationId !== undefined) query = query.where('deliveries.invitation_id', '=', invitationId);
  if (statuses) query = query.where('deliveries.status', 'in', statuses);
  if (since) query = query.where('deliveries.created_at', '>=', since.toISOString());
  return query;
}
