/** The personal link of an invitation. Its token stands in the fragment, which browsers send to nobody. */
import { createHmac } from 'node:crypto';
import type { Invitation } from '../record/invitations.ts';
import { sameSignature, type Keys } from '../record/crypto/secrets.ts';

/** Derived, so none is stored. */
const tokenFor = (key: Buffer, id: string): string =>
  createHmac('sha256', key).update(`invitation:${id}`).digest('base64url');

/** @param origin where the site is reached, such as https://forms.acme.example */
export const linkOf = ([key]: Keys, { id, form, language }: Invitation, origin: string): string =>
  `${origin}/${form}/invite/${language}#${id}.${tokenFor(key, id)}`;

/** Whether `token` was made for the invitation `id`. */
export const verifyInvitationToken = (keys: Keys, id: string, token: string): boolean =>
  keys.some((key) => sameSignature(token, tokenFor(key, id)));
