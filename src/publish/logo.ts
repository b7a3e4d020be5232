/** A form's logo as a file of the site. Its address changes with its content, so browsers cache it for ever. */
import { createHash } from 'node:crypto';
import type { Form } from '../form/schema.ts';

export interface Logo {
  /** `/assets/logo-3f1c….svg` */
  path: string;
  type: string;
  bytes: Buffer;
}

const EXTENSIONS: Record<string, string> = {
  'image/svg+xml': 'svg',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
};

/** Decoding takes a millisecond for some logos, and a stranger can ask for any number of addresses that no logo has. */
const known = new WeakMap<Form, Logo | undefined>();

/** The logo of a form, if it has one. Each form object is read once. */
export function logoOf(form: Form): Logo | undefined {
  if (!known.has(form)) known.set(form, readLogo(form));
  return known.get(form);
}

function readLogo({ brand }: Form): Logo | undefined {
  const [, type = '', base64 = ''] = /^data:([\w/+]+);base64,(.*)$/.exec(brand?.logo ?? '') ?? [];
  if (!EXTENSIONS[type]) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  return { path: `/assets/logo-${hash}.${EXTENSIONS[type]}`, type, bytes };
}
