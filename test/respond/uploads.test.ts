/**
 * Documents that people upload instead of connecting an account: confirmed once Smile has them, found without a report,
 * stored if the form asks for it.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DRIVER, expectRefusal, type Draft } from '../helpers/api/client.ts';
import { signedIn, wordsOf } from '../helpers/visitor.ts';
import { HOUR, MINUTE, openSilentSmile, type SilentSmile } from './silent-smile.ts';

const FORM = DRIVER.replace('wink: { require: connected }', 'wink: { require: uploaded, retrieve: [incomes, archives] }'); // prettier-ignore

let silent: SilentSmile;
let draft: Draft;
let userId: string;
async function open(webhooks = false): Promise<void> {
  silent = await openSilentSmile({ forms: { driver: FORM }, webhooks });
  ({ draft, userId } = await silent.open());
}
afterEach(() => silent.close());

/** Uploads a document to Smile, as the widget does, without a report to the site. */
async function upload(of = userId, file?: string): Promise<string> {
  const payslip = Buffer.from(await (await fetch(`${silent.smile.origin}/__local/payslip.pdf`)).arrayBuffer());
  const rawFiles = [{ fileExtensionType: 'PDF', fileContent: (file ? Buffer.from(file) : payslip).toString('base64'), fileName: 'october.pdf' }]; // prettier-ignore
  const { body } = await silent.smile.call('POST', '/v1/archives', { userId: of, fileType: 'PAYSLIP', rawFiles });
  const { id } = body.data as { id: string };
  while ((await silent.smile.call('GET', `/v1/archives/${id}`)).body.data.state.status === 'STARTED') await new Promise((go) => setTimeout(go, 10)); // prettier-ignore
  return id;
}
const claim = (name: string, ids: string[], more: object = {}) =>
  draft.tell(name, { screen: 'connect', userId, uploads: ids.map((id) => ({ id, fileType: 'PAYSLIP' })), ...more });
const takeBack = (id: string) => silent.smile.call('DELETE', `/v1/archives/${id}`);
const checks = async () =>
  (await silent.submissionOf(draft)).events.flatMap(({ name, data }: { name: string; data: unknown }) =>
    name === 'uploadsChecked' ? [data] : [],
  );
const page = async () =>
  wordsOf((await (await signedIn(silent.site, new Date(silent.now())))(`/admin/forms/driver/people/${draft.id}`)).text);
const leaves = async () => (await draft.put('connect', {})).status;

describe('with the answers of Smile', () => {
  beforeEach(() => open());

  it('a document that the page never reported counts, as soon as the person continues', async () => {
    await upload();
    expect(await leaves()).toBe(200);
    expect(await checks()).toMatchObject([{ screen: 'connect', widget: 0, untold: true, uploads: [{ type: 'PAYSLIP', status: 'ANALYZED' }] }]); // prettier-ignore
  });

  it('a document that only the page reports does not count, and can still be given', async () => {
    await claim('onUploadsCreated', ['archive-made-up']);
    expectRefusal(await draft.put('connect', {}), 422, 'wink_required');
    expect(await checks()).toEqual([{ screen: 'connect', widget: 0, uploads: [] }]);
    await claim('onUploadsCreated', [await upload()]);
    expect(await leaves()).toBe(200);
  });

  it.each([
    ['in a shape that nobody has documented', { many: 3 }],
    ['without an id', [{}]],
  ])('nor does one of which the report says %s', async (_what, uploads) => {
    await claim('onUploadsCreated', [], { uploads });
    expectRefusal(await draft.put('connect', {}), 422, 'wink_required');
    await upload();
    await claim('onUploadsCreated', [], { uploads });
    expect(await leaves()).toBe(200);
  });

  it('nor does one of another person, nor a report of the page under the name of this server', async () => {
    const stranger = await silent.smile.newUser();
    const id = await upload(stranger.userId);
    await claim('onUploadsCreated', [id]);
    await draft.tell('uploadsChecked', { screen: 'connect', widget: 0, uploads: [{ id, status: 'ANALYZED' }] });
    expectRefusal(await draft.put('connect', {}), 422, 'wink_required');
  });

  it('the names of the files of a document are not stored, because they can reveal its content', async () => {
    const uploads = [{ id: 'a-1', fileType: 'PAYSLIP', name: 'hiv.pdf', rawFiles: [{ id: 'f-1', name: 'hiv-test.pdf' }] }]; // prettier-ignore
    for (const list of [uploads, uploads[0]]) await claim('onUploadsCreated', [], { uploads: list });
    const { events } = await silent.submissionOf(draft);
    const told = events.filter(({ name }: { name: string }) => name === 'onUploadsCreated');
    expect(told.map(({ data }: { data: { uploads: unknown } }) => data.uploads)).toEqual([
      [{ id: 'a-1', fileType: 'PAYSLIP' }],
      { id: 'a-1', fileType: 'PAYSLIP' },
    ]);
  });

  it('a removed document counts no more, after any report', async () => {
    const id = await upload();
    await claim('onUploadsCreated', [id]);
    expect(await leaves()).toBe(200);
    await takeBack(id);
    await silent.pass(HOUR, 5 * MINUTE);
    expectRefusal(await draft.post('submit'), 422, 'incomplete');
  });

  it('while Smile is down the claim lets the person go on, and is looked at again', async () => {
    await claim('onUploadsCreated', [await upload()]);
    await silent.smile.call('PATCH', '/__local/settings', { fault: { path: '/v1/archives', status: 503 } });
    expect(await leaves()).toBe(200);
    expect(await checks()).toEqual([]);
    await silent.smile.call('PATCH', '/__local/settings', { fault: null });
    await silent.pass(HOUR, 5 * MINUTE);
    expect(await checks()).toHaveLength(1);
  });

  it('a site that may not request documents accepts the reports of the widget', async () => {
    await silent.smile.call('PATCH', '/__local/settings', {
      fault: { path: '/v1/archives', method: 'GET', status: 403 },
    });
    await claim('onUploadsCreated', ['archive-1']);
    expect(await leaves()).toBe(200);
    await silent.pass(HOUR, 5 * MINUTE);
    expect(await checks()).toEqual([]);
  });
});

describe('the stored data', () => {
  it('is found when the tab was closed and every webhook was lost, once, and shown as people read it', async () => {
    await open();
    await upload();
    await silent.pass(HOUR, 5 * MINUTE);
    expect(await checks()).toHaveLength(1);
    const text = await page();
    expect(text).toMatch(/Uploaded documents Payslip Read On “Connect”/);
    expect(text).toContain('Net ₱7,820.25');
    expect(text).toContain('Employee George Cimafranca Palomero, Jr');
    expect(text).toContain('Files october.pdf');
    expect((await silent.submissionOf(draft)).documents).toMatchObject([{ type: 'PAYSLIP', status: 'ANALYZED', content: { extraction: { analysis: { netAmount: 7820.25 } } } }]); // prettier-ignore
    expect(text).toMatch(/Smile was asked about the documents [^]*? Payslip: read\. Neither the browser nor a webhook reported it/); // prettier-ignore
    const sealed = JSON.stringify(await silent.site.db.query.selectFrom('archives').selectAll().execute());
    expect(sealed).not.toMatch(/7820|Palomero|october/);
  });

  it('are there within seconds of the webhook, and the claim is confirmed', async () => {
    await open(true);
    await claim('onUploadsCreated', [await upload()]);
    while (!(await checks()).length) await silent.pass(1_000);
    expect(await page()).toMatch(/Documents sent [^]*? Claimed by the browser Confirmed by Smile/);
  });

  it('is why it could not be read, where it could not', async () => {
    await open();
    await upload(userId, 'a picture of a cat');
    await silent.pass(HOUR, 5 * MINUTE);
    expect(await page()).toMatch(/Payslip Could not be read A required part of the document is missing\./);
    expect(await leaves()).toBe(200);
  });

  it('goes when the person takes the document back, and a line stays', async () => {
    await open(true);
    const id = await upload();
    while (!(await checks()).length) await silent.pass(1_000);
    await takeBack(id);
    while ((await checks()).length < 2) await silent.pass(1_000);
    const text = await page();
    expect(text).toMatch(/Payslip Taken back On “Connect” Its data was deleted because the document was taken back/); // prettier-ignore
    expect(text).not.toContain('7,820');
    expect(await silent.site.db.query.selectFrom('archives').select('sealed').execute()).toEqual([{ sealed: null }]);
  });

  it('goes with a submission that is erased, and is taken back at Smile', async () => {
    await open();
    const id = await upload();
    await silent.pass(10 * MINUTE, MINUTE);
    const ask = await signedIn(silent.site, new Date(silent.now()));
    await ask(`/admin/forms/driver/people/${draft.id}/erase`, {});
    await silent.settle();
    expect(await silent.site.db.query.selectFrom('archives').select('archive_id').execute()).toEqual([]);
    expect((await silent.smile.call('GET', `/v1/archives/${id}`)).body.data.state.status).toBe('REVOKED');
  });
});
