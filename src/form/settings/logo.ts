/** The logo beside a form. It is read with the form, and is a part of its version from then on. */
import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SITE_LIMITS } from '../../site-limits/site-limits.ts';
import type { Form } from '../schema.ts';
import { LOGO_DATA } from './logo-name.ts';
import { countPixels } from './picture-size.ts';

/** Largest logo, in bytes. Larger ones are photographs, and slow on a phone. */
const MAX_LOGO_BYTES = 100_000;

/** As in the dashboard: a phone takes memory for each pixel too. */
const MAX_PIXELS = SITE_LIMITS.shownPicturePixels.value;

const PIXELS = `${MAX_PIXELS / 1_000_000} million pixels`;

const hasTooManyPixels = (bytes: Buffer): boolean => (countPixels(bytes) ?? 0) > MAX_PIXELS;

const TYPES: Record<string, { type: string; begins: RegExp }> = {
  svg: {
    type: 'image/svg+xml',
    begins: /^\s*(<\?xml[^>]*>\s*)?(<!--(?:(?!-->)[\s\S])*-->\s*|<!doctype svg[^>]*>\s*)*<svg[\s>]/i,
  },
  png: { type: 'image/png', begins: /^\x89PNG\r\n\x1a\n/ },
  jpg: { type: 'image/jpeg', begins: /^\xff\xd8\xff/ },
  jpeg: { type: 'image/jpeg', begins: /^\xff\xd8\xff/ },
  webp: { type: 'image/webp', begins: /^RIFF[\s\S]{4}WEBP/ },
};

/** The largest picture of a card, in bytes. Networks load larger ones too late, or not at all. */
const MAX_CARD_BYTES = 300_000;

export type PictureProblem = { message: string; remedy: string };

/** `form` with the picture itself in place of its name, as a `data:` address; or its problem and the fix. */
export function readLogo<F extends Pick<Form, 'brand'>>(form: F, folder: string): { form: F } | PictureProblem {
  const { brand } = form;
  if (!brand?.logo) return { form };
  if (LOGO_DATA.test(brand.logo)) return pictureProblem(brand.logo) ?? { form };
  const remedy = 'Save it smaller, 400 pixels wide for example, or use an SVG.';
  const read = readPicture(brand.logo, folder, { noun: 'logo', maxBytes: MAX_LOGO_BYTES, remedy });
  return 'data' in read ? { form: { ...form, brand: { ...brand, logo: read.data } } } : read;
}

/** The problem of an uploaded logo with bytes of another type, or with too many pixels. */
function pictureProblem(data: string): PictureProblem | undefined {
  const [head = '', base64 = ''] = data.split(',');
  const kind = Object.values(TYPES).find(({ type }) => head === `data:${type};base64`);
  const bytes = Buffer.from(base64, 'base64');
  if (!kind?.begins.test(bytes.toString('latin1', 0, 2_000)))
    return { message: 'the uploaded logo is not a picture', remedy: 'Upload it again as SVG, PNG, JPEG or WebP.' };
  if (!hasTooManyPixels(bytes)) return undefined;
  return { message: `the uploaded logo has more than ${PIXELS}`, remedy: 'Save it smaller, 400 pixels wide for example, and upload it again.' }; // prettier-ignore
}

/** The picture of a card as a `data:` address, or its problem. */
export const readCard = (name: string, folder: string): { data: string } | PictureProblem =>
  readPicture(name, folder, {
    noun: 'picture',
    maxBytes: MAX_CARD_BYTES,
    remedy: 'Save it as a JPEG of 1200 × 630 pixels.',
  });

function readPicture(
  name: string,
  folder: string,
  { noun, maxBytes, remedy }: { noun: string; maxBytes: number; remedy: string },
): { data: string } | PictureProblem {
  const file = path.join(folder, name);
  const kind = TYPES[path.extname(file).slice(1).toLowerCase()];
  try {
    const entry = lstatSync(file);
    // Neither a link out of the folder nor a pipe that never ends.
    if (!entry.isFile())
      return { message: `${name} is not a file`, remedy: `Put the picture file itself into the folder ${folder}.` };
    const { size } = entry;
    if (size > maxBytes) {
      const message = `the ${noun} ${name} has ${Math.ceil(size / 1_000)} kB, which is more than ${maxBytes / 1_000} kB`;
      return { message, remedy };
    }
    const bytes = readFileSync(file);
    if (!kind?.begins.test(bytes.toString('latin1', 0, 2_000))) {
      return {
        message: `the content of ${name} does not match its name`,
        remedy: 'Export it again as SVG, PNG, JPEG or WebP.',
      };
    }
    if (hasTooManyPixels(bytes)) return { message: `the ${noun} ${name} has more than ${PIXELS}`, remedy };
    return { data: `data:${kind.type};base64,${bytes.toString('base64')}` };
  } catch {
    return { message: `the picture ${name} is missing`, remedy: `Put ${name} into the folder ${folder}.` };
  }
}
