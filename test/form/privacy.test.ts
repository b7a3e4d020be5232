/** The description of the personal data that a form stores, from its file. */
import { expect, it } from 'vitest';
import { fieldsOf } from '../../src/form/schema.ts';
import { typeOf } from '../../src/form/fields/fields.ts';
import { describePrivacy, privacyText } from '../../src/form/inspect/privacy.ts';
import { compile, everyType } from '../helpers/compile.ts';

const FORM = `
title: Loan
params: [agent]
retention: 30 days
password: open-sesame
notify:
  - { email: ops@acme.example }
  - { webhook: https://hooks.acme.example/flipsite?key=1, secret_env: HOOK }
invite: { name: full_name, email: email, expires: 9 days }
screens:
  - id: about
    title: 'About {agent}'
    fields:
      - { id: full_name, type: text, label: Full name }
      - { id: email, type: email, label: Email }
      - { id: wage, type: number, label: 'Your wage?', sensitive: true }
      - { id: yearly, type: computed, label: Yearly, value: wage * 12 }
      - { id: payslip, type: file, label: Payslip }
  - { id: work, title: Work, wink: { require: connected, retrieve: [identities, incomes], revoke: after_retrieval } }
endings: [{ id: done, title: Done }]
`;

const PLAIN = `
title: Plain
screens: [{ id: one, title: One, fields: [{ id: note, type: text, label: Note }] }]
endings: [{ id: done, title: Done }]
`;

const linesOf = (yaml: string): Record<string, string[]> =>
  Object.fromEntries(describePrivacy(compile(yaml), 60).map(({ title, lines }) => [title, lines]));

it('names the answers, with the private ones and the computed ones', () => {
  expect(linesOf(FORM)['Answers, in the database']).toEqual([
    'Full name (full_name)',
    'Email (email)',
    'Your wage? (wage) – private: encrypted, and hidden in the dashboard until a member reveals it',
    'Yearly (yearly) – worked out from other answers, private: encrypted, and hidden in the dashboard until a member reveals it',
  ]);
  expect(linesOf(FORM)['Files, encrypted in the folder or the bucket of files']).toEqual(['Payslip (payslip)']);
});

it('says the data that Smile gets and gives, the receivers without secrets in their addresses, and the time', () => {
  const lines = linesOf(FORM);
  expect(lines['Work accounts, through Smile']).toContain(
    'Flipsite reads from Smile and stores encrypted: personal details, pay',
  );
  expect(lines['Work accounts, through Smile']).toContain(
    'Flipsite disconnects each account at Smile once it has read the data',
  );
  expect(lines['Receivers of submissions']).toEqual([
    'ops@acme.example, by email: the answers without private ones and files; any values from the address in titles and labels; the providers of connected accounts',
    'hooks.acme.example, by webhook: all answers, with private ones',
  ]);
  expect(lines['Invitations']?.join()).toMatch(/Flipsite sends the email.*9 days/);
  expect(lines['Where people come from']?.[0]).toBe('Values from the address, with the submission: agent');
  expect(lines['On the person’s device']).toHaveLength(5);
  expect(lines['For how long']).toEqual([
    'Flipsite deletes a submission, with its files and account data, 30 days after its last change',
    'Flipsite deletes an unused invitation 30 days after it expires',
  ]);
});

it('leaves out all that a form has not, and says that nothing is deleted without retention', () => {
  const lines = linesOf(PLAIN);
  expect(Object.keys(lines)).toEqual([
    'Answers, in the database',
    'With each submission, in the database',
    'Where people come from',
    'On the person’s device',
    'For how long',
  ]);
  expect(lines['For how long']?.join()).toMatch(/drafts 60 days.*stay until a member deletes them/);
  expect(linesOf(`${PLAIN}\ninvite: {}`)['For how long']).toContain(
    'Unused invitations stay until a member deletes them',
  );
  const invitations = linesOf(`${PLAIN}\ninvite: { expires: 9 days }`)['Invitations'];
  expect(invitations).toContain('People can start with a link for 9 days');
  expect(invitations).toContain('Then the link opens the answers until the person sends the form, for 60 days after the start at most'); // prettier-ignore
});

it('names each website that gets answers in the address at the end, and none without them', () => {
  const endings = `endings:
  - { id: done, title: Done, redirect: 'https://acme.example:8443/{note}/in?r={reference}&a={agent}#{note}' }
  - { id: other, title: Other, redirect: 'https://other.example/thanks' }
  - { id: third, title: Third, redirect: 'https://third.example?n={note}' }`;
  const form = PLAIN.replace(/endings: .*/, endings).replace('title: Plain', 'title: Plain\nparams: [agent]');
  const next = `next: [{ when: { note: a }, go: other }, { when: { note: b }, go: third }] }]\nendings`;
  expect(linesOf(form.replace('] }]\nendings', `], ${next}`))['Receivers of submissions']).toEqual([
    'acme.example:8443, in the address that the browser opens at the end: Note (note), the reference, agent',
    'third.example, in the address that the browser opens at the end: Note (note)',
  ]);
});

it('names every field of every type that has an answer', () => {
  const form = everyType();
  const text = privacyText(form, 60);
  for (const field of fieldsOf(form)) expect([field.id, text.includes(`(${field.id})`) || text.includes(`- ${field.id}`)]).toEqual([field.id, typeOf(field).kind !== 'nothing']); // prettier-ignore
});

it('names the hash by which an answer is sent once only', () => {
  const form = PLAIN.replace('title: Plain', 'title: Plain\nlimits: { one_per: note }').replace('label: Note', 'label: Note, required: true'); // prettier-ignore
  expect(linesOf(form)['With each submission, in the database']).toContain(
    'A keyed hash of Note (note), so that each answer is sent once only',
  );
});

it('names what each form stores beside the answers: the way of the person, the page at the end, and the cookies of a browser without JavaScript', () => {
  const lines = linesOf(PLAIN);
  expect(lines['With each submission, in the database']?.join()).toMatch(
    /language.*device.*campaign link.*time of each step/,
  );
  expect(lines['On the person’s device']?.join()).toMatch(/page at the end, with the answers that it names/);
  expect(lines['On the person’s device']?.join()).toMatch(/without JavaScript: a cookie/);
});
