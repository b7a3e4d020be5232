import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { accountFact, parseWebhook, verifySignature, type SmileEvent } from '../../src/smile/webhook.ts';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

function eventOf(body: object): SmileEvent {
  const parsed = parseWebhook(bytes(body));
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.event;
}

const about = { userId: 'acme-1', accountId: 'a-1', providers: ['abccorp'] };
const envelope = { id: 'et-1', version: 1, createdAt: '2021-04-14T09:30:24Z' };

describe('a signature', () => {
  const body = bytes('{ "id": "et-1",  "text": "é" }');
  const signed = createHmac('sha512', 'key').update(body).digest('hex');

  it('holds for the very bytes that were sent', () => {
    expect(verifySignature(body, signed, 'key')).toBe(true);
    expect(verifySignature(new Uint8Array(body), signed, 'key')).toBe(true);
  });

  it('is the one that HMAC-SHA512 is published with', () => {
    // RFC 4231, test case 2.
    const published =
      '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737';
    expect(verifySignature(bytes('what do ya want for nothing?'), published, 'Jefe')).toBe(true);
  });

  it.each([
    ['another body', bytes('{"id":"et-1","text":"é"}'), signed, 'key'],
    ['another key', body, signed, 'Key'],
    ['no header', body, null, 'key'],
    ['an empty header', body, '', 'key'],
    ['upper case', body, signed.toUpperCase(), 'key'],
    ['a prefix', body, `sha512=${signed}`, 'key'],
    ['space around it', body, ` ${signed}`, 'key'],
    ['a line after it', body, `${signed}\n`, 'key'],
    ['half of it', body, signed.slice(0, 64), 'key'],
    ['twice of it', body, signed + signed, 'key'],
    ['SHA-256', body, createHmac('sha256', 'key').update(body).digest('hex'), 'key'],
    ['no secret on our side', body, createHmac('sha512', '').update(body).digest('hex'), ''],
  ])('does not hold with %s', (_what, raw, header, secret) => {
    expect(verifySignature(raw, header, secret)).toBe(false);
  });
});

describe('a webhook', () => {
  it('is read with whom it is about, and kept without the data of the person', () => {
    const body = { ...envelope, type: 'ACCOUNT_CONNECTED', data: { ...about, loginName: 'ryan' }, extra: 1 };
    expect(eventOf(body)).toEqual({
      id: 'et-1',
      type: 'ACCOUNT_CONNECTED',
      createdAt: '2021-04-14T09:30:24Z',
      userId: 'acme-1',
      accountId: 'a-1',
      providerId: 'abccorp',
      data: body.data,
      body: { ...body, data: about },
    });
    const finished = { ...envelope, type: 'TASK_FINISHED', data: { ...about, payload: { incomes: [{ net: 1 }] } } };
    expect(eventOf(finished).body).toEqual({ ...finished, data: about });
  });

  it('may name the user in its session', () => {
    const data = { session: { userId: 'acme-2', status: 'COMPLETED' }, payload: {} };
    expect(eventOf({ ...envelope, type: 'USER_SESSION_COMPLETED', data }).userId).toBe('acme-2');
  });

  it('may name the account as its source', () => {
    const data = { userId: 'acme-1', sourceId: 'a-1', sourceType: 'ACCOUNT', providers: [], payload: null };
    expect(eventOf({ ...envelope, type: 'TASK_FINISHED', data }).accountId).toBe('a-1');
    const archive = { ...data, sourceId: 'archive-1', sourceType: 'ARCHIVE' };
    expect(eventOf({ ...envelope, type: 'TASK_FINISHED', data: archive }).accountId).toBeUndefined();
  });

  it('is kept when its type is new, or its data absent or odd', () => {
    expect(eventOf({ ...envelope, type: 'MOON_LANDED' })).toMatchObject({ type: 'MOON_LANDED', data: {} });
    expect(eventOf({ ...envelope, type: 'X', data: { userId: 7, providers: 'abc' } })).toMatchObject({
      userId: undefined,
    });
  });

  it.each([
    ['not JSON', 'acme-1', 'The webhook is not JSON'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'The webhook is not JSON'],
    ['a list', [], 'The webhook is not an object'],
    ['without id', { ...envelope, id: undefined, type: 'X' }, 'The webhook has no usable id'],
    ['without type', envelope, 'The webhook has no usable type'],
    ['without a time', { ...envelope, type: 'X', createdAt: 'soon' }, 'The webhook has no usable createdAt'],
    ['with a time that no calculation stands', { ...envelope, type: 'X', createdAt: '+275760-09-13T00:00:00Z' }, 'The webhook has no usable createdAt'], // prettier-ignore
    ['with a list for data', { ...envelope, type: 'X', data: [] }, 'The webhook has no usable data'],
  ])('is refused when it is %s', (_what, body, message) => {
    expect(parseWebhook(Buffer.isBuffer(body) ? body : bytes(body))).toEqual({ ok: false, message });
  });
});

describe('the facts of an event about an account', () => {
  it.each([
    ['ACCOUNT_CREATED', 'PENDING'],
    ['ACCOUNT_CONNECTED', 'CONNECTED'],
    ['ACCOUNT_DISCONNECTED', 'DISCONNECTED'],
  ])('%s is %s', (type, status) => {
    expect(accountFact(eventOf({ ...envelope, type, data: about }))).toEqual({
      accountId: 'a-1',
      userId: 'acme-1',
      providerId: 'abccorp',
      status,
      at: '2021-04-14T09:30:24Z',
    });
  });

  it('a failure says why', () => {
    const data = { ...about, loginName: 'ryan', errorCode: 'INVALID_MFA', errorMessage: 'No' };
    expect(accountFact(eventOf({ ...envelope, type: 'ACCOUNT_FAILED', data }))).toMatchObject({
      status: 'ERROR',
      errorCode: 'INVALID_MFA',
    });
  });

  it.each(['TASK_FINISHED', 'toString', 'ACCOUNT_SYNC_TASK_FINISHED'])('%s says nothing', (type) => {
    expect(accountFact(eventOf({ ...envelope, type, data: about }))).toBeUndefined();
  });

  it('without an account it says nothing', () => {
    expect(accountFact(eventOf({ ...envelope, type: 'ACCOUNT_CREATED', data: { userId: 'acme-1' } }))).toBeUndefined();
  });
});
