/** Sends many deliveries again. */
import type { Database } from './db/database.ts';
import { toDelivery, waitAgain, type Delivery } from './deliveries.ts';
import { openAsked, selectDeliveries, type DeliveryFilter } from './delivery-queries.ts';

/** Deliveries of one transaction: other writes wait for the store meanwhile. */
const AT_ONCE = 200;
/** Deliveries that one transaction looks through. Of several statuses, the database sorts all that it may look through. */
const LOOKED_AT_ONCE = 5_000;

/**
 * Sends all deliveries that match `chosen` again, but for those to a receiver that the form no longer has, and for
 * invitations that were sent: invited people would get a second email each time that another receiver was down. It does so
 * in several transactions, so an error leaves the rest as it was.
 * @param each runs for each of them, in the same transaction
 * @returns how many it sends
 */
export async function sendAllAgain(
  db: Database,
  chosen: DeliveryFilter,
  now: Date,
  each: (trx: Database, delivery: Delivery) => Promise<void>,
): Promise<number> {
  // One that is made and sent meanwhile is not sent twice.
  const all = db.query.selectFrom('deliveries').select((eb) => eb.fn.max<string | null>('id').as('id'));
  const newest = (await all.executeTakeFirst())?.id ?? '';
  let [sent, last] = [0, ''];
  for (;;) {
    const { rows, asked, end } = await db.transaction(async (trx) => {
      const next = trx.query.selectFrom('deliveries').select('id').where('id', '>', last).where('id', '<=', newest);
      const end = (await next.orderBy('id').limit(1).offset(LOOKED_AT_ONCE).executeTakeFirst())?.id ?? newest;
      const some = selectDeliveries(trx, chosen)
        .selectAll('deliveries')
        .where('deliveries.id', '>', last)
        .where('deliveries.id', '<=', end);
      const rows = await some.orderBy('deliveries.id').limit(AT_ONCE).execute();
      const isAsked = openAsked(trx);
      const asked: Delivery[] = [];
      const wanted = rows.map(toDelivery).filter(({ cause, status }) => cause !== 'invited' || status !== 'sent');
      for (const delivery of wanted) if (await isAsked(delivery)) asked.push(delivery);
      await waitAgain(trx, asked, now);
      for (const delivery of asked) await each(trx, delivery);
      return { rows, asked, end };
    });
    sent += asked.length;
    last = rows.length < AT_ONCE ? end : (rows.at(-1)?.id ?? '');
    if (last === newest) return sent;
  }
}
