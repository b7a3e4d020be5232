/** A form's logo as a file of the site. Its address changes with its content, so browsers cache it for ever. */
import { createHash } from 'node:crypto';
import { oncePerForm } from '../../form/inspect/once-per-form.ts';
import type { Form } from '../../form/schema.ts';

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
const picturesOf = oncePerForm(({ brand, share }) => ({ logo: readLogo(brand?.logo), card: readLogo(share?.image) }));

/** The logo of a form, if it has one. Each form object is read once. */
export const logoOf = (form: Form): Logo | undefined => picturesOf(form).logo;

/** The picture that networks show of a form: that of its card, or its logo. Networks show no SVG. */
export function cardPictureOf(form: Form): Logo | undefined {
  const { card, logo } = picturesOf(form);
  return card ?? (logo?.type === 'image/svg+xml' ? undefined : logo);
}

function readLogo(picture: string | undefined): Logo | undefined {
  const [, type = '', base64 = ''] = /^data:([\w/+]+);base64,(.*)$/.exec(picture ?? '') ?? [];
  if (!EXTENSIONS[type]) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  return { path: `/assets/logo-${hash}.${EXTENSIONS[type]}`, type, bytes };
}
