/** The data of the pages about messages: emails and webhooks. */
import { formsWith, may } from '../../members/roles.ts';
import type { NotificationRule } from '../../form/settings/notify.ts';
import { mayHere, memberOf, siteAddress, type DashboardContext } from '../context.ts';
import { oldestDelivery } from '../../record/delivery-queries.ts';
import { formTitles } from '../display/form-titles.ts';
import {
  deliveryRows,
  deliveryView,
  notificationRulesOf,
  readDeliveryFilters,
  type DeliveryFilters,
  type DeliveryView,
} from './deliveries.ts';

/**
 * @property rules the notification rules of the chosen form, for a test
 * @property done the action that led here, and `sent`, how many messages it sent
 */
export type DeliveriesView = Awaited<ReturnType<typeof deliveryRows>> & {
  filters: DeliveryFilters;
  rules: (NotificationRule & { at: number })[];
  mailing: boolean;
  /** Whether anything leaves the site. */
  outgoing: boolean;
  maySend: boolean;
  /** Whether the member may publish a form with a new address. See `missingRight`. */
  mayAddAddress: boolean;
  /** From when messages are sent again, unless the member chooses another time. ISO 8601 */
  resendSince: string;
  done: 'all' | 'elsewhere' | 'test' | undefined;
  sent: number;
};

/** The messages of the forms whose people the member may see, by the filters in the address. */
export async function deliveriesView(c: DashboardContext): Promise<DeliveriesView> {
  const { db, mailing = false, outgoing = true } = c.var.options;
  const filters = readDeliveryFilters(new URL(c.req.url).searchParams);
  const { form } = filters;
  const { grants } = memberOf(c);
  const maySend = form ? mayHere(c, 'sendMessages', form) : formsWith(grants, 'sendMessages')?.length !== 0;
  const allowed = formsWith(grants, 'seePeople');
  return {
    ...(await deliveryRows({ db, titles: await formTitles(c.var.options), outgoing }, filters, allowed)),
    filters,
    rules: form && maySend ? await notificationRulesOf(db, form) : [],
    mailing,
    outgoing,
    maySend,
    mayAddAddress: grants.some(({ form: one }) => may(grants, 'editForms', one) && may(grants, 'revealAnswers', one)),
    resendSince: await resendSince(c, filters, allowed),
    done: (['all', 'elsewhere', 'test'] as const).find((one) => one === c.req.query('done')),
    sent: Number(c.req.query('sent') ?? 0),
  };
}

/** A day ago. In the list of emails that were not sent while email was off, since the oldest of them. */
async function resendSince(
  c: DashboardContext,
  { form, status }: DeliveryFilters,
  allowed: readonly string[] | undefined,
): Promise<string> {
  const dayAgo = new Date(c.var.now.getTime() - 86_400_000).toISOString();
  const oldest = status === 'held' && (await oldestDelivery(c.var.options.db, { form, forms: allowed, statuses: ['held'] })); // prettier-ignore
  return oldest && oldest < dayAgo ? oldest : dayAgo;
}

/** One message. `maySendElsewhere`: whether its address may be changed, which takes sensitive answers with it. */
export type DeliveryPageView = {
  delivery: DeliveryView;
  mailing: boolean;
  /** Whether anything leaves the site. */
  outgoing: boolean;
  maySend: boolean;
  maySendElsewhere: boolean;
  wasSentAgain: boolean;
};

/** The message `id`; undefined when there is none. */
export async function deliveryPageView(c: DashboardContext, id: string): Promise<DeliveryPageView | undefined> {
  const { db, mailing = false, outgoing = true } = c.var.options;
  const delivery = await deliveryView({ db, titles: await formTitles(c.var.options), outgoing }, id, siteAddress(c));
  if (!delivery) return undefined;
  const isMovable = delivery.cause !== 'invited' && delivery.channel !== 'smile';
  return {
    delivery,
    mailing,
    outgoing,
    maySend: mayHere(c, 'sendMessages', delivery.form),
    maySendElsewhere: isMovable && mayHere(c, 'revealAnswers', delivery.form),
    // The page asks to be loaded again for the result.
    wasSentAgain: c.req.query('done') === 'again' && delivery.status === 'waiting',
  };
}
