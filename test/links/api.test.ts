/** The API for campaign links. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, expectRefusal, send } from '../helpers/api/client.ts';
import { API_KEY, removeFolder, type TestSite } from '../helpers/site.ts';
import { CAMPAIGNS, go, openCampaigns } from './links-site.ts';

let site: TestSite;
beforeAll(async () => void (site = await openCampaigns()));
afterAll(async () => {
  await site.close();
  removeFolder(site.folder);
});

const call = (method: string, path: string, body?: unknown, headers = {}) =>
  send(site, method, `/api/forms/${path}`, body, { authorization: `Bearer ${API_KEY}`, ...headers });

type Item = { id: string; madeIn: string; state: string; clicks: { person: number } };

it('a program makes, changes, closes and reads links, which work at once', async () => {
  const { status, body } = await call('POST', 'drive/links', { name: 'Branch Cebu', params: { city: 'Cebu' } });
  expect([status, body.id, body.path, body.state]).toEqual([201, 'branch-cebu', '/go/branch-cebu', 'open']);
  const leadsTo = async () => (await go(site, body.path)).headers.get('location');
  expect(await leadsTo()).toBe('/drive?link=branch-cebu&city=Cebu');
  await call('PATCH', 'drive/links/branch-cebu', { language: 'es', params: null });
  await call('PATCH', 'drive/links/branch-cebu', { place: 'print' });
  expect((await call('PATCH', 'drive/links/branch-cebu', { place: null })).body.place).toBe('');
  expect(await leadsTo()).toBe('/drive/es?link=branch-cebu');
  expect((await call('DELETE', 'drive/links/branch-cebu')).status).toBe(204);
  expect([(await go(site, body.path)).status, (await call('DELETE', 'drive/links/branch-cebu')).status]).toEqual([410, 204]); // prettier-ignore
  await call('PATCH', 'drive/links/branch-cebu', { closed: false });
  expect(await leadsTo()).toBe('/drive/es?link=branch-cebu');
  await site.clicks.flush();
  const { items } = (await call('GET', 'drive/links')).body;
  expect(items.map(({ id, madeIn, state, clicks }: Item) => [id, madeIn, state, clicks.person]))
    .toEqual([['fb-nov', 'text', 'open', 0], ['es-sms', 'text', 'open', 0], ['old', 'text', 'closed', 0], ['few', 'text', 'open', 0], ['branch-cebu', 'share', 'open', 1]]); // prettier-ignore
});

it('a closed link shows no ending that names answers since a later version of the form', async () => {
  const own = await openCampaigns();
  const headers = { authorization: `Bearer ${API_KEY}` };
  await send(own, 'POST', '/api/forms/drive/links', { id: 'fair', ending: 'late', max: 5 }, headers);
  await send(own, 'DELETE', '/api/forms/drive/links/fair', undefined, headers);
  expect((await go(own, '/go/fair')).text).toContain('We have enough drivers');
  const text = CAMPAIGNS.replace(', ending: late', '')
    .replace('Come back soon', '"Come back soon, {full_name}"')
    .replace('endings:', '    next: [{ when: { city: Cebu }, go: late }, { go: done }]\nendings:');
  writeFileSync(path.join(own.formsDir, 'drive.yaml'), text);
  await eventually(async () => JSON.stringify(own.catalog.current('drive')?.form.endings).includes('{full_name}'));
  const { status, text: page } = await go(own, '/go/fair');
  expect([status, page.includes('{full_name}'), page.includes('This link is closed')]).toEqual([410, false, true]);
  await own.close();
  removeFolder(own.folder);
});

it('a program gets a sentence for each key of a link that is wrong', async () => {
  const wrong = await call('POST', 'drive/links', { id: 'fb-nov', params: { city: 'Rome' } });
  expectRefusal(wrong, 422, 'invalid_link');
  expect(wrong.body.error.fields).toEqual({
    'params.city': 'The link cannot fill in city: Choose one of the answers that are offered. Write a possible answer (Manila, Cebu).', // prettier-ignore
    id: 'The id fb-nov is already used. Write another one, like fb-nov-2.',
  });
  const values = { name: 'x'.repeat(101), language: 'English', max: '5', params: { city: {} }, utm: { from: 'x' } };
  expect((await call('POST', 'drive/links', values)).body.error.fields).toEqual({
    name: 'This has more than 100 characters. Write at most 100 characters.',
    language: 'This cannot be "English". Write en. Possible values: en, es.',
    max: 'This is not a whole number. Write a number like 500.',
    'params.city': 'This is a map, not text.',
    utm: 'There is no key "from" here.',
  });
  const names = await call('POST', 'drive/links', { name: { toString: 'x' }, max: { toString: 'x' } });
  expectRefusal(names, 422, 'invalid_link');
  expectRefusal(await call('POST', 'drive/links', { name: 'X', url: 'https://evil.example' }), 400, 'invalid_request');
  expectRefusal(await call('PATCH', 'drive/links/es-sms', { max: 5 }), 409, 'link_in_text');
  expectRefusal(await call('DELETE', 'other/links/branch-cebu'), 404, 'unknown_link');
  expectRefusal(await call('POST', 'nothing/links', { name: 'X' }), 404, 'unknown_form');
  expectRefusal(await call('GET', 'nothing/links'), 404, 'unknown_form');
});

it('a program that sends the same Idempotency-Key again gets the link that it made, also at once', async () => {
  const make = (body: object, key = 'radio-1') => call('POST', 'drive/links', body, { 'idempotency-key': key });
  const radio = { name: 'Radio', place: 'print' };
  const answers = await Promise.all(Array.from({ length: 5 }, () => make(radio)));
  answers.push(await make({ place: 'print', name: 'Radio' }));
  expect(answers.map(({ status, body }) => [status, body.id, body.place])).toEqual(answers.map(() => [201, 'radio', 'print'])); // prettier-ignore
  expectRefusal(await make({ name: 'Television' }), 422, 'idempotency_conflict');
  expectRefusal(await make({ name: 'Radio' }), 422, 'idempotency_conflict');
  expect((await make({ id: 'fixed' }, 'key-2')).body.id).toBe((await make({ id: 'fixed' }, 'key-2')).body.id);
  expectRefusal(await make({ id: 'fb-nov' }, 'key-3'), 422, 'invalid_link');
  expect((await make({ id: 'free' }, 'key-3')).body.id).toBe('free');
  expect((await make(radio, 'key-4')).body.id).toBe('radio-2');
});
