/** A file that a member chooses on the page of a new form: imported with its report, or refused with what to do. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/record/db/database.ts';
import { findDraft, saveDraft } from '../../../src/record/forms/drafts.ts';
import { NOW, temporaryDatabase } from '../../helpers/database.ts';
import { openClient, type Answer } from '../../helpers/dashboard-client.ts';

const SURVEY = JSON.stringify({
  title: 'Riders',
  elements: [
    { type: 'text', name: 'plate', title: 'Plate' },
    { type: 'matrix', name: 'apps', title: 'Rate <each> app\n- all: of them' },
  ],
});

let db: Database;
let client: Awaited<ReturnType<typeof openClient>>;
beforeEach(async () => {
  db = await temporaryDatabase();
  client = await openClient(db);
});

/** Posts the page with this file, as a browser does. */
async function upload(bytes: Uint8Array<ArrayBuffer> | string): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ title: 'Riders', slug: 'riders', start: 'text', text: '' })) form.set(name, value); // prettier-ignore
  form.set('file', new File([bytes], 'survey.json'));
  const { headers, body } = new Response(form);
  const sent = { origin: 'http://forms.example', 'content-type': headers.get('content-type') ?? '' };
  return client.ask('/admin/forms/new', { method: 'POST', body: await new Response(body).bytes(), headers: sent });
}

const utf16 = (text: string, isBigEndian: boolean): Uint8Array<ArrayBuffer> => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return new Uint8Array(isBigEndian ? bytes.swap16() : bytes);
};

describe('the report of an import', () => {
  it('has an address of its own, which can be loaded again, until a member deletes its list from the text', async () => {
    const made = await upload(SURVEY);
    expect([made.status, made.location]).toEqual([303, '/admin/forms/riders/imported']);
    for (let loads = 0; loads < 2; loads++) {
      const { status, text } = await client.ask('/admin/forms/riders/imported');
      expect(status).toBe(200);
      expect(text).toContain('Imported from SurveyJS. 1 question was carried over. 1 question was left out.');
      expect(text).toContain('Rate app - all: of them');
      expect(text).toContain('Flipsite has no table of questions.');
    }
    const draft = await findDraft(db, 'riders');
    expect(draft?.text).toMatch(
      /^# Imported from SurveyJS\. .*\n# - “Rate app - all: of them” was left out\. .*\ntitle: Riders\n/,
    );

    const text = draft!.text.replace(/^# .*\n/gm, '');
    await saveDraft(db, { form: 'riders', text, title: 'Riders' }, 1, NOW);
    expect((await client.ask('/admin/forms/riders/imported')).location).toBe('/admin/forms/riders/edit');
    expect((await client.ask('/admin/forms/missing/imported')).location).toBe('/admin/forms/missing/edit');
  });

  it('is not shown where all was carried over', async () => {
    const made = await upload(JSON.stringify({ elements: [{ type: 'text', name: 'plate' }] }));
    expect(made.location).toBe('/admin/forms/riders/edit');
  });
});

describe('a file', () => {
  it.each([
    ['little', false],
    ['big', true],
  ])('in UTF-16 of %s endian is read as it is meant', async (_, isBigEndian) => {
    expect((await upload(utf16(SURVEY.replace('Plate', 'Número'), isBigEndian))).status).toBe(303);
    expect((await findDraft(db, 'riders'))?.text).toContain('label: Número');
  });

  it.each([
    [
      'that is a picture',
      Buffer.from('89504e470d0a1a0a0000000d49484452ff', 'hex'),
      422,
      'This file is not a text. Choose the YAML or JSON file of a form.',
    ],
    ['that is empty', Buffer.alloc(0), 422, 'Choose a file that is not empty'],
    ['of 6 MB', Buffer.alloc(6_000_000, 'x'), 413, 'This is too large'],
  ])('%s is refused with a remedy, and makes no form', async (_, bytes, status, sentence) => {
    const refused = await upload(new Uint8Array(bytes));
    expect(refused.status).toBe(status);
    expect(refused.text).toContain(sentence);
    expect(await findDraft(db, 'riders')).toBeUndefined();
  });
});
