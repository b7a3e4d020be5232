/** Every address of the dashboard: its method, its path, the permission that it needs, and its handler. */
import { MAX_FORM_CHARACTERS } from '../form/parse.ts';
import { MAX_CSV_BYTES } from '../invite/people.ts';
import * as deliveries from './deliveries/handlers.ts';
import * as editing from './editing/handlers.ts';
import * as formSettings from './form-settings/handlers.ts';
import * as forms from './forms/handlers.ts';
import { redirect } from './http/page.ts';
import * as invitations from './invitations/handlers.ts';
import * as newForm from './new-form/handlers.ts';
import { CODE, HOME, SETUP, SIGN_IN, SIGN_OUT } from './open-paths.ts';
import * as preview from './preview/handlers.ts';
import * as people from './people/handlers.ts';
import * as publishing from './publishing/handlers.ts';
import * as results from './results/handlers.ts';
import { followResults } from './results/live.ts';
import { formInPath, get, post, type Handler, type Route } from './route.ts';
import * as settings from './settings/handlers.ts';
import * as share from './share/handlers.ts';
import { MAX_SERIES_FORM_BYTES } from './share/posted-link.ts';
import * as signIn from './sign-in/handlers.ts';
import * as smile from './smile-connection/handlers.ts';
import * as team from './team/handlers.ts';

/** A text in UTF-8, which takes up to four bytes a character, and the other fields of its form. */
const MAX_TEXT_BYTES = 4 * MAX_FORM_CHARACTERS + 10_000;

/** The same in JSON, where a line break takes two bytes. */
const MAX_JSON_TEXT_BYTES = MAX_TEXT_BYTES + MAX_FORM_CHARACTERS;

/** Leads on to `path`, or to a part of that page, with the query of the request. */
const moved =
  (path: string, part = ''): Handler =>
  (c) =>
    redirect(c, path + new URL(c.req.url).search + part);

const SHOWS = { onlyShows: true };

const { formOfDelivery } = deliveries;
const { formOfInvitation } = invitations;

/**
 * Each line has a path, the permission that it needs, the forms for which a member needs it, and the handler. If two paths fit
 * an address, the first one answers.
 */
export const ROUTES: readonly Route[] = [
  { method: 'GET', path: SIGN_IN, handler: signIn.showSignIn },
  { method: 'POST', path: SIGN_IN, handler: signIn.handleSignIn },
  { method: 'GET', path: SETUP, handler: signIn.showSetup },
  { method: 'POST', path: SETUP, handler: signIn.setUp },
  { method: 'GET', path: CODE, handler: signIn.showCode },
  { method: 'POST', path: CODE, handler: signIn.handleCode },
  { method: 'POST', path: SIGN_OUT, handler: signIn.signOut },

  get(HOME, 'seeResults', 'any form', forms.showForms),
  get('/admin/forms/new', 'editForms', 'whole site', newForm.showNewForm),
  post('/admin/forms/new', 'editForms', 'whole site', newForm.createForm, { uploadBytes: MAX_TEXT_BYTES }),
  get('/admin/forms/:slug', 'seeResults', formInPath, forms.showForm),
  get('/admin/forms/:slug/qr.svg', 'seeResults', formInPath, share.downloadQrSvg),
  get('/admin/forms/:slug/qr.png', 'seeResults', formInPath, share.downloadQrPng),
  get('/admin/forms/:slug/share', 'editForms', formInPath, share.showShare),
  post('/admin/forms/:slug/share', 'editForms', formInPath, share.createLink),
  post('/admin/forms/:slug/share/series', 'editForms', formInPath, share.createSeries, {
    uploadBytes: MAX_SERIES_FORM_BYTES,
  }),
  post('/admin/forms/:slug/share/websites', 'editForms', formInPath, share.changeWebsites),
  get('/admin/forms/:slug/share/try', 'editForms', formInPath, share.showTry),
  get('/admin/forms/:slug/share/poster', 'editForms', formInPath, share.showPoster),
  get('/admin/forms/:slug/links/:link', 'editForms', formInPath, share.showCampaignLink),
  post('/admin/forms/:slug/links/:link', 'editForms', formInPath, share.editLink),
  post('/admin/forms/:slug/links/:link/state', 'editForms', formInPath, share.closeLink),
  get('/admin/forms/:slug/links/:link/qr.svg', 'editForms', formInPath, share.downloadQrSvg),
  get('/admin/forms/:slug/links/:link/qr.png', 'editForms', formInPath, share.downloadQrPng),
  get('/admin/forms/:slug/links/:link/poster', 'editForms', formInPath, share.showPoster),

  get('/admin/forms/:slug/imported', 'editForms', formInPath, newForm.showImported),
  get('/admin/forms/:slug/edit', 'editForms', formInPath, editing.showEditor),
  post('/admin/forms/:slug/edit', 'editForms', formInPath, editing.saveEditor, { uploadBytes: MAX_TEXT_BYTES }),
  get('/admin/forms/:slug/preview', 'editForms', formInPath, preview.showPreview),
  post('/admin/forms/:slug/preview', 'editForms', formInPath, preview.changePreview),
  post('/admin/forms/:slug/draft', 'editForms', formInPath, editing.autosaveDraft, { jsonBytes: MAX_JSON_TEXT_BYTES }),
  get('/admin/forms/:slug/privacy', 'editForms', formInPath, formSettings.showPrivacy),
  get('/admin/forms/:slug/publish', 'editForms', formInPath, publishing.showPublish),
  post('/admin/forms/:slug/publish', 'editForms', formInPath, publishing.publishForm),
  get('/admin/forms/:slug/history', 'editForms', formInPath, publishing.showHistory),
  get('/admin/forms/:slug/compare', 'editForms', formInPath, publishing.showCompare),
  get('/admin/forms/:slug/settings', 'editForms', formInPath, formSettings.showSettings),
  post('/admin/forms/:slug/settings', 'editForms', formInPath, formSettings.changeManagedIn),
  post('/admin/forms/:slug/state', 'editForms', formInPath, formSettings.changeState),
  post('/admin/forms/:slug/delete', 'editForms', formInPath, formSettings.deleteForm),
  get('/admin/forms/:slug/text.yaml', 'editForms', formInPath, publishing.downloadText),

  get('/admin/forms/:slug/results', 'seeResults', formInPath, results.showResults),
  get('/admin/forms/:slug/results/live', 'seeResults', formInPath, followResults),
  get('/admin/forms/:slug/results.csv', 'seeResults', formInPath, results.downloadResults),

  get('/admin/forms/:slug/submissions.csv', 'seePeople', formInPath, people.downloadRedacted),
  post('/admin/forms/:slug/submissions.csv', 'revealAnswers', formInPath, people.downloadSensitive, SHOWS),

  get('/admin/forms/:slug/invitations', 'seePeople', formInPath, invitations.showInvitations),
  post('/admin/forms/:slug/invitations', 'invitePeople', formInPath, invitations.inviteOne),
  post('/admin/forms/:slug/invitations/csv', 'invitePeople', formInPath, invitations.inviteFile, {
    uploadBytes: MAX_CSV_BYTES,
  }),
  post('/admin/invitations/:invitation/again', 'invitePeople', formOfInvitation, invitations.handleSendAgain),
  post('/admin/invitations/:invitation/withdraw', 'invitePeople', formOfInvitation, invitations.withdraw),
  post('/admin/invitations/:invitation/link', 'invitePeople', formOfInvitation, invitations.showLink, SHOWS),
  post('/admin/invitations/:invitation/erase', 'erasePeople', formOfInvitation, invitations.handleErase),

  post('/admin/forms/:slug/test-delivery', 'sendMessages', formInPath, deliveries.sendTest),
  get('/admin/messages', 'seePeople', 'any form', deliveries.showDeliveries),
  post('/admin/messages/again', 'sendMessages', 'any form', deliveries.resendDeliveries),
  get('/admin/messages/:delivery', 'seePeople', formOfDelivery, deliveries.showDelivery),
  post('/admin/messages/:delivery/again', 'sendMessages', formOfDelivery, deliveries.resendDelivery),
  // A webhook carries sensitive answers to any address in this form.
  post('/admin/messages/:delivery/elsewhere', 'revealAnswers', formOfDelivery, deliveries.handleSendElsewhere),

  get('/admin/forms/:slug/people', 'seePeople', formInPath, forms.showFormPeople),
  get('/admin/forms/:slug/people/:submission', 'seePeople', formInPath, people.showSubmission),
  get('/admin/forms/:slug/people/:submission/files/:file', 'seePeople', formInPath, people.showFile),
  post('/admin/forms/:slug/people/:submission/verdict', 'decideSpam', formInPath, people.decideSpam),
  post('/admin/forms/:slug/people/:submission/sensitive', 'revealAnswers', formInPath, people.reveal, SHOWS),
  post('/admin/forms/:slug/people/:submission/person', 'revealAnswers', formInPath, people.downloadPersonalData, SHOWS),
  post('/admin/forms/:slug/people/:submission/erase', 'erasePeople', formInPath, people.erasePerson),

  get('/admin/people', 'seePeople', 'any form', people.showPeople),

  // Former addresses, which emails and bookmarks still have.
  get('/admin/forms/:slug/:submission', 'seePeople', formInPath, people.showFormerPersonPage),
  get('/admin/deliveries', 'seePeople', 'any form', moved('/admin/messages')),
  get('/admin/deliveries/:delivery', 'seePeople', formOfDelivery, deliveries.showFormerMessagePage),
  get('/admin/smile', 'changeSettings', 'whole site', moved('/admin/settings/smile')),

  get('/admin/team', 'changeSettings', 'whole site', team.showTeam),
  post('/admin/team', 'changeSettings', 'whole site', team.changeTeam),

  get('/admin/settings', 'changeSettings', 'whole site', settings.showSiteSettings),
  get('/admin/settings/company', 'changeSettings', 'whole site', moved('/admin/settings', '#company')),
  get('/admin/settings/email', 'changeSettings', 'whole site', moved('/admin/settings', '#email')),
  get('/admin/settings/keys', 'changeSettings', 'whole site', moved('/admin/settings', '#keys')),
  get('/admin/settings/smile', 'changeSettings', 'whole site', smile.showSmile),
  post('/admin/settings/smile/register', 'changeSettings', 'whole site', smile.connectSmile),
  post('/admin/settings/smile/replay', 'changeSettings', 'whole site', smile.replaySmile),
  // Trying again is an action, even if it only reads. Some jobs disconnect accounts or delete documents at Smile.
  post('/admin/jobs/:job/retry', 'sendMessages', smile.formOfJob, smile.retryFailedJob),
];
