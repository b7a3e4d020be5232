/** Every address of the dashboard: its method, its path, the permission that it needs, and its handler. */
import { LARGEST } from '../form/parse.ts';
import { MAX_CSV_BYTES } from '../invite/people.ts';
import type { Permission } from '../members/roles.ts';
import type { DashboardContext } from './context.ts';
import * as deliveries from './deliveries/handlers.ts';
import * as editing from './editing/handlers.ts';
import * as forms from './forms/handlers.ts';
import { redirect } from './http/page.ts';
import * as invitations from './invitations/handlers.ts';
import { CODE, HOME, OPEN_PATHS, SETUP, SIGN_IN, SIGN_OUT } from './open-paths.ts';
import * as preview from './preview/handlers.ts';
import * as people from './people/handlers.ts';
import * as results from './results/handlers.ts';
import { followResults } from './results/live.ts';
import * as settings from './settings/handlers.ts';
import * as share from './share/handlers.ts';
import { MAX_SERIES_BYTES } from './share/posted-link.ts';
import * as signIn from './sign-in/handlers.ts';
import * as smile from './smile-connection/handlers.ts';
import * as team from './team/handlers.ts';

export type Handler = (c: DashboardContext) => Response | Promise<Response>;

/**
 * The forms for which a route needs its permission. `any form`: one is enough, and the handler shows only the forms that the
 * member may see. `whole site`: the member needs it for all forms. A function finds the form of the request, and returns its
 * slug. Null means the whole site. Undefined means that the form does not exist. Then the permission for any form is enough,
 * and the handler answers 404.
 */
type Scope = 'any form' | 'whole site' | ((c: DashboardContext) => FormOf | Promise<FormOf>);
type FormOf = string | null | undefined;

/**
 * @property uploadBytes of a route that takes a form with a file: the largest size of both together
 * @property jsonBytes of a route that takes JSON: its largest size
 */
export type Route = {
  method: 'GET' | 'POST';
  path: string;
  needs?: Permission;
  for?: Scope;
  handler: Handler;
  uploadBytes?: number;
  jsonBytes?: number;
};

/** A text in UTF-8, which takes up to four bytes a character, and the other fields of its form. */
const MAX_TEXT_BYTES = 4 * LARGEST + 10_000;

/** The same in JSON, where a line break takes two bytes. */
const MAX_JSON_TEXT_BYTES = MAX_TEXT_BYTES + LARGEST;

/** Leads on to `path`, or to a part of that page, with the query of the request. */
const moved =
  (path: string, part = ''): Handler =>
  (c) =>
    redirect(c, path + new URL(c.req.url).search + part);

const formInPath: Scope = (c) => c.req.param('slug');

/** Of two paths that fit an address, the first one answers. */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: SIGN_IN, handler: signIn.showSignIn },
  { method: 'POST', path: SIGN_IN, handler: signIn.handleSignIn },
  { method: 'GET', path: SETUP, handler: signIn.showSetup },
  { method: 'POST', path: SETUP, handler: signIn.setUp },
  { method: 'GET', path: CODE, handler: signIn.showCode },
  { method: 'POST', path: CODE, handler: signIn.handleCode },
  { method: 'POST', path: SIGN_OUT, handler: signIn.signOut },

  { method: 'GET', path: HOME, needs: 'seeResults', for: 'any form', handler: forms.showForms },
  { method: 'GET', path: '/admin/forms/new', needs: 'editForms', for: 'whole site', handler: editing.showNewForm },
  { method: 'POST', path: '/admin/forms/new', needs: 'editForms', for: 'whole site', handler: editing.createForm, uploadBytes: MAX_TEXT_BYTES }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug', needs: 'seeResults', for: formInPath, handler: forms.showForm },
  {
    method: 'GET',
    path: '/admin/forms/:slug/qr.svg',
    needs: 'seeResults',
    for: formInPath,
    handler: share.downloadQrSvg,
  },
  {
    method: 'GET',
    path: '/admin/forms/:slug/qr.png',
    needs: 'seeResults',
    for: formInPath,
    handler: share.downloadQrPng,
  },
  { method: 'GET', path: '/admin/forms/:slug/share', needs: 'editForms', for: formInPath, handler: share.showShare },
  { method: 'POST', path: '/admin/forms/:slug/share', needs: 'editForms', for: formInPath, handler: share.createLink },
  { method: 'POST', path: '/admin/forms/:slug/share/series', needs: 'editForms', for: formInPath, handler: share.createSeries, uploadBytes: MAX_SERIES_BYTES }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/share/websites', needs: 'editForms', for: formInPath, handler: share.changeWebsites }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/share/try', needs: 'editForms', for: formInPath, handler: share.showTry },
  { method: 'GET', path: '/admin/forms/:slug/share/poster', needs: 'editForms', for: formInPath, handler: share.showPoster }, // prettier-ignore
  {
    method: 'GET',
    path: '/admin/forms/:slug/links/:link',
    needs: 'editForms',
    for: formInPath,
    handler: share.showCampaignLink,
  },
  {
    method: 'POST',
    path: '/admin/forms/:slug/links/:link',
    needs: 'editForms',
    for: formInPath,
    handler: share.editLink,
  },
  { method: 'POST', path: '/admin/forms/:slug/links/:link/state', needs: 'editForms', for: formInPath, handler: share.closeLink }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/links/:link/qr.svg', needs: 'editForms', for: formInPath, handler: share.downloadQrSvg }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/links/:link/qr.png', needs: 'editForms', for: formInPath, handler: share.downloadQrPng }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/links/:link/poster', needs: 'editForms', for: formInPath, handler: share.showPoster }, // prettier-ignore

  { method: 'GET', path: '/admin/forms/:slug/imported', needs: 'editForms', for: formInPath, handler: editing.showImported }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/edit', needs: 'editForms', for: formInPath, handler: editing.showEditor },
  { method: 'POST', path: '/admin/forms/:slug/edit', needs: 'editForms', for: formInPath, handler: editing.saveEditor, uploadBytes: MAX_TEXT_BYTES }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/preview', needs: 'editForms', for: formInPath, handler: preview.showPreview }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/preview', needs: 'editForms', for: formInPath, handler: preview.changePreview }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/draft', needs: 'editForms', for: formInPath, handler: editing.autosaveDraft, jsonBytes: MAX_JSON_TEXT_BYTES }, // prettier-ignore
  {
    method: 'GET',
    path: '/admin/forms/:slug/privacy',
    needs: 'editForms',
    for: formInPath,
    handler: editing.showPrivacy,
  },
  { method: 'GET', path: '/admin/forms/:slug/publish', needs: 'editForms', for: formInPath, handler: editing.showPublish }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/publish', needs: 'editForms', for: formInPath, handler: editing.publishForm }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/history', needs: 'editForms', for: formInPath, handler: editing.showHistory }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/compare', needs: 'editForms', for: formInPath, handler: editing.showCompare }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/settings', needs: 'editForms', for: formInPath, handler: editing.showSettings }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/settings', needs: 'editForms', for: formInPath, handler: editing.changeManagedIn }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/state', needs: 'editForms', for: formInPath, handler: editing.changeState }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/text.yaml', needs: 'editForms', for: formInPath, handler: editing.downloadText }, // prettier-ignore

  { method: 'GET', path: '/admin/forms/:slug/results', needs: 'seeResults', for: formInPath, handler: results.showResults }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/results/live', needs: 'seeResults', for: formInPath, handler: followResults }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/results.csv', needs: 'seeResults', for: formInPath, handler: results.downloadResults }, // prettier-ignore

  { method: 'GET', path: '/admin/forms/:slug/submissions.csv', needs: 'seePeople', for: formInPath, handler: people.downloadRedacted }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/submissions.csv', needs: 'revealAnswers', for: formInPath, handler: people.downloadSensitive }, // prettier-ignore

  { method: 'GET', path: '/admin/forms/:slug/invitations', needs: 'seePeople', for: formInPath, handler: invitations.showInvitations }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/invitations', needs: 'invitePeople', for: formInPath, handler: invitations.inviteOne }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/invitations/csv', needs: 'invitePeople', for: formInPath, handler: invitations.inviteFile, uploadBytes: MAX_CSV_BYTES }, // prettier-ignore
  { method: 'POST', path: '/admin/invitations/:invitation/again', needs: 'invitePeople', for: invitations.formOfInvitation, handler: invitations.handleSendAgain }, // prettier-ignore
  { method: 'POST', path: '/admin/invitations/:invitation/withdraw', needs: 'invitePeople', for: invitations.formOfInvitation, handler: invitations.withdraw }, // prettier-ignore
  { method: 'POST', path: '/admin/invitations/:invitation/link', needs: 'invitePeople', for: invitations.formOfInvitation, handler: invitations.showLink }, // prettier-ignore
  { method: 'POST', path: '/admin/invitations/:invitation/erase', needs: 'erasePeople', for: invitations.formOfInvitation, handler: invitations.handleErase }, // prettier-ignore

  { method: 'POST', path: '/admin/forms/:slug/test-delivery', needs: 'sendMessages', for: formInPath, handler: deliveries.sendTest }, // prettier-ignore
  { method: 'GET', path: '/admin/messages', needs: 'seePeople', for: 'any form', handler: deliveries.showDeliveries },
  {
    method: 'POST',
    path: '/admin/messages/again',
    needs: 'sendMessages',
    for: 'any form',
    handler: deliveries.resendDeliveries,
  },
  {
    method: 'GET',
    path: '/admin/messages/:delivery',
    needs: 'seePeople',
    for: deliveries.formOfDelivery,
    handler: deliveries.showDelivery,
  },
  { method: 'POST', path: '/admin/messages/:delivery/again', needs: 'sendMessages', for: deliveries.formOfDelivery, handler: deliveries.resendDelivery }, // prettier-ignore
  // A webhook carries sensitive answers to any address in this form.
  { method: 'POST', path: '/admin/messages/:delivery/elsewhere', needs: 'revealAnswers', for: deliveries.formOfDelivery, handler: deliveries.handleSendElsewhere }, // prettier-ignore

  {
    method: 'GET',
    path: '/admin/forms/:slug/people',
    needs: 'seePeople',
    for: formInPath,
    handler: forms.showFormPeople,
  },
  { method: 'GET', path: '/admin/forms/:slug/people/:submission', needs: 'seePeople', for: formInPath, handler: people.showSubmission }, // prettier-ignore
  { method: 'GET', path: '/admin/forms/:slug/people/:submission/files/:file', needs: 'seePeople', for: formInPath, handler: people.showFile }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/people/:submission/verdict', needs: 'decideSpam', for: formInPath, handler: people.decideSpam }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/people/:submission/sensitive', needs: 'revealAnswers', for: formInPath, handler: people.reveal }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/people/:submission/person', needs: 'revealAnswers', for: formInPath, handler: people.downloadPersonalData }, // prettier-ignore
  { method: 'POST', path: '/admin/forms/:slug/people/:submission/erase', needs: 'erasePeople', for: formInPath, handler: people.erasePerson }, // prettier-ignore

  { method: 'GET', path: '/admin/people', needs: 'seePeople', for: 'any form', handler: people.showPeople },

  // Former addresses, which emails and bookmarks still have.
  { method: 'GET', path: '/admin/forms/:slug/:submission', needs: 'seePeople', for: formInPath, handler: people.showFormerPersonPage }, // prettier-ignore
  { method: 'GET', path: '/admin/deliveries', needs: 'seePeople', for: 'any form', handler: moved('/admin/messages') },
  { method: 'GET', path: '/admin/deliveries/:delivery', needs: 'seePeople', for: deliveries.formOfDelivery, handler: deliveries.showFormerMessagePage }, // prettier-ignore
  { method: 'GET', path: '/admin/smile', needs: 'changeSettings', for: 'whole site', handler: moved('/admin/settings/smile') }, // prettier-ignore

  { method: 'GET', path: '/admin/team', needs: 'changeSettings', for: 'whole site', handler: team.showTeam },
  { method: 'POST', path: '/admin/team', needs: 'changeSettings', for: 'whole site', handler: team.changeTeam },

  { method: 'GET', path: '/admin/settings', needs: 'changeSettings', for: 'whole site', handler: settings.showSiteSettings }, // prettier-ignore
  { method: 'GET', path: '/admin/settings/company', needs: 'changeSettings', for: 'whole site', handler: moved('/admin/settings', '#company') }, // prettier-ignore
  { method: 'GET', path: '/admin/settings/email', needs: 'changeSettings', for: 'whole site', handler: moved('/admin/settings', '#email') }, // prettier-ignore
  { method: 'GET', path: '/admin/settings/keys', needs: 'changeSettings', for: 'whole site', handler: moved('/admin/settings', '#keys') }, // prettier-ignore
  {
    method: 'GET',
    path: '/admin/settings/smile',
    needs: 'changeSettings',
    for: 'whole site',
    handler: smile.showSmile,
  },
  {
    method: 'POST',
    path: '/admin/settings/smile/register',
    needs: 'changeSettings',
    for: 'whole site',
    handler: smile.connectSmile,
  },
  {
    method: 'POST',
    path: '/admin/settings/smile/replay',
    needs: 'changeSettings',
    for: 'whole site',
    handler: smile.replaySmile,
  },
  // Trying again is an action, even if it only reads. Some jobs disconnect accounts or delete documents at Smile.
  { method: 'POST', path: '/admin/jobs/:job/retry', needs: 'sendMessages', for: smile.formOfJob, handler: smile.retryFailedJob }, // prettier-ignore
];

/**
 * Checks that every route has a permission, so that a missing one fails at the start.
 * @throws {Error} for a route with neither a permission nor an open path, and for an open path with a permission
 */
export function checkRoutes(routes: readonly Route[]): void {
  for (const { method, path, needs, for: scope } of routes) {
    const isOpen = OPEN_PATHS.includes(path);
    if (isOpen && needs) throw new Error(`${method} ${path} is open to everyone. Remove "needs" from its route.`);
    if (!isOpen && (!needs || !scope)) {
      throw new Error(
        `${method} ${path} has no permission. Add "needs" and "for" to its route in dashboard/routes.ts.`,
      );
    }
    if (path.includes(':slug') && scope !== formInPath) {
      throw new Error(`${method} ${path} names a form. Set "for" to the form in its path.`);
    }
  }
}

const matches = (pattern: string, path: string): boolean => {
  const [parts, own] = [pattern.split('/'), path.split('/')];
  return parts.length === own.length && parts.every((part, at) => (part.startsWith(':') ? own[at] : part === own[at]));
};

/** The methods that the table has for an address, such as `GET, HEAD`. Empty for an unknown address. */
export function methodsAt(routes: readonly Route[], path: string): string {
  const methods = new Set(routes.filter((route) => matches(route.path, path)).map(({ method }) => method));
  return [...methods].map((method) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ');
}

/** The nearest page that an address is part of: the one with the button that was pressed. */
export function pageAbove(routes: readonly Route[], path: string): string | undefined {
  const above = path.slice(0, path.lastIndexOf('/'));
  return routes.some((route) => route.method === 'GET' && matches(route.path, above)) ? above : undefined;
}
