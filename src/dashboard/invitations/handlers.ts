/** Invitations to a form: the list, and everything that a member can do with them. */
import { findInvitation } from '../../record/invitations.ts';
import { memberOf, param, siteAddress, type DashboardContext } from '../context.ts';
import { errorPage, noForm, notFound, page, redirect } from '../http/page.ts';
import * as actions from './invitation-actions.ts';
import { invitationsView } from './view.ts';

const INVITATIONS_STAY = 'Its link may have changed. Invitations from before stay under the old link.';

export const formOfInvitation = async (c: DashboardContext): Promise<string | undefined> =>
  (await findInvitation(c.var.options.db, param(c, 'invitation')))?.form;

export async function showInvitations(c: DashboardContext): Promise<Response> {
  const view = await invitationsView(c, param(c, 'slug'));
  return view ? page(c, 'invitations', view) : notFound(c, noForm(INVITATIONS_STAY));
}

function actionContext(c: DashboardContext): actions.InvitationContext {
  const { db, examples = true, linkOf } = c.var.options;
  return { db, memberId: memberOf(c).id, now: c.var.now, site: siteAddress(c), examples, linkOf };
}

async function answer(c: DashboardContext, result: actions.InvitationActionResult): Promise<Response> {
  const { log } = c.var.options;
  const member = memberOf(c).id;
  if ('status' in result) return errorPage(c, result);
  if ('redirectTo' in result) {
    if (result.deleted) log?.info({ member, invitation: result.deleted }, 'An invitation was deleted');
    return redirect(c, result.redirectTo);
  }
  if ('link' in result) log?.info({ member, invitation: result.link.id }, 'A personal link was shown');
  const view = await invitationsView(c, result.slug, result);
  return view ? page(c, 'invitations', view, 'problem' in result ? 422 : 200) : notFound(c, noForm(INVITATIONS_STAY));
}

export const inviteOne = async (c: DashboardContext): Promise<Response> =>
  answer(c, await actions.inviteByForm(actionContext(c), param(c, 'slug'), c.var.posted.form));

export const inviteFile = async (c: DashboardContext): Promise<Response> =>
  answer(c, await actions.inviteFromFile(actionContext(c), param(c, 'slug'), c.var.posted));

export const handleSendAgain = async (c: DashboardContext): Promise<Response> =>
  answer(c, await actions.renew(actionContext(c), param(c, 'invitation')));

export const withdraw = async (c: DashboardContext): Promise<Response> =>
  answer(c, await actions.end(actionContext(c), param(c, 'invitation')));

export const showLink = async (c: DashboardContext): Promise<Response> =>
  answer(c, await actions.personalLink(actionContext(c), param(c, 'invitation')));

export const handleErase = async (c: DashboardContext): Promise<Response> =>
  answer(c, await actions.remove(actionContext(c), param(c, 'invitation')));
