/** The personal link of an invitation. Its token is in the fragment, which browsers do not send to servers. */
import { createHmac } from 'node:crypto';
import type { Invitation } from '../record/invitations.ts';
import { sameSignature, type Keys } from '../record/crypto/secrets.ts';

/** Derived from the key, so none is stored. */
const tokenFor = (key: Buffer, id: string): string =>
  createHmac('sha256', key).update(`invitation:${id}`).digest('base64url');

/** @param origin the address of the site, such as https://forms.acme.example */
export const linkOf = ([key]: Keys, { id, form, language }: Invitation, origin: string): string =>
  `${origin}/${form}/invite/${language}#${id}.${tokenFor(key, id)}`;

/** Whether `token` was made for the invitation `id`. */
export const verifyInvitationToken = (keys: Keys, id: string, token: string): boolean =>
  keys.some((key) => sameSignature(token, tokenFor(key, id)));
