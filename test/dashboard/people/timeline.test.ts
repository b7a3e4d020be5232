import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  callbackWords,
  ownWords,
  screenWords,
  webhookWords,
} from '../../../src/dashboard/people/timeline/event-labels.ts';
import { summarizeAccounts } from '../../../src/dashboard/people/timeline/event-analysis.ts';
import { timeline, type Line } from '../../../src/dashboard/people/timeline/timeline.ts';
import { titlesOf } from '../../../src/dashboard/display/titles.ts';
import type { EventSource, RecordedEvent } from '../../../src/record/events.ts';
import { CALLBACKS } from '../../../src/smile/callbacks.ts';
import { later } from '../../helpers/database.ts';
import { compiled } from '../forms.ts';

const titles = titlesOf(compiled(), { answers: { full_name: 'Ana' }, params: {}, reference: null });

let count = 0;
function event(source: EventSource, name: string, data: unknown = {}, at = 0, receivedAt = at): RecordedEvent {
  const id = `e${count++}`;
  const times = { at: later(at).toISOString(), receivedAt: later(receivedAt).toISOString() };
  return { id, submissionId: 's', smileUserId: null, name, source, data, ...times };
}

const lines = (...events: RecordedEvent[]): Line[] => timeline(events, titles);
const line = (source: EventSource, name: string, data?: unknown): Line => lines(event(source, name, data))[0] as Line;
const account = { accountId: 'a-1', userId: 'u-1', providerId: 'metro' };
const told = (accountId: string, more: object = {}) => ({
  data: { accountId, userId: 'u-1', providers: ['metro'], ...more },
});
const said = ({ claims }: Line): string[] => claims.map(({ text }) => text);

describe('the sign of an event', () => {
  const sprite = readFileSync('src/components/dashboard/frame/Sprite.astro', 'utf8');

  it.each([...callbackWords, ...screenWords, ...webhookWords, ...ownWords])('is drawn: %s', (_name, { icon }) => {
    expect(sprite).toContain(`id="i-${icon}"`);
  });
});

describe('the story of the accounts', () => {
  const story = (...events: RecordedEvent[]) => summarizeAccounts(events, (id) => id.toUpperCase());
  const events = [
    event('webhook', 'ACCOUNT_FAILED', told('a-1'), 1),
    event('webhook', 'ACCOUNT_CONNECTED', told('a-1'), 2),
    event('webhook', 'ACCOUNT_DISCONNECTED', told('a-1'), 4),
  ];
  const one = 'failed sign-in, then connected, then disconnected';

  it('goes on where the person connects again, which may be another account', () => {
    expect(story(...events, event('webhook', 'ACCOUNT_CONNECTED', told('a-2'), 5))).toBe(`A ${one}, then connected again`); // prettier-ignore
    expect(story(event('webhook', 'TASK_FINISHED'))).toBeUndefined();
  });

  it('is one of each provider, so that the end of an account is not that of another one', () => {
    const other = event('webhook', 'ACCOUNT_CONNECTED', told('a-2', { providers: ['grab'] }), 3);
    expect(story(...events, other)).toBe(`METRO: a ${one}. GRAB: connected`);
  });
});

describe('the readings from Smile', () => {
  it('have their size, and name the data that Smile has deleted', () => {
    const read = { ...account, points: { identities: 1, transactions: 0 }, kept: ['transactions'] };
    expect(line('server', 'linkedRead', read).detail).toBe(
      'metro. Identity (1). Smile has no newer data, and the saved data stays: transactions',
    );
  });
});

describe('a report of a page under another name', () => {
  it.each([
    ['accountChecked', { ...account, status: 'CONNECTED' }],
    ['markedNotSpam', { email: 'boss@acme.example' }],
    ['emailSent', { to: 'boss@acme.example' }],
    ['submitted', { ending: 'done' }],
    ['ACCOUNT_CONNECTED', told('a-1')],
  ])('%s is shown as no more than that', (name, data) => {
    expect(line('page', name, data)).toMatchObject({
      title: name,
      detail: undefined,
      tone: undefined,
      claims: [],
      by: 'The page, in the browser',
    });
  });

  it('does not name the end of a connection as its own', () => {
    const [, end] = lines(event('page', 'accountRevoked', account), event('webhook', 'ACCOUNT_DISCONNECTED', told('a-1'), 5)); // prettier-ignore
    expect(end?.detail).toBe('metro. By the person or at Smile');
  });
});

describe('callbacks of the widget', () => {
  it.each([
    ['onAccountCreated', account, 'Account sign-in started', 'metro'],
    ['onAccountConnected', account, 'Account connected', 'metro'],
    ['onAccountRemoved', account, 'Account disconnected', 'metro'],
    [
      'onAccountError',
      { ...account, errorCode: 'INVALID_CREDENTIALS' },
      'Could not sign in',
      'metro. The provider did not accept the user name or password',
    ],
    ['onAccountError', { ...account, errorCode: 'BRAND_NEW' }, 'Could not sign in', 'metro. BRAND_NEW'],
    ['onTokenExpired', {}, 'Sign-in window ran out of time', 'The person can open it again'],
    ['onClose', { reason: 'close' }, 'Sign-in window closed', 'By the person'],
    ['onClose', { reason: 'exit' }, 'Sign-in window closed', 'By the person, after connecting'],
    ['onClose', { reason: 'error' }, 'Sign-in window closed', 'By the person, after an error'],
    ['onClose', { reason: 'other' }, 'Sign-in window closed', 'other'],
    ['onUploadsCreated', { uploads: [{}] }, 'Documents sent', undefined],
    ['onUploadsRemoved', {}, 'Documents taken back', undefined],
  ])('%s %j reads %j', (name, data, title, detail) => {
    expect(line('widget', name, data)).toMatchObject({ title, detail, name, by: 'The widget, in the browser' });
  });

  it.each([
    ['ConsentPageOpened', 'Sign-in window asked for consent'],
    ['ProviderListPageOpened', 'Saw the list of providers'],
    ['LoginPageOpened', 'Opened the provider’s sign-in'],
    ['LoginOptionsPageOpened', 'Saw other ways to sign in'],
    ['MfaPageOpened', 'Verification code asked for'],
    ['ConnectSuccessPageOpened', 'Saw that the account is connected'],
    ['AccountRevokePageOpened', 'Looked at a linked account'],
    ['EmployerSurveyPageOpened', 'Was asked about the employer'],
    ['FileTypeListPageOpened', 'Saw the kinds of documents'],
    ['FileTypePageOpened', 'Opened the upload of a document'],
    ['ArchiveSuccessPageOpened', 'Saw that the documents were sent'],
    ['RevokeArchivePageOpened', 'Looked at sent documents'],
    ['SomethingNewOpened', 'SomethingNewOpened'],
  ])('onUIEvent %s reads %j', (eventName, title) => {
    const data = { eventName, account: { providerId: 'metro' }, archive: { fileType: 'payslip' } };
    expect(line('widget', 'onUIEvent', data)).toMatchObject({
      title,
      detail: 'metro, payslip',
      name: `onUIEvent, ${eventName}`,
    });
  });

  it('all nine have words of their own, and none of them is lost when it carries nonsense', () => {
    expect(CALLBACKS).toHaveLength(9);
    for (const name of CALLBACKS) {
      const known = name === 'onUIEvent' ? { eventName: 'MfaPageOpened' } : {};
      expect(line('widget', name, known).title, name).not.toContain(name);
      for (const data of [
        null,
        'text',
        7,
        [],
        { accountId: {}, reason: [], account: 1, eventName: null },
        { __proto__: { reason: 'x' } },
      ]) {
        expect(line('widget', name, data).name, name).toContain(name);
      }
    }
  });
});

describe('webhooks', () => {
  const types =
    `USER_CREATED ACCOUNT_CREATED ACCOUNT_CONNECTED ACCOUNT_FAILED ACCOUNT_DISCONNECTED TASK_STARTED TASK_FINISHED
    ACCOUNT_SYNC_TASK_FINISHED ARCHIVE_STARTED ARCHIVE_ANALYZED ARCHIVE_REVOKED ARCHIVE_FAILED INVITE_INVITED INVITE_LINKED
    IDENTITY_ADDED RATING_ADDED TRANSACTIONS_ADDED DOCUMENTS_ADDED EMPLOYMENTS_ADDED INCOMES_ADDED CONTRIBUTIONS_ADDED
    LIABILITIES_ADDED EINCOMES_ADDED INSIGHT_ADDED LINK_ADDED DOCUMENTS_UPDATED EMPLOYMENTS_UPDATED LIABILITIES_UPDATED
    INCOMES_UPDATED CONTRIBUTIONS_UPDATED EINCOMES_UPDATED USER_SESSION_COMPLETED USER_SESSION_RESET VERIFICATION_STARTED
    VERIFICATION_COMPLETED RECORD_CREATED RECORD_COMPLETED`.split(/\s+/);

  it.each(types)('%s has words, and its own name beside them', (type) => {
    const { title, name, by } = line('webhook', type, told('a-1'));
    expect(title).not.toBe(type);
    expect(name).toBe(type);
    expect(by).toBe('Webhook of Smile, signature checked');
  });

  it('of a type that Smile has added since is shown as it is', () => {
    expect(line('webhook', 'BRAND_NEW', told('a-1'))).toMatchObject({ title: 'BRAND_NEW', name: 'BRAND_NEW' });
    expect(line('webhook', 'constructor', null).title).toBe('constructor');
  });

  it('distinguish a failed reading from a finished one', () => {
    const failed = told('a-1', { status: 'FAILED', errorCode: 'SERVICE_UNAVAILABLE' });
    expect(line('webhook', 'TASK_FINISHED', told('a-1', { status: 'SUCCEEDED', errorCode: null }))).toMatchObject({
      title: 'Smile has read the data',
      tone: 'ok',
    });
    expect(line('webhook', 'TASK_FINISHED', failed)).toMatchObject({
      title: 'Smile could not read the data',
      tone: 'bad',
      detail: 'metro. The provider was not available',
    });
    const unread = { data: { userId: 'u-1', archiveId: 'archive-1', errorCode: 'FILE_UNABLE_TO_RECOGNIZE' } };
    expect(line('webhook', 'ARCHIVE_FAILED', unread).detail).toBe('Smile did not recognize the document');
    expect(line('webhook', 'ARCHIVE_FAILED', {}).detail).toBeFalsy();
  });
});

describe('the events of the page and of the server', () => {
  it.each([
    ['page', 'screenSeen', { screen: 'about' }, 'Saw “About you”', undefined],
    ['page', 'screenSeen', { screen: 'gone' }, 'Saw “gone”', undefined],
    ['page', 'brandNew', {}, 'brandNew', undefined],
    ['server', 'started', { language: 'es' }, 'Form started', 'In Spanish'],
    ['server', 'started', { language: 'en', native: true }, 'Form started', 'In English. Without JavaScript'],
    ['server', 'started', { language: 'en', link: 'fb-nov' }, 'Came from the link fb-nov', 'In English'],
    ['server', 'started', { language: '!!' }, 'Form started', 'In !!'],
    ['server', 'answersSaved', { screen: 'about', fields: ['a', 'b'] }, '2 answers saved', '“About you”'],
    ['server', 'answersSaved', { screen: 'about', fields: ['a'] }, '1 answer saved', '“About you”'],
    ['server', 'answersSaved', { screen: 'about', fields: [] }, 'Left empty', '“About you”'],
    [
      'server',
      'linkTokenIssued',
      { screen: 'connect' },
      'Sign-in window allowed',
      'It got a link token from the server',
    ],
    [
      'server',
      'linkTokenFailed',
      { reason: 'timeout' },
      'Sign-in window could not be opened',
      'Smile did not answer in time',
    ],
    ['server', 'linkTokenFailed', { reason: 'new' }, 'Sign-in window could not be opened', 'new'],
    [
      'server',
      'screenLeft',
      { screen: 'connect', state: 'skipped' },
      'Left “Connect, Ana”',
      'Without connecting an account',
    ],
    [
      'server',
      'accountChecked',
      { accountId: 'a-1', status: 'CONNECTED' },
      'Smile was asked about the account',
      'Smile says: connected',
    ],
    [
      'server',
      'accountChecked',
      { accountId: 'a-1', status: 'unknown' },
      'Smile was asked about the account',
      'Smile does not know it',
    ],
    ['server', 'submitted', { ending: 'done' }, 'Form sent', 'Ended with “Thank you, Ana”'],
  ] as const)('%s %s %j reads %j', (source, name, data, title, detail) => {
    expect(line(source, name, data)).toMatchObject({ title, detail, name });
  });

  it('have one line for saves of the same screen in a row, with their number', () => {
    const saved = (screen: string, fields: string[], at: number) => event('server', 'answersSaved', { screen, fields }, at); // prettier-ignore
    const told = lines(
      saved('about', ['full_name'], 0),
      saved('about', ['full_name', 'email'], 5),
      saved('about', ['full_name', 'email'], 9),
      saved('connect', [], 12),
      saved('about', ['full_name'], 20),
      // After a long pause, the person came back.
      saved('about', ['full_name'], 90_000),
    );
    expect(told.map(({ title, times, at }) => [title, times, at])).toEqual([
      ['2 answers saved', 3, later(0).toISOString()],
      ['Left empty', 1, later(12).toISOString()],
      ['1 answer saved', 1, later(20).toISOString()],
      ['1 answer saved', 1, later(90_000).toISOString()],
    ]);
  });

  it('are in the order in which they happened, also after a late report of the page', () => {
    const told = lines(
      event('server', 'started', {}, 100),
      event('server', 'answersSaved', { fields: ['full_name'] }, 100),
      event('page', 'screenSeen', { screen: 'about' }, 0, 101),
      event('page', 'screenSeen', { screen: 'connect' }, 100, 101),
      event('server', 'linkTokenIssued', {}, 130),
    );
    expect(told.map(({ name, at }) => [name, at])).toEqual([
      ['screenSeen', later(0).toISOString()],
      ['started', later(100).toISOString()],
      ['answersSaved', later(100).toISOString()],
      ['screenSeen', later(100).toISOString()],
      ['linkTokenIssued', later(130).toISOString()],
    ]);
    expect(told[0]?.detail).toBe('Reached the server 2 minutes later, by the clock of the device');
  });

  it.each([-7200, 7200])('are in their order when the phone’s clock is %i seconds off', (off) => {
    const page = (name: string, at: number) => event('page', name, {}, at + off, at);
    const told = lines(
      page('screenSeen', 0),
      event('server', 'started', {}, 10),
      page('screenSeen', 20),
      event('server', 'submitted', {}, 30),
    );
    expect(told.map(({ name }) => name)).toEqual(['screenSeen', 'started', 'screenSeen', 'submitted']);
  });

  it('that arrive much later are at the place of their arrival, with the delay', () => {
    const [first, second] = lines(
      event('page', 'screenSeen', {}, 0),
      event('server', 'submitted', {}, 60),
      event('page', 'screenSeen', {}, 60, 7260),
    );
    expect([first?.name, second?.name]).toEqual(['screenSeen', 'submitted']);
    expect(lines(event('page', 'screenSeen', {}, 0, 7200))[0]?.detail).toBe(
      'Reached the server 2 hours later, by the clock of the device',
    );
    expect(lines(event('webhook', 'ACCOUNT_CONNECTED', {}, 0, 7200))[0]?.detail).toContain(
      'Reached the server 2 hours later',
    );
    expect(lines(event('webhook', 'ACCOUNT_CONNECTED', {}, 0, 7200))[0]?.detail).not.toContain('clock');
  });

  it('say that the clock of the device was ahead', () => {
    const [seen] = lines(event('page', 'screenSeen', {}, 7200, 0));
    expect(seen?.detail).toBe('The clock of the device was 2 hours ahead');
  });

  it('say that the person came back, after a while in which nothing happened', () => {
    const told = lines(event('server', 'started', {}, 0), event('page', 'screenSeen', { screen: 'connect' }, 64_800));
    expect(told[1]).toMatchObject({ title: 'Came back to “Connect, Ana”', pause: '18 hours later' });
  });
});

describe('the reports of Smile on documents', () => {
  it('have the type of each document, and the reason when one could not be read', () => {
    const uploads = [
      { id: 'archive-1', type: 'PAYSLIP', status: 'ANALYZED' },
      { id: 'archive-2', type: 'TAX_DOCUMENT', status: 'ERROR', errorCode: 'INVALID_FIELD_FORMAT' },
    ];
    expect(line('server', 'uploadsChecked', { screen: 'connect', widget: 0, uploads, untold: true })).toMatchObject({
      title: 'Smile was asked about the documents',
      detail:
        'Payslip: read. Tax document: could not be read. A part of the document has a wrong format. Neither the browser nor a webhook reported it',
    });
    expect(line('server', 'uploadsChecked', { uploads: [] }).detail).toBe('Smile has no documents');
    expect(line('server', 'uploadsChecked', { uploads: [null, 7] }).title).toBe('Smile was asked about the documents');
  });

  it('confirms that they were sent, and taken back', () => {
    const sent = event('widget', 'onUploadsCreated', { uploads: [{ id: 'archive-1' }] }, 0);
    const taken = event('widget', 'onUploadsRemoved', { uploads: [{ id: 'archive-1' }] }, 60);
    const arrived = event('webhook', 'ARCHIVE_STARTED', { data: { userId: 'u-1', archiveId: 'archive-1' } }, 2);
    const gone = event('server', 'uploadsChecked', { uploads: [{ id: 'archive-1', status: 'REVOKED' }] }, 65);
    expect(said(lines(sent)[0] as Line)).toEqual(['Claimed by the browser', 'Not confirmed yet']);
    const all = lines(sent, arrived, taken, gone);
    expect(all.map((one) => said(one)[1])).toEqual(['Confirmed by Smile 2 s later', undefined, 'Confirmed by Smile 5 s later', undefined]); // prettier-ignore
  });
});

describe('claims', () => {
  const claim = (name: string, at = 0, data: object = account) => event('widget', name, data, at);

  it.each([
    ['onAccountCreated', 'ACCOUNT_CREATED'],
    ['onAccountConnected', 'ACCOUNT_CONNECTED'],
    ['onAccountRemoved', 'ACCOUNT_DISCONNECTED'],
    ['onAccountError', 'ACCOUNT_FAILED'],
  ])('%s is confirmed by %s', (name, type) => {
    const [line] = lines(claim(name), event('webhook', type, told('a-1'), 4));
    expect(said(line as Line)).toEqual(['Claimed by the browser', 'Confirmed by Smile 4 s later']);
  });

  it('are confirmed by asking Smile, and by a webhook that came first', () => {
    const asked = event('server', 'accountChecked', { accountId: 'a-1', status: 'CONNECTED' }, 130);
    expect(said(lines(claim('onAccountConnected'), asked)[0] as Line)[1]).toBe('Confirmed by Smile 2 min later');
    const before = event('webhook', 'ACCOUNT_CONNECTED', told('a-1'), 2);
    expect(said(lines(before, claim('onAccountConnected', 9))[0] as Line)[1]).toBe('Confirmed by Smile 7 s before');
  });

  it('stay claims while Smile has reported nothing, or something else, or another account', () => {
    const [line] = lines(
      claim('onAccountConnected'),
      event('webhook', 'ACCOUNT_CREATED', told('a-1'), 1),
      event('webhook', 'ACCOUNT_CONNECTED', told('a-2'), 2),
      event('widget', 'ACCOUNT_CONNECTED', told('a-1'), 3),
    );
    expect(said(line as Line)).toEqual(['Claimed by the browser', 'Not confirmed yet']);
    expect(line?.tone).toBeUndefined();
  });

  it('of an account that Smile does not know are marked as such', () => {
    const asked = event('server', 'accountChecked', { accountId: 'a-1', status: 'unknown' }, 3);
    expect(said(lines(claim('onAccountConnected'), asked)[0] as Line)).toEqual([
      'Claimed by the browser',
      'Not known to Smile',
    ]);
  });

  it('are one line with the webhook of the same fact, at the place of the earlier one, with both sources', () => {
    const both = [claim('onAccountConnected', 9), event('webhook', 'ACCOUNT_CONNECTED', told('a-1'), 2)] as const;
    const all = lines(both[1], event('webhook', 'TASK_STARTED', told('a-1'), 3), both[0]);
    expect(all.map(({ title, at }) => [title, at])).toEqual([
      ['Account connected', later(2).toISOString()],
      ['Smile started to read data', later(3).toISOString()],
    ]);
    expect(all[0]).toMatchObject({
      name: 'onAccountConnected',
      by: 'The widget, in the browser',
      also: { name: 'ACCOUNT_CONNECTED', by: 'Webhook of Smile, signature checked' },
    });
  });

  it('are lines of their own where the webhook came more than a minute later', () => {
    const all = lines(claim('onAccountConnected', 0), event('webhook', 'ACCOUNT_CONNECTED', told('a-1'), 61));
    expect(all.map((one) => said(one)[1])).toEqual(['Confirmed by Smile 61 s later', undefined]);
  });

  it('each find the nearest confirmation, when a sign-in fails twice', () => {
    const all = lines(
      claim('onAccountError', 0),
      event('webhook', 'ACCOUNT_FAILED', told('a-1'), 3),
      claim('onAccountError', 60),
      event('webhook', 'ACCOUNT_FAILED', told('a-1'), 62),
    );
    expect(all.map((one) => said(one)[1])).toEqual(['Confirmed by Smile 3 s later', 'Confirmed by Smile 2 s later']);
  });

  it('without an account in them are never confirmed by another one without', () => {
    const [line] = lines(claim('onAccountConnected', 0, {}), event('webhook', 'ACCOUNT_CONNECTED', { data: {} }, 1));
    expect(said(line as Line)[1]).toBe('Not confirmed yet');
  });

  it('are made of uploads too, and of nothing else', () => {
    expect(said(line('widget', 'onUploadsCreated'))).toEqual(['Claimed by the browser']);
    expect(said(line('widget', 'onClose', { reason: 'exit' }))).toEqual([]);
    expect(said(line('webhook', 'ACCOUNT_CONNECTED', told('a-1')))).toEqual([]);
  });
});
