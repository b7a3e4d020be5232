/** The texts of an invitation whose form has none of its own. */
import { expect, it } from 'vitest';
import { invitationMail } from '../../src/deliver/invitation-mail.ts';
import type { Invitation } from '../../src/record/invitations.ts';
import { compile } from '../helpers/compile.ts';

const mailFor = (key: string) => {
  const form = compile(`
title: Become a driver
${key}
screens: [{ id: one, title: One, fields: [{ id: note, type: text, label: Note }] }]
endings: [{ id: done, title: Done }]
`);
  const invitation = { language: 'en', name: 'Ana Ruiz', expiresAt: '2026-12-08T00:00:00.000Z' } as Invitation;
  return invitationMail(form, invitation, 'https://forms.example/form/invite/en#a.b');
};

const mailOf = (key: string) => {
  const { subject, text } = mailFor(key);
  return [subject, text[1]];
};

it('name the company that invites', () => {
  const mail = [
    'Acme invites you: Become a driver',
    'Acme invites you to fill in “Become a driver”. It takes a few minutes on your phone.',
  ];
  expect(mailOf('brand: { name: Acme }')).toEqual(mail);
  expect(mailOf('brand: { name: Rides }\ninvite: { sender: Acme }')).toEqual(mail);
});

it('name the form once where it has no company', () => {
  expect(mailOf('')).toEqual([
    'You are invited: Become a driver',
    'You are invited to fill in “Become a driver”. It takes a few minutes on your phone.',
  ]);
});

it('name the day on which the form closes, if that is before the last day of the invitation', () => {
  const until = (limits: string) => /You can start until (.*)\.$/.exec(mailFor(`limits: ${limits}`).foot[0] ?? '')?.[1];
  expect(until('{ max: 5 }')).toBe('December 7, 2026');
  expect(until('{ closes: 2026-12-31 }')).toBe('December 7, 2026');
  expect(until('{ closes: 2026-12-03, timezone: Asia/Manila }')).toBe('December 3, 2026');
  expect(until('{ closes: 2026-12-03T18:00+08:00, timezone: Asia/Manila }')).toBe('December 3, 2026 at 6:00 PM GMT+8');
});
