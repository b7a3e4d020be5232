import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startReceiver, type Receiver } from './receiver.ts';
import { eventually, type RunningSmile, startSmile } from './smile.ts';

let smile: RunningSmile;
let receiver: Receiver;
let payslip: string;

beforeAll(async () => {
  smile = await startSmile();
  const sample = await fetch(`${smile.origin}/__local/payslip.pdf`);
  payslip = Buffer.from(await sample.arrayBuffer()).toString('base64');
});
afterAll(() => smile.stop());
beforeEach(async () => {
  await smile.call('POST', '/__local/reset');
  receiver = await startReceiver();
  const hook = { name: 'Ours', url: receiver.url, eventTypes: ['ALL_EVENTS'], active: true, secret: 's' };
  await smile.call('POST', '/v1/webhooks', hook);
});
afterEach(() => receiver.stop());

const get = async (path: string) => (await smile.call('GET', `/v1${path}`)).body.data;
const pdf = (fileContent: string) => ({ fileExtensionType: 'PDF', fileContent });

async function send(body: object, path = '/archives') {
  const { status, body: answer } = await smile.call('POST', `/v1${path}`, body);
  return { status, code: answer.code as string, archive: answer.data };
}

async function whenDone(id: string) {
  return eventually(async () => {
    const archive = await get(`/archives/${id}`);
    return archive.state.status === 'STARTED' ? undefined : archive;
  });
}

describe('an archive', () => {
  it('that is the sample payslip is read, and its facts can be requested', async () => {
    const { userId } = await smile.newUser();
    const { archive } = await send({ userId, fileType: 'PAYSLIP', rawFiles: [pdf(payslip)] });
    expect(archive).toMatchObject({
      id: expect.stringMatching(/^archive-/),
      providerId: 'tenant-provided',
      type: 'PAYSLIP',
      state: { status: 'STARTED' },
      rawFiles: [{ name: 'file.pdf', format: 'PDF', size: 2 }],
      classification: null,
      analysis: null,
    });
    const done = await whenDone(archive.id);
    expect(done.extraction).toEqual({ fileType: 'PAYSLIP', analysis: done.analysis });
    expect(done.validation.identity).toMatchObject({ resultCode: 'PASSED', score: 100 });
    await receiver.event('ARCHIVE_ANALYZED');
    expect(receiver.types().slice(1)).toEqual(['ARCHIVE_STARTED', 'ARCHIVE_ANALYZED']);
    const metadata = { sourceId: archive.id, sourceType: 'ARCHIVE', userId, providerId: 'tenant-provided' };
    expect((await get(`/incomes?sourceId=${archive.id}`)).items).toMatchObject([{ netAmount: 7820.25, metadata }]);
    expect((await get(`/tasks?sourceId=${archive.id}`)).items).toMatchObject([
      { type: 'ANALYZE_ARCHIVE', status: 'Finished', datapoints: ['IDENTITIES', 'INCOMES'] },
    ]);
    expect((await get(`/users/${userId}/payload`)).archives).toMatchObject([
      { id: archive.id, fileType: 'payslip', payload: { incomes: { items: [{ netAmount: 7820.25 }] } } },
    ]);
  });

  it('that is anything else ends in an error', async () => {
    const { archive } = await send({ fileType: 'PAYSLIP', rawFiles: [pdf(btoa('a cat'))] });
    expect((await whenDone(archive.id)).state).toMatchObject({ status: 'ERROR', errorCode: 'MISSING_MANDATORY_FIELD' });
    expect((await receiver.event('ARCHIVE_FAILED')).data).toMatchObject({
      archiveId: archive.id,
      errorCode: 'FILE_UNABLE_TO_RECOGNIZE',
    });
    const asTax = await send({ fileType: 'TAX_DOCUMENT', rawFiles: [pdf(payslip)] });
    expect((await whenDone(asTax.archive.id)).state.status).toBe('ERROR');
  });

  it('without a user is given one', async () => {
    const { archive } = await send({ fileType: 'OTHERS', rawFiles: [pdf(btoa('x'))] });
    expect((await receiver.event('USER_CREATED')).data.userId).toBe(archive.userId);
    expect((await get(`/users/${archive.userId}`)).id).toBe(archive.userId);
  });

  it('can be classified alone', async () => {
    const { archive } = await send({ rawFiles: [pdf(payslip)] }, '/archives/classify');
    const done = await whenDone(archive.id);
    expect(done).toMatchObject({ type: null, classification: { fileType: 'PAYSLIP' }, analysis: null });
    expect((await get(`/incomes?sourceId=${archive.id}`)).items).toEqual([]);
  });

  it('is revoked with its files and its data, once', async () => {
    const { archive } = await send({ fileType: 'PAYSLIP', rawFiles: [pdf(payslip)] });
    const file = await fetch(archive.rawFiles[0].url);
    expect(file.headers.get('content-type')).toBe('application/pdf');
    expect(file.headers.get('content-disposition')).toBe('attachment');
    expect(Buffer.from(await file.arrayBuffer()).toString('base64')).toBe(payslip);
    await whenDone(archive.id);

    expect((await smile.call('DELETE', `/v1/archives/${archive.id}`)).status).toBe(200);
    expect((await receiver.event('ARCHIVE_REVOKED')).data.archiveId).toBe(archive.id);
    expect((await get(`/archives/${archive.id}`)).state.status).toBe('REVOKED');
    expect((await get(`/incomes?sourceId=${archive.id}`)).items).toEqual([]);
    expect((await fetch(archive.rawFiles[0].url)).status).toBe(404);
    expect((await smile.call('DELETE', `/v1/archives/${archive.id}`)).status).toBe(404);
  });

  it.each([
    ['no file', { fileType: 'PAYSLIP', rawFiles: [] }, 400],
    ['something that is not base64', { fileType: 'PAYSLIP', rawFiles: [pdf('?')] }, 400],
    ['a kind of file nobody takes', { rawFiles: [{ fileExtensionType: 'DOC', fileContent: 'AAAA' }] }, 400],
    ['a kind of document nobody takes', { fileType: 'SOCIAL_SECURITY', rawFiles: [pdf('AAAA')] }, 400],
    ['a user nobody knows', { userId: 'local-0', rawFiles: [pdf('AAAA')] }, 404],
    ['more than 15 MB', { rawFiles: [pdf(Buffer.alloc(15 * 1024 * 1024 + 1).toString('base64'))] }, 400],
  ])('is refused with %s', async (_what, body, status) => {
    expect((await send(body)).status).toBe(status);
    expect(receiver.types()).toEqual([]);
  });

  it('is listed by user, kind and day, and as an upload without its facts', async () => {
    const { userId } = await smile.newUser();
    const { archive } = await send({ userId, fileType: 'PAYSLIP', rawFiles: [pdf(payslip)] });
    await send({ userId, fileType: 'OTHERS', rawFiles: [pdf(payslip)] });
    await send({ fileType: 'PAYSLIP', rawFiles: [pdf(payslip)] });
    const ids = async (query: string) =>
      (await get(`/archives?${query}`)).items.map(({ id }: { id: string }) => id) as string[];
    expect(await ids(`userId=${userId}&fileType=PAYSLIP`)).toEqual([archive.id]);
    expect(await ids('endDate=2020-01-01')).toEqual([]);
    expect(await ids('')).toHaveLength(3);
    expect(await get(`/uploads/${archive.id}`)).not.toHaveProperty('analysis');
  });
});

describe('an export', () => {
  it.each(['PDF', 'CSV'])('as %s can be downloaded and checked, until the account is revoked', async (type) => {
    const { userId } = await smile.newUser();
    const login = { userId, providerId: 'abccorp', userName: 'George', password: '123456' };
    const { accountId } = (await smile.call('POST', '/__local/accounts', login)).body;
    await receiver.event('TASK_FINISHED');
    const path = `/v1/accounts/${accountId}/exports/generate`;
    const { data } = (await smile.call('POST', path, { exportExtensionType: type })).body;
    const bytes = Buffer.from(await (await fetch(data.downloadUrl)).arrayBuffer());
    expect(createHash('md5').update(bytes).digest('hex')).toBe(data.md5);
    expect(bytes.toString('latin1')).toContain('George Cimafranca Palomero, Jr');
    await smile.call('DELETE', `/v1/accounts/${accountId}`);
    expect((await fetch(data.downloadUrl)).status).toBe(404);
    expect((await smile.call('POST', path, { exportExtensionType: type })).status).toBe(404);
  });
});

describe('the payload of an account', () => {
  it('has plain lists, and nothing that the provider does not have', async () => {
    const { userId } = await smile.newUser();
    const login = { userId, providerId: 'grab', userName: 'Ryan', password: '654321' };
    const { accountId } = (await smile.call('POST', '/__local/accounts', login)).body;
    await receiver.event('TASK_FINISHED');
    const payload = await get(`/accounts/${accountId}/payload`);
    expect(Object.keys(payload).sort()).toEqual(
      ['eincomes', 'identity', 'insight', 'links', 'metadata', 'rating', 'transactions'].sort(),
    );
    expect(payload.transactions).toHaveLength(26);
    expect(payload.metadata).toEqual({ sourceId: accountId, sourceType: 'ACCOUNT', userId, providerId: 'grab' });
  });
});

it('prints nothing about a file whose name is in an unknown character set', async () => {
  const printed = vi.spyOn(console, 'warn');
  const authorization = `Bearer ${(await smile.newUser()).accessToken}`;
  const body = `--b\r\nContent-Disposition: form-data; name="MAIN"; filename*=nothing''a.pdf\r\n\r\na\r\n--b--\r\n`;
  const headers = { authorization, 'content-type': 'multipart/form-data; boundary=b' };
  const said = await fetch(`${smile.origin}/v1/link/archives`, { method: 'POST', headers, body });
  expect([said.status, printed.mock.calls]).toEqual([400, []]);
  printed.mockRestore();
});
