/** Sends many deliveries again. */
import type { Database } from './db/database.ts';
import { toDelivery, waitAgain, type Delivery } from './deliveries.ts';
import { openAsked, selectDeliveries, type DeliveryFilter } from './delivery-queries.ts';

/**
 * Sends all deliveries that match `chosen` again, but for those to a receiver that the form no longer has.
 * @param each runs for each of them, in the same transaction
 * @returns how many it sends
 */
export async function sendAllAgain(
  db: Database,
  chosen: DeliveryFilter,
  now: Date,
  each: (trx: Database, delivery: Delivery) => Promise<void>,
): Promise<number> {
  return db.transaction(async (trx) => {
    const rows = await selectDeliveries(trx, chosen).selectAll('deliveries').execute();
    const isAsked = openAsked(trx);
    let sent = 0;
    for (const row of rows) {
      const delivery = toDelivery(row);
      if (!(await isAsked(delivery))) continue;
      sent++;
      await waitAgain(trx, [delivery], now);
      await each(trx, delivery);
    }
    return sent;
  });
}
