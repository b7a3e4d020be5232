/** File names that are safe to show and to save under. */
import { MEDIA_TYPES } from '../../form/fields/files/media-types.ts';

/** In UTF-16 units. */
const MAX_LENGTH = 120;

/** The part of a name that is read. A system allows 255, and the patterns below take long for many thousands. */
const MAX_READ = 1_000;

/*
 * Refuses paths, control characters, signs that change the direction of text, and characters that some system reserves.
 */

const UNFIT = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff<>:"|?*]/g;

/**
 * A safe name for a file of media type `type`: without folders, at most 120 characters, with an extension that fits its type.
 * @param original the name on the person's device
 */
export function cleanName(original: string, type: string): string {
  const last = original.slice(0, MAX_READ).toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  // Without white space and dots at its ends.
  const [, name = ''] = /^[\s.]*(.*[^\s.])?/s.exec(last.replace(UNFIT, '')) ?? [];
  const endings = MEDIA_TYPES[type]?.endings ?? ['bin'];
  const [, stem = name, ending = ''] = /^(.+)\.([^.]*)$/.exec(name) ?? [];
  const fits = endings.some((one) => one === ending.toLowerCase());
  const extension = fits ? ending : endings[0];
  const whole = (fits ? stem : name) || 'file';
  return `${whole.slice(0, MAX_LENGTH - extension.length - 1).toWellFormed()}.${extension}`;
}

/** `Content-Disposition` for a name in any script (RFC 6266, RFC 8187). */
export function disposition(mode: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${mode}; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
