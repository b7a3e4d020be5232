/** The personal link of an invitation. Its token stands in the fragment, which browsers send to nobody. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Invitation } from '../record/invitations.ts';

/** `SECRET_KEY`, 32 bytes, then those before it: the first one signs, what any of them has signed holds. */
export type LinkKeys = readonly [Buffer, ...Buffer[]];

/** Derived, so none is stored. */
const tokenFor = (key: Buffer, id: string): string =>
  createHmac('sha256', key).update(`invitation:${id}`).digest('base64url');

/** @param origin where the site is reached, such as https://forms.acme.example */
export const linkOf = ([key]: LinkKeys, { id, form, language }: Invitation, origin: string): string =>
  `${origin}/${form}/invite/${language}#${id}.${tokenFor(key, id)}`;

/** Whether `token` was made for the invitation `id`. Compares in constant time. */
export function opensInvitation(keys: LinkKeys, id: string, token: string): boolean {
  const given = Buffer.from(token);
  return keys.some((key) => {
    const expected = Buffer.from(tokenFor(key, id));
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
