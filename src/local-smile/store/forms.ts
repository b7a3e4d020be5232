import { newSandboxId, timestamp } from './ids.ts';
import type { SandboxForm, Shape, User } from './state.ts';
import type { Sandbox } from '../sandbox.ts';

export interface DepositedForm {
  name?: string | null;
  reference?: string;
  data: Shape;
  /** The site's id, `ws-…`. The session's channel has the same digits after `site-`. */
  winkSiteId?: string;
  /** A separate run through the site; by default the current one. */
  winkSiteSessionId?: string;
}

/** The site of forms that name none. */
const SITE = 'ws-00000000000000000000000000000001';

/** Stores a form that a user filled in on a site, as Flip would, and moves the user's session to the site. */
export function depositForm(sandbox: Sandbox, user: User, request: DepositedForm): SandboxForm {
  const { name = null, data, winkSiteId = SITE, winkSiteSessionId } = request;
  if (winkSiteSessionId) user.session.id = winkSiteSessionId;
  user.session.channel = 'WinkSite';
  user.session.channelId = winkSiteId.replace(/^(ws|site)-/, 'site-');
  const before = [...sandbox.state.forms.values()].filter((form) => form.winkSiteSessionId === user.session.id);
  const form: SandboxForm = {
    id: newSandboxId('form'),
    createdAt: timestamp(sandbox.now()),
    name,
    userId: user.id,
    winkSiteId: winkSiteId.replace(/^site-/, 'ws-'),
    winkSiteSessionId: user.session.id,
    reference: request.reference ?? `form_${before.length + 1}`,
    data,
  };
  sandbox.state.forms.set(form.id, form);
  return form;
}
