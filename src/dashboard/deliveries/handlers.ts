/** Messages: the list, one message, and sending again. */
import { findDelivery } from '../../record/deliveries.ts';
import { formsWith } from '../../members/roles.ts';
import { memberOf, param, type DashboardContext } from '../context.ts';
import { forbid, errorPage, notFound, page, redirect } from '../http/page.ts';
import { resend, resendAll, sendToOther, testRule, type ActionContext, type ActionResult } from './delivery-actions.ts';
import { deliveriesView, deliveryPageView } from './view.ts';

const NO_MESSAGE = {
  title: 'There is no such message',
  text: 'It may have been deleted together with the person or the invitation that it was about.',
};

export const formOfDelivery = async (c: DashboardContext): Promise<string | undefined> =>
  (await findDelivery(c.var.options.db, param(c, 'delivery')))?.form;

export const showDeliveries = async (c: DashboardContext): Promise<Response> =>
  page(c, 'deliveries', await deliveriesView(c));

/** A message had this address before. */
export const showFormerMessagePage = (c: DashboardContext): Response =>
  redirect(c, `/admin/messages/${param(c, 'delivery')}`);

export async function showDelivery(c: DashboardContext): Promise<Response> {
  const view = await deliveryPageView(c, param(c, 'delivery'));
  return view ? page(c, 'delivery', view) : notFound(c, NO_MESSAGE);
}

const actionContext = (c: DashboardContext): ActionContext => {
  const { db, webhookHosts = [] } = c.var.options;
  return { db, webhookHosts, member: memberOf(c), now: c.var.now };
};

const answer = (c: DashboardContext, result: ActionResult): Response | Promise<Response> =>
  'redirectTo' in result ? redirect(c, result.redirectTo) : errorPage(c, result);

export const resendDelivery = async (c: DashboardContext): Promise<Response> =>
  answer(c, await resend(actionContext(c), param(c, 'delivery')));

export async function resendDeliveries(c: DashboardContext): Promise<Response> {
  const { form } = c.var.posted;
  const allowed = formsWith(memberOf(c).grants, 'sendMessages');
  const slug = form.get('form');
  if (slug && allowed && !allowed.includes(slug)) return forbid(c, 'sendMessages', slug);
  return answer(c, await resendAll(actionContext(c), form, allowed));
}

export const handleSendElsewhere = async (c: DashboardContext): Promise<Response> =>
  answer(c, await sendToOther(actionContext(c), param(c, 'delivery'), c.var.posted.form.get('to') ?? ''));

export const sendTest = async (c: DashboardContext): Promise<Response> =>
  answer(c, await testRule(actionContext(c), param(c, 'slug'), c.var.posted.form.get('rule') ?? ''));
