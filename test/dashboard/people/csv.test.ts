import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../src/dashboard/people/csv/csv.ts';
import { downloadCsv } from '../../../src/dashboard/people/csv/download.ts';
import type { Database } from '../../../src/record/db/database.ts';
import { storeLinked } from '../../../src/record/accounts/account-data.ts';
import { countTurns } from '../../helpers/turns.ts';
import { later, NOW, temporaryDatabase } from '../../helpers/database.ts';
import { itLong } from '../../helpers/run/it-long.ts';
import { createClient, openClient } from '../../helpers/dashboard-client.ts';
import { heldBytes } from '../../helpers/heap.ts';
import { compiled, DRIVER, link, publish } from '../forms.ts';

const COMPARING = `${DRIVER.replace('require: none', 'require: none, retrieve: [identities, transactions]')}
match: { name: full_name }
`;

it('keeps the data of no account in memory while its reader waits', async () => {
  const db = await temporaryDatabase();
  const make = await publish(db, compiled(COMPARING));
  const items = Array.from({ length: 3_000 }, (_, n) => ({ id: `t-${n}`, date: '2026-11-01', currency: 'PHP', amount: n, description: `Trip ${n} to Quezon City` })); // prettier-ignore
  for (let n = 0; n < 21; n++) {
    const { id } = await make({ full_name: `Ana ${n}` });
    await link(db, id, { confirmed: true });
    await storeLinked(db, { accountId: `a-${id}`, submissionId: id }, [{ dataPoint: 'transactions', items }], NOW);
  }
  const waiting: object[] = [];
  const startReading = async () => {
    const reader = (await downloadCsv(db, 'driver', NOW))!.body!.getReader();
    // The names of the columns, and the first people.
    for (let part = 0; part < 2; part++) await reader.read();
    waiting.push(reader);
  };
  await startReading();
  const before = heldBytes();
  for (let n = 0; n < 3; n++) await startReading();
  expect(heldBytes() - before).toBeLessThan(5_000_000);
  expect(waiting).toHaveLength(4);
});

describe('a line of CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1+1', "'+1+1"],
    ['-1+1', "'-1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', '"\'\rx"'],
    ['\n=1+1', '"\'\n\'=1+1"'],
    ['x;=1+1', "x;'=1+1"],
    ['x; +1+1', "x; '+1+1"],
    ['x;-1', "x;'-1"],
    ['x\n@SUM(A1)', '"x\n\'@SUM(A1)"'],
    ['x; y=1', 'x; y=1'],
    ['x;"=1+1;y', '"x;""\'=1+1;y"'],
    ['x\n"=1+1', '"x\n""\'=1+1"'],
    ['x\t=1+1', "x\t'=1+1"],
    ['x\n+A1', '"x\n\'+A1"'],
    ['x\t-A1', "x\t'-A1"],
    ["x\n-2+3+cmd|' /C calc'!A0", `"x\n'-2+3+cmd|' /C calc'!A0"`],
    ['x\n+1+A1;y', '"x\n\'+1+A1;y"'],
    ['x\n+63 917 123 4567\n-5\n- milk', '"x\n+63 917 123 4567\n-5\n- milk"'],
    ['- one\n- two', '"\'- one\n- two"'],
    ['＝1+1', "'＝1+1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠SUM(A1)', "'＠SUM(A1)"],
    ['=HYPERLINK("http://evil.example","x")', '"\'=HYPERLINK(""http://evil.example"",""x"")"'],
    ['+63 917 123 4567', '+63 917 123 4567'],
    ['+639171234567', "'+639171234567"],
    ['+63 917 1+cmd', "'+63 917 1+cmd"],
    ['-12.5', '-12.5'],
    ['-', "'-"],
    ['محمد', 'محمد'],
  ])('writes %j as %j', (text, written) => {
    expect(csvLine([text, 'next'])).toBe(`${written},next\r\n`);
  });

  it('is written at once, however many empty lines an answer has', () => {
    const lines = '\n'.repeat(500_000);
    expect(csvLine([`a${lines}=1`])).toBe(`"a${lines}'=1"\r\n`);
  });
});

/** The rows of a download, by the names of its columns. Cells here hold no commas. */
async function rowsOf(db: Database, slug = 'driver'): Promise<Record<string, string>[]> {
  const response = await downloadCsv(db, slug, NOW);
  const [head = '', ...rows] = ((await response?.text()) ?? '').trimEnd().split('\r\n');
  const names = head.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, index) => [names[index] ?? '', cell])));
}

describe('the download of a form', () => {
  it('is a file for spreadsheets: named, UTF-8 with a byte order mark, lines ended by CR LF', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    await make({ full_name: 'محمد', email: 'm@mail.example' });
    const { serve, kept } = await openClient(db);
    const request = new Request('http://forms.example/admin/forms/driver/submissions.csv', { headers: kept });
    const response = await serve(request, '203.0.113.7');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="driver-2026-11-24.csv"');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(bytes.toString()).toContain('محمد,m@mail.example');
    expect(bytes.toString().endsWith('\r\n')).toBe(true);
  });

  it('has everything known of a submission, answers as people read them', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    const answers = { full_name: 'Ana', mobile: '+639171234567', city: 'cebu', status: '=1+1' };
    const params = { customer_id: '42', utm_source: 'facebook', utm_id: 'x1' };
    const { id } = await make(answers, { ending: 'done', params });
    await link(db, id, { confirmed: false });
    const [row] = await rowsOf(db);
    expect(row).toMatchObject({
      reference: expect.stringMatching(/^\w{3} \w{3} \w{2}$/),
      status: 'submitted',
      created_utc: '2026-11-24 10:00:00',
      submitted_utc: '2026-11-24 10:00:00',
      language: 'en',
      ending: 'done',
      outcome: 'completed',
      full_name: 'Ana',
      email: '',
      mobile: '+63 917 123 4567',
      city: 'Cebu City',
      answer_status: "'=1+1",
      customer_id: '42',
      utm_source: 'facebook',
      other_params: 'utm_id=x1',
      account_provider: 'metro',
      account_provider_name: 'metro',
      account_status: 'CONNECTED',
      account_confirmed: 'no',
      quarantined: 'no',
      submission_id: id,
    });
  });

  it('has no two columns of the same name, whatever the ids of the fields are', async () => {
    const db = await temporaryDatabase();
    const ids = ['status', 'answer_status', 'pay_currency', 'currency_of_pay', 'utm_source', 'param_utm_source', 'other_params', 'match_name', 'linked_name']; // prettier-ignore
    const make = await publish(
      db,
      compiled(`
title: Become a driver
params: [link, param_link]
screens:
  - id: about
    title: About
    fields:
${ids.map((id) => `      - { id: ${id}, type: text, label: A }`).join('\n')}
      - { id: pay, type: money, currency: PHP, label: Pay }
  - { id: connect, title: Connect, wink: { require: any, retrieve: [identities] } }
match: { name: status }
endings: [{ id: done, title: Done }]
`),
    );
    await make(
      { ...Object.fromEntries(ids.map((id) => [id, `own ${id}`])), pay: 5 },
      { params: { link: 'in address' } },
    );
    const text = (await (await downloadCsv(db, 'driver', NOW))?.text()) ?? '';
    const names = text.split('\r\n')[0]?.split(',') ?? [];
    expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
    const [row = {}] = await rowsOf(db);
    expect(row).toMatchObject({ status: 'draft', link: '', param_link: 'in address', match_name: 'unknown' });
    const values = Object.values(row);
    for (const id of ids) expect(values, id).toContain(`own ${id}`);
  });

  it('writes numbers for adding up, and amounts with their currency beside them', async () => {
    const db = await temporaryDatabase();
    const paid = (currency: string) =>
      compiled(`
title: Become a driver
screens: [{ id: about, title: About, fields: [{ id: pay, type: money, currency: ${currency}, label: Pay }, { id: trips, type: number, label: Trips }] }]
endings: [{ id: done, title: Done }]
`);
    await (
      await publish(db, paid('MXN'))
    )({ pay: 1234567.5, trips: 2500 });
    const make = await publish(db, paid('PHP'), later(60));
    await make({ pay: 0.05 }, { now: later(61) });
    await make({ trips: 0 }, { now: later(62) });
    expect((await rowsOf(db)).map(({ pay, pay_currency, trips }) => [pay, pay_currency, trips])).toEqual([
      ['', '', '0'],
      ['0.05', 'PHP', ''],
      ['1234567.5', 'MXN', '2500'],
    ]);
  });

  it('writes dates as they are stored, and the linked values with the result of the comparison', async () => {
    const db = await temporaryDatabase();
    const form = compiled(`
title: Become a driver
match: { name: full_name, monthly_income: { field: pay, within: 10 } }
screens:
  - id: about
    title: About
    fields:
      - { id: full_name, type: text, label: Name }
      - { id: pay, type: money, currency: PHP, label: Pay, sensitive: true }
      - { id: start, type: date, label: Start }
  - { id: connect, title: Connect, wink: { require: none, retrieve: [identities, incomes] } }
endings: [{ id: done, title: Done }]
`);
    const make = await publish(db, form);
    const { id } = await make({ full_name: 'Ana Ruiz', pay: 25000, start: '2026-12-01' });
    await make({ full_name: 'Ben' }, { now: later(60) });
    await link(db, id, { confirmed: true });
    await storeLinked(db, { accountId: `a-${id}`, submissionId: id }, [
      { dataPoint: 'identities', items: [{ fullName: 'Ana Ruiz' }] },
      { dataPoint: 'incomes', items: [{ startDate: '2026-10-01', currency: 'PHP', netAmount: 7820.25, payFrequency: 'Monthly' }] },
    ], NOW); // prettier-ignore
    const [ben, ana] = await rowsOf(db);
    expect(ana).toMatchObject({
      start: '2026-12-01',
      pay: '•••',
      match_name: 'agrees',
      linked_name: 'Ana Ruiz',
      match_monthly_income: 'differs',
      linked_monthly_income: '7820.25',
      linked_monthly_income_currency: 'PHP',
    });
    expect(ben).toMatchObject({ start: '', match_name: 'unknown', linked_name: '', linked_monthly_income: '' });
  });

  it('keeps the column of a field that has left the form, and shows answers by the version they were given in', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    await make({ full_name: 'Ana', city: 'davao' });
    const renamed = compiled(`
title: Become a driver
screens: [{ id: about, title: About, fields: [{ id: full_name, type: text, label: Name }, { id: plate, type: text, label: Plate }] }]
endings: [{ id: done, title: Done }]
`);
    const makeNew = await publish(db, renamed, later(60));
    await makeNew({ full_name: 'Ben', plate: 'ABC 1' }, { now: later(61) });
    const [ben, ana] = await rowsOf(db);
    expect(ben).toMatchObject({ full_name: 'Ben', plate: 'ABC 1', city: '' });
    expect(ana).toMatchObject({ full_name: 'Ana', plate: '', city: 'Davao' });
  });

  it('hides a field that any version marks as private, and the page names it once the form no longer marks it', async () => {
    const db = await temporaryDatabase();
    const taxed = (mark: string, label = 'Tax number') =>
      compiled(`title: Become a driver
screens: [{ id: about, title: About, fields: [{ id: tax, type: text, label: ${label}${mark} }, { id: city, type: text, label: City }] }]
endings: [{ id: done, title: Done }]
`);
    const { ask } = await openClient(db);
    const page = async () => (await ask('/admin/forms/driver/people')).text.replaceAll(/\s+/g, ' ');
    const make = await publish(db, taxed(', sensitive: true'));
    await make({ tax: 'T-1', city: 'Cebu' });
    expect(await page()).not.toContain('The CSV file hides');
    const makeNow = await publish(db, taxed('', 'Tax & number'), later(60));
    await makeNow({ tax: 'T-2', city: 'Davao' }, { now: later(61) });
    expect((await rowsOf(db)).map(({ tax, city }) => [tax, city])).toEqual([['•••', 'Davao'], ['•••', 'Cebu']]); // prettier-ignore
    expect(await page()).toContain('The CSV file hides the answers to “Tax &amp; number”, because an earlier version');
    expect(await page()).toContain('“Download private answers” has them.');
    await publish(db, taxed(', sensitive: true', 'Tax id'), later(120));
    expect(await page()).not.toContain('The CSV file hides');
  });

  it('lets others be answered while it is written', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    for (let index = 0; index < 50; index++) await make({ full_name: `Person ${index}` }, { now: later(index) });
    const { turns } = await countTurns(async () => (await downloadCsv(db, 'driver', NOW))?.text());
    expect(turns).toBeGreaterThanOrEqual(5);
  });

  it('lets others be answered as often while many are written at once', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    for (let index = 0; index < 20; index++) await make({ full_name: `Person ${index}` }, { now: later(index) });
    const { result, turns } = await countTurns(() => Promise.all(Array.from({ length: 10 }, () => rowsOf(db))));
    expect(result.map((rows) => rows.length)).toEqual(Array<number>(10).fill(20));
    expect(turns).toBeGreaterThanOrEqual(20);
  });

  itLong('holds thousands of submissions, each once, and comes in parts', async () => {
    const db = await temporaryDatabase();
    const make = await publish(db);
    await db.transaction(async (trx) => {
      const inside = await publish(trx);
      for (let index = 0; index < 3000; index++) await inside({ full_name: `Person ${index}` }, { now: later(index) });
    });
    await make({ full_name: 'Last' }, { now: later(4000) });
    const response = await downloadCsv(db, 'driver', NOW);
    let parts = 0;
    let text = '';
    const decoder = new TextDecoder();
    for await (const part of response?.body ?? []) {
      parts++;
      text += decoder.decode(part, { stream: true });
    }
    const ids = text
      .trimEnd()
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(',').at(-1));
    expect(new Set(ids).size).toBe(3001);
    expect(ids).toHaveLength(3001);
    expect(parts).toBeGreaterThan(10);
  });

  it.each(['GET', 'POST'])('breaks off by %s where its member was removed while it is read', async (method) => {
    const db = await temporaryDatabase();
    await db.transaction(async (trx) => {
      const inside = await publish(trx);
      for (let index = 0; index < 1_000; index++) await inside({ full_name: `Person ${index}` }, { now: later(index) });
    });
    const { serve, kept } = await openClient(db);
    const headers = { cookie: kept.cookie, origin: 'http://forms.example', 'content-type': 'application/x-www-form-urlencoded' }; // prettier-ignore
    const path = 'http://forms.example/admin/forms/driver/submissions.csv';
    const response = await serve(new Request(path, { method, headers }), '203.0.113.7');
    expect(response.status).toBe(200);
    const reader = response.body!.getReader();
    await reader.read();
    await db.query.deleteFrom('sessions').execute();
    let parts = 0;
    const readOn = async () => {
      while (!(await reader.read()).done) parts++;
    };
    await expect(readOn()).rejects.toThrow('may no longer read it');
    expect(parts).toBeLessThanOrEqual(2);
  });

  it('is a page with the error where no people can be read', async () => {
    const db = await temporaryDatabase();
    await (
      await publish(db)
    )({ full_name: 'Ana' });
    const { serve, kept } = await openClient(db);
    await sql`alter table submissions rename to away`.execute(db.query);
    const request = new Request('http://forms.example/admin/forms/driver/submissions.csv', { headers: kept });
    const response = await serve(request, '203.0.113.7');
    expect([response.status, response.headers.get('content-type')]).toEqual([
      500,
      expect.stringContaining('text/html'),
    ]);
    expect(await response.text()).toContain('Something went wrong');
  });

  it('is there for a form without submissions, and only for members', async () => {
    const db = await temporaryDatabase();
    await publish(db);
    expect(await rowsOf(db)).toEqual([]);
    await openClient(db);
    const { ask } = await createClient(db);
    expect((await ask('/admin/forms/driver/submissions.csv')).status).toBe(303);
  });
});
