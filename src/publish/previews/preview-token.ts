/** The signed token in the address of a preview. It names a form, and gives no access to anything else. */
import { createHmac } from 'node:crypto';
import { sameSignature, type Keys } from '../../record/crypto/secrets.ts';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';

/** `review`: for colleagues, who may comment. `phone`: for the phone of a member. `frame`: inside the dashboard. */
export type PreviewKind = keyof typeof LETTERS;

const LETTERS = { review: 'r', phone: 'p', frame: 'f' } as const;

/** A token as its signature proves it. */
export interface PreviewPass {
  form: string;
  kind: PreviewKind;
  /** See `previewGeneration`. */
  generation: number;
  expiresAt: Date;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** The end of a token that is made now. It is a full hour, so that a page that is opened again has the same address. */
export function previewExpiry(kind: PreviewKind, now: Date): Date {
  const { previewLinkDays, previewPhoneDays } = SITE_LIMITS;
  const days = (kind === 'review' ? previewLinkDays : previewPhoneDays).value;
  return new Date(Math.ceil((now.getTime() + days * DAY_MS) / HOUR_MS) * HOUR_MS);
}

/** @returns the token, as it is in an address */
export function signPreview([key]: Keys, { form, kind, generation, expiresAt }: PreviewPass): string {
  const text = `${form}.${LETTERS[kind]}${generation}.${(expiresAt.getTime() / HOUR_MS).toString(36)}`;
  return `${text}.${signatureOf(key, text)}`;
}

const TOKEN = /^(([a-z0-9][a-z0-9-]*)\.([rpf])([1-9]\d{0,8})\.([a-z0-9]{1,8}))\.([\w-]{22})$/;

/** @returns the pass of a token; undefined where no key of the site has signed it */
export function readPreviewToken(keys: Keys, token: string): PreviewPass | undefined {
  const [, text = '', form = '', letter, generation, hours = '', signature = ''] = TOKEN.exec(token) ?? [];
  if (!keys.some((key) => sameSignature(signature, signatureOf(key, text)))) return undefined;
  const kind = (Object.keys(LETTERS) as PreviewKind[]).find((one) => LETTERS[one] === letter);
  return kind && { form, kind, generation: Number(generation), expiresAt: new Date(parseInt(hours, 36) * HOUR_MS) };
}

/** 128 bits: short enough for a QR code, and too many to guess. */
const signatureOf = (key: Buffer, text: string): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['preview', text]))
    .digest('base64url')
    .slice(0, 22);
