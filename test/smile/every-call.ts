/** Every call that the client can make, with all parameters: for the contract, the mock and local Smile. */
import type { SmileClient } from '../../src/smile/client.ts';
import { DATA_KINDS } from '../../src/smile/resources/data.ts';

/** An id of each kind of object at Smile, by the path that answers with it, like `/users/{id}`. */
export type Known = (path: string) => string;

export interface Call {
  /** The method of the client. */
  method: keyof SmileClient;
  /** Its requests to Smile. */
  operation: string;
  make(smile: SmileClient, known: Known): Promise<unknown>;
}

const dates = { startDate: '1970-01-01', endDate: '2099-12-31' };
const page = { header: 'Hello ${fullName}', description: 'From ${companyName}', button: 'Begin' };
const email = {
  sendEmail: true,
  senderName: 'Acme',
  replyAddress: 'hello@acme.example',
  subject: 'Link your account',
  body: 'Hello ${firstName}',
} as const;
const template = {
  name: 'Drivers',
  company: { name: 'Acme', logoUrl: 'https://acme.example/logo.png' },
  email,
  landingPage: page,
  successPage: page,
};
const rawFiles = [
  { fileExtensionType: 'PDF', fileContent: 'JVBERi0=', fileSubtype: 'PAYSLIP', fileName: 'slip.pdf' },
] as const;
const files = { rawFiles: [...rawFiles] };
const hook = { name: 'Flipsite', url: 'https://acme.example/hook', secret: 's3cret', eventTypes: ['ALL_EVENTS'] };
const consent = {
  consentType: 'Terms',
  version: '1',
  consentText: 'We read your income once.',
  title: 'Our terms',
  consentMethod: 'I agree',
};

/** Calls that cannot be undone come last, so that all of them can be made in this order. */
export const EVERY_CALL: Call[] = [
  call('createUser', 'POST /users', (smile) => smile.createUser({ submission: '42' })),
  call('createUser', 'POST /users', (smile) => smile.createUser()),
  call('createToken', 'POST /tokens', (smile, known) => smile.createToken(known('/users/{id}'))),
  call('listUsers', 'GET /users', (smile) => smile.listUsers({ ...dates, limit: 3 })),
  call('getUser', 'GET /users/{id}', (smile, known) => smile.getUser(known('/users/{id}'))),
  call('getUserPayload', 'GET /users/{id}/payload', (smile, known) => smile.getUserPayload(known('/users/{id}'))),
  call('listAccounts', 'GET /accounts', (smile, known) => smile.listAccounts(known('/users/{id}'))),
  call('listAllAccounts', 'GET /accounts', (smile) => smile.listAllAccounts({ ...dates, limit: 3 })),
  call('getAccount', 'GET /accounts/{id}', (smile, known) => smile.getAccount(known('/accounts/{id}'))),
  call('getAccountPayload', 'GET /accounts/{id}/payload', (smile, known) =>
    smile.getAccountPayload(known('/accounts/{id}')),
  ),
  call('exportAccount', 'POST /accounts/{id}/exports/generate', (smile, known) =>
    smile.exportAccount(known('/accounts/{id}'), 'CSV'),
  ),
  ...DATA_KINDS.flatMap((kind) => [
    call('listData', `GET /${kind}`, (smile) => smile.listData(kind, { limit: 3 })),
    call('getData', `GET /${kind}/{id}`, (smile, known) => smile.getData(kind, known(`/${kind}/{id}`))),
  ]),
  ...(['employments', 'incomes', 'contributions', 'liabilities', 'transactions'] as const).map((kind) =>
    call('listData', `GET /${kind}`, (smile) => smile.listData(kind, { ...dates, limit: 3 })),
  ),
  call('listData', 'GET /eincomes', (smile) =>
    smile.listData('eincomes', { startMonth: '1970-01', endMonth: '2099-12', limit: 3 }),
  ),
  call('listTasks', 'GET /tasks', (smile, known) =>
    smile.listTasks({ userId: known('/users/{id}'), sourceId: known('/accounts/{id}'), ...dates, limit: 3 }),
  ),
  call('getTask', 'GET /tasks/{id}', (smile, known) => smile.getTask(known('/tasks/{id}'))),
  call('listProviders', 'GET /providers', (smile) =>
    smile.listProviders({
      type: 'GIG',
      subType: 'SERVICES',
      active: true,
      enabled: true,
      accountConnection: true,
      name: 'up',
      ids: ['upwork', 'grab'],
      topIds: ['upwork'],
      limit: 3,
    }),
  ),
  call('getProvider', 'GET /providers/{id}', (smile, known) => smile.getProvider(known('/providers/{id}'))),
  call('listForms', 'GET /alpha/forms', (smile, known) =>
    smile.listForms({ userId: known('/users/{id}'), winkSiteId: 'ws-1', ...dates, limit: 3 }),
  ),
  call('getForm', 'GET /alpha/forms/{id}', (smile, known) => smile.getForm(known('/alpha/forms/{id}'))),
  call('createArchive', 'POST /archives', (smile, known) =>
    smile.createArchive({ userId: known('/users/{id}'), fileType: 'PAYSLIP', ...files }),
  ),
  call('classifyArchive', 'POST /archives/classify', (smile, known) =>
    smile.classifyArchive({ userId: known('/users/{id}'), ...files }),
  ),
  call('listArchives', 'GET /archives', (smile, known) =>
    smile.listArchives({ userId: known('/users/{id}'), fileType: 'PAYSLIP', ...dates, limit: 3 }),
  ),
  call('getArchive', 'GET /archives/{id}', (smile, known) => smile.getArchive(known('/archives/{id}'))),
  call('listFileTypes', 'GET /fileTypes', (smile) =>
    smile.listFileTypes({ type: 'PAYSLIP', active: true, enabled: true, ocr: true, limit: 3 }),
  ),
  call('listUploads', 'GET /uploads', (smile, known) =>
    smile.listUploads({ userId: known('/users/{id}'), ...dates, limit: 3 }),
  ),
  call('getUpload', 'GET /uploads/{id}', (smile, known) => smile.getUpload(known('/uploads/{id}'))),
  call('createInviteTemplate', 'POST /inviteTemplates', (smile) => smile.createInviteTemplate(template)),
  call('listInviteTemplates', 'GET /inviteTemplates', (smile) => smile.listInviteTemplates({ limit: 3 })),
  call('getInviteTemplate', 'GET /inviteTemplates/{id}', (smile, known) =>
    smile.getInviteTemplate(known('/inviteTemplates/{id}')),
  ),
  call('updateInviteTemplate', 'PUT /inviteTemplates/{id}', (smile, known) =>
    smile.updateInviteTemplate(known('/inviteTemplates/{id}'), template),
  ),
  call('createInvite', 'POST /invites', (smile, known) =>
    smile.createInvite({
      fullName: 'Ana Cruz',
      firstName: 'Ana',
      lastName: 'Cruz',
      email: 'ana@example.com',
      templateId: known('/inviteTemplates/{id}'),
      winkTemplateId: 'wtpl-1',
    }),
  ),
  call('listInvites', 'GET /invites', (smile) => smile.listInvites({ limit: 3 })),
  call('getInvite', 'GET /invites/{id}', (smile, known) => smile.getInvite(known('/invites/{id}'))),
  call('listInviteLogs', 'GET /invites/{inviteId}/logs', (smile, known) =>
    smile.listInviteLogs(known('/invites/{id}'), { limit: 3 }),
  ),
  call('createConsentTemplate', 'POST /consentTemplates', (smile) => smile.createConsentTemplate(consent)),
  call('listConsentTemplates', 'GET /consentTemplates', (smile) => smile.listConsentTemplates({ limit: 3 })),
  call('createWebhook', 'POST /webhooks', (smile) => smile.createWebhook({ ...hook, includePayload: true })),
  call('listWebhooks', 'GET /webhooks', (smile) => smile.listWebhooks()),
  call('getWebhook', 'GET /webhooks/{id}', (smile, known) => smile.getWebhook(known('/webhooks/{id}'))),
  call('deleteWebhook', 'DELETE /webhooks/{id}', (smile, known) => smile.deleteWebhook(known('/webhooks/{id}'))),
  call('deleteConsentTemplate', 'DELETE /consentTemplates/{id}', (smile, known) =>
    smile.deleteConsentTemplate(known('/consentTemplates/{id}')),
  ),
  call('deleteInviteTemplate', 'DELETE /inviteTemplates/{id}', (smile, known) =>
    smile.deleteInviteTemplate(known('/inviteTemplates/{id}')),
  ),
  call('deleteArchive', 'DELETE /archives/{id}', (smile, known) => smile.deleteArchive(known('/archives/{id}'))),
  call('disableMonitor', 'POST /accounts/{accountId}/disableMonitor', (smile, known) =>
    smile.disableMonitor(known('/accounts/{id}')),
  ),
  call('resetSession', 'POST /users/{id}/resetSession', (smile, known) => smile.resetSession(known('/users/{id}'))),
  call('deleteAccount', 'DELETE /accounts/{id}', (smile, known) => smile.deleteAccount(known('/accounts/{id}'))),
];

function call(method: keyof SmileClient, operation: string, make: Call['make']): Call {
  return { method, operation, make };
}
