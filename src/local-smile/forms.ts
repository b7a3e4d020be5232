import { newSandboxId, timestamp } from './ids.ts';
import type { SandboxForm, Shape, User } from './state.ts';
import type { Sandbox } from './sandbox.ts';

export interface FormGiven {
  name?: string | null;
  reference?: string;
  data: Shape;
  /** The site's id, `ws-…`; the channel of the session has the same digits behind `site-`. */
  winkSiteId?: string;
  /** A run of its own through the site; without it the one that is under way. */
  winkSiteSessionId?: string;
}

/** The one site that forms belong to when they name none. */
const SITE = 'ws-00000000000000000000000000000001';

/** Deposits a form that a user filled in on a site, as Flip would have, and lets the user's session be the site's. */
export function depositForm(world: Sandbox, user: User, given: FormGiven): SandboxForm {
  const { name = null, data, winkSiteId = SITE, winkSiteSessionId } = given;
  if (winkSiteSessionId) user.session.id = winkSiteSessionId;
  user.session.channel = 'WinkSite';
  user.session.channelId = winkSiteId.replace(/^(ws|site)-/, 'site-');
  const before = [...world.state.forms.values()].filter((form) => form.winkSiteSessionId === user.session.id);
  const form: SandboxForm = {
    id: newSandboxId('form'),
    createdAt: timestamp(world.now()),
    name,
    userId: user.id,
    winkSiteId: winkSiteId.replace(/^site-/, 'ws-'),
    winkSiteSessionId: user.session.id,
    reference: given.reference ?? `form_${before.length + 1}`,
    data,
  };
  world.state.forms.set(form.id, form);
  return form;
}
