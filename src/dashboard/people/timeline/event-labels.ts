/** The title of each kind of event in the timeline. The timeline shows an unknown name as it is. */
import type { Tone } from '../../display/account-words.ts';

export type EventLabel = { icon: string; title: string; tone?: Tone };

/** The widget's callbacks (Smile, Account Linking). The title of `onUIEvent` depends on its screen. */
export const callbackWords = new Map<string, EventLabel>([
  ['onAccountCreated', { icon: 'key', title: 'Account sign-in started' }],
  ['onAccountConnected', { icon: 'ok', title: 'Account connected', tone: 'ok' }],
  ['onAccountRemoved', { icon: 'dash', title: 'Account disconnected' }],
  ['onAccountError', { icon: 'bad', title: 'Could not sign in', tone: 'bad' }],
  ['onTokenExpired', { icon: 'warn', title: 'Sign-in window ran out of time' }],
  ['onClose', { icon: 'window', title: 'Sign-in window closed' }],
  ['onUploadsCreated', { icon: 'file', title: 'Documents sent', tone: 'ok' }],
  ['onUploadsRemoved', { icon: 'dash', title: 'Documents taken back' }],
]);

/** The reason for closing the widget, by the reason of `onClose` (Smile, Account Linking). */
export const closeWords = new Map([
  ['close', 'By the person'],
  ['exit', 'By the person, after connecting'],
  ['error', 'By the person, after an error'],
]);

/** The widget's screens, by `onUIEvent`'s `eventName` (Smile, Account Linking). */
export const screenWords = new Map<string, EventLabel>([
  ['ConsentPageOpened', { icon: 'window', title: 'Sign-in window asked for consent' }],
  ['ProviderListPageOpened', { icon: 'eye', title: 'Saw the list of providers' }],
  ['LoginPageOpened', { icon: 'window', title: 'Opened the provider’s sign-in' }],
  ['LoginOptionsPageOpened', { icon: 'eye', title: 'Saw other ways to sign in' }],
  ['MfaPageOpened', { icon: 'key', title: 'Verification code asked for' }],
  ['ConnectSuccessPageOpened', { icon: 'eye', title: 'Saw that the account is connected' }],
  ['AccountRevokePageOpened', { icon: 'eye', title: 'Looked at a linked account' }],
  ['EmployerSurveyPageOpened', { icon: 'eye', title: 'Was asked about the employer' }],
  ['FileTypeListPageOpened', { icon: 'eye', title: 'Saw the kinds of documents' }],
  ['FileTypePageOpened', { icon: 'file', title: 'Opened the upload of a document' }],
  ['ArchiveSuccessPageOpened', { icon: 'eye', title: 'Saw that the documents were sent' }],
  ['RevokeArchivePageOpened', { icon: 'eye', title: 'Looked at sent documents' }],
]);

const webhooks: [string, string, string, Tone?][] = [
  ['USER_CREATED', 'key', 'Smile created a user for the person'],
  ['ACCOUNT_CREATED', 'key', 'Account sign-in started'],
  ['ACCOUNT_CONNECTED', 'ok', 'Account connected', 'ok'],
  ['ACCOUNT_FAILED', 'bad', 'Could not sign in', 'bad'],
  ['ACCOUNT_DISCONNECTED', 'dash', 'Account disconnected'],
  ['TASK_STARTED', 'in', 'Smile started to read data'],
  ['TASK_FINISHED', 'in', 'Smile has read the data', 'ok'],
  ['ACCOUNT_SYNC_TASK_FINISHED', 'in', 'Smile has read the data again', 'ok'],
  ['ARCHIVE_STARTED', 'file', 'Documents arrived at Smile'],
  ['ARCHIVE_ANALYZED', 'file', 'Smile has read the documents', 'ok'],
  ['ARCHIVE_REVOKED', 'dash', 'Documents taken back'],
  ['ARCHIVE_FAILED', 'bad', 'Smile could not read the documents', 'bad'],
  ['INVITE_INVITED', 'send', 'Invited by Smile'],
  ['INVITE_LINKED', 'ok', 'Linked an account after an invitation', 'ok'],
  ['IDENTITY_ADDED', 'in', 'Identity available'],
  ['RATING_ADDED', 'in', 'Rating available'],
  ['TRANSACTIONS_ADDED', 'in', 'Transactions available'],
  ['DOCUMENTS_ADDED', 'in', 'Documents available'],
  ['EMPLOYMENTS_ADDED', 'in', 'Employments available'],
  ['INCOMES_ADDED', 'in', 'Incomes available'],
  ['CONTRIBUTIONS_ADDED', 'in', 'Contributions available'],
  ['LIABILITIES_ADDED', 'in', 'Liabilities available'],
  ['EINCOMES_ADDED', 'in', 'Estimated incomes available'],
  ['INSIGHT_ADDED', 'in', 'Insight available'],
  ['LINK_ADDED', 'in', 'Link data available'],
  ['DOCUMENTS_UPDATED', 'in', 'Documents changed'],
  ['EMPLOYMENTS_UPDATED', 'in', 'Employments changed'],
  ['LIABILITIES_UPDATED', 'in', 'Liabilities changed'],
  ['INCOMES_UPDATED', 'in', 'Incomes changed'],
  ['CONTRIBUTIONS_UPDATED', 'in', 'Contributions changed'],
  ['EINCOMES_UPDATED', 'in', 'Estimated incomes changed'],
  ['USER_SESSION_COMPLETED', 'ok', 'Session at Smile finished', 'ok'],
  ['USER_SESSION_RESET', 'dash', 'Session at Smile started again'],
  ['VERIFICATION_STARTED', 'eye', 'Verification started'],
  ['VERIFICATION_COMPLETED', 'ok', 'Verification finished', 'ok'],
  ['RECORD_CREATED', 'in', 'Record started'],
  ['RECORD_COMPLETED', 'in', 'Record available'],
];

/** The types of webhook (Smile, Event Notifications). */
export const webhookWords = new Map<string, EventLabel>(
  webhooks.map(([type, icon, title, tone]) => [type, { icon, title, ...(tone && { tone }) }]),
);

/** The events of the server and of the form's page. */
export const ownWords = new Map<string, EventLabel>([
  ['screenSeen', { icon: 'eye', title: 'Saw a screen' }],
  ['started', { icon: 'pen', title: 'Form started' }],
  ['linkFollowed', { icon: 'link', title: 'Came back by another link' }],
  ['answersSaved', { icon: 'pen', title: 'Answers saved' }],
  ['fileAdded', { icon: 'file', title: 'File added' }],
  ['fileRemoved', { icon: 'dash', title: 'File taken back' }],
  ['linkTokenIssued', { icon: 'window', title: 'Sign-in window allowed' }],
  ['uploadsChecked', { icon: 'file', title: 'Smile was asked about the documents' }],
  [
    'smileUserUncertain',
    { icon: 'warn', title: 'Smile may have created a user without an answer to us', tone: 'warn' },
  ],
  ['smileUserFound', { icon: 'ok', title: 'That user was found at Smile', tone: 'ok' }],
  ['smileUserNotFound', { icon: 'warn', title: 'That user was not found at Smile' }],
  ['linkTokenFailed', { icon: 'bad', title: 'Sign-in window could not be opened', tone: 'bad' }],
  ['widgetBlocked', { icon: 'bad', title: 'Sign-in window did not open', tone: 'bad' }],
  ['screenLeft', { icon: 'pen', title: 'Continued' }],
  ['accountChecked', { icon: 'in', title: 'Smile was asked about the account' }],
  ['claimDisbelieved', { icon: 'bad', title: 'The browser named an account that is not this person’s', tone: 'bad' }],
  ['linkedRead', { icon: 'in', title: 'Data read from Smile and saved here', tone: 'ok' }],
  ['linkedRemoved', { icon: 'dash', title: 'Data deleted here' }],
  ['accountRevoked', { icon: 'dash', title: 'Account disconnected by us' }],
  ['accountsMoved', { icon: 'link', title: 'Account counted to another screen' }],
  ['accountDisconnected', { icon: 'dash', title: 'Account disconnected' }],
  ['accountDisconnectFailed', { icon: 'bad', title: 'Account could not be disconnected', tone: 'bad' }],
  ['smileEventsFull', { icon: 'warn', title: 'No room for more events of Smile', tone: 'warn' }],
  ['markedSpam', { icon: 'bad', title: 'Marked as spam', tone: 'bad' }],
  ['markedNotSpam', { icon: 'ok', title: 'Marked as not spam' }],
  ['sensitiveShown', { icon: 'eye', title: 'Private answer shown' }],
  ['personDownloaded', { icon: 'eye', title: 'Copy of their data downloaded' }],
  ['erased', { icon: 'dash', title: 'Deleted' }],
  ['sensitiveFileOpened', { icon: 'eye', title: 'Private file opened' }],
  ['sensitiveSent', { icon: 'link', title: 'Sent again with private answers' }],
  ['sentElsewhere', { icon: 'link', title: 'Sent to another address' }],
  ['sensitiveDownloaded', { icon: 'eye', title: 'Downloaded with private answers' }],
  ['emailSent', { icon: 'mail', title: 'Email sent', tone: 'ok' }],
  ['emailFailed', { icon: 'bad', title: 'Email could not be sent', tone: 'bad' }],
  ['webhookSent', { icon: 'link', title: 'Webhook sent', tone: 'ok' }],
  ['webhookFailed', { icon: 'bad', title: 'Webhook could not be sent', tone: 'bad' }],
  ['submitted', { icon: 'send', title: 'Form sent', tone: 'ok' }],
]);

/** The state in which a person left a Wink screen. */
export const leftWords = new Map([
  ['connected', 'With an account connected'],
  ['uploaded', 'With documents sent'],
  ['failed', 'After the sign-in had failed'],
  ['skipped', 'Without connecting an account'],
]);

/** The page's reason for a sign-in window that did not open. */
export const blockedWords = new Map([
  ['blocked', 'The browser, or an extension in it, blocked its script'],
  ['slow', 'Its script took too long'],
  ['broken', 'Its script did not start'],
  ['silent', 'It stayed invisible'],
  ['popup', 'The browser blocked its window'],
  ['offline', 'The person was offline'],
  ['unavailable', 'Smile gave no link token'],
]);

/** The reason for a missing link token, by the kind of failure. */
export const failureWords = new Map([
  ['timeout', 'Smile did not answer in time'],
  ['unavailable', 'Smile was not available'],
  ['rate_limited', 'Smile had too many requests'],
  ['authentication', 'Smile did not accept the API key and secret'],
  ['refused', 'Smile refused the request'],
  ['unexpected_answer', 'Smile sent an answer that it does not document'],
]);
