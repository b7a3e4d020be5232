/** Labels of questions that have an answer in them, where members see them. */
import { expect, it } from 'vitest';
import { openClient } from '../../helpers/dashboard-client.ts';
import { temporaryDatabase } from '../../helpers/database.ts';
import { wordsOf } from '../../helpers/visitor.ts';
import { compiled, publish } from '../forms.ts';

const LEASE = `
title: Lease
match: { employer: employer }
screens:
  - id: about
    title: About you
    fields:
      - { id: full_name, type: text, label: Full name }
      - { id: tax, type: text, label: Tax number, sensitive: true }
  - id: work
    title: 'Hello, {full_name}'
    fields:
      - { id: employer, type: text, label: 'Who pays you, {full_name}?' }
      - { id: office, type: text, label: 'Which office has {tax}?' }
  - { id: account, title: Account, wink: { require: none, retrieve: [employments] } }
endings: [{ id: done, title: Thank you }]
`;

it('has the answer of the person on their page, and no private one', async () => {
  const db = await temporaryDatabase();
  const answers = { full_name: 'Ana <b>', tax: '123-4', employer: 'Acme', office: 'Cebu' };
  const { id } = await (await publish(db, compiled(LEASE, 'lease')))(answers, { ending: 'done' });
  const { ask } = await openClient(db);
  const words = wordsOf((await ask(`/admin/forms/lease/people/${id}`)).text);
  expect(words).toContain('Hello, Ana &lt;b&gt; Who pays you, Ana &lt;b&gt;? Acme Which office has …? Cebu');
  expect(words).toContain('Employer (“Who pays you, Ana &lt;b&gt;?”)');
  expect(words).not.toMatch(/123-4|\{(full_name|tax)\}/);
});

it('has dots in the place of the answer where it is about all people', async () => {
  const db = await temporaryDatabase();
  await publish(db, compiled(LEASE, 'lease'));
  const { ask } = await openClient(db);
  expect(wordsOf((await ask('/admin/forms/lease/share')).text)).toContain('Who pays you, …?');
});

const JOIN = `
title: Sumali
languages: [fil]
screens:
  - id: ikaw
    title: Ikaw
    fields:
      - { id: emergency_name, type: text, label: Sino ang tatawagan? }
      - { id: buong_pangalan, type: text, label: Buong pangalan }
      - { id: apelyido, type: text, label: Apelyido }
  - { id: account, title: Account, wink: { require: none, retrieve: [identities] } }
endings: [{ id: done, title: Salamat }]
`;

it.each([
  ['invitations', 'invite: { name: buong_pangalan }', 'Maria'],
  ['comparisons', 'match: { name: [buong_pangalan, apelyido] }', 'Maria Santos'],
])('calls a person by the answer that the form takes as the name for %s', async (_, key, name) => {
  const db = await temporaryDatabase();
  const answers = { emergency_name: 'Jun Reyes', buong_pangalan: 'Maria', apelyido: 'Santos' };
  const { id } = await (await publish(db, compiled(`${key}${JOIN}`, 'sumali')))(answers, { ending: 'done' });
  const { ask } = await openClient(db);
  expect((await ask(`/admin/forms/sumali/people/${id}`)).text).toMatch(new RegExp(`<h1[^>]*>\\s*${name}\\s*<`));
});
