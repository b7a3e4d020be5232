/** Names of files, as they may be shown and saved under. */
import { MEDIA_TYPES } from '../../form/fields/media-types.ts';

/** In UTF-16 units. */
const MAX_LENGTH = 120;

/* No path, no control character, no override of direction, none of the characters that some system keeps for itself. */

const UNFIT = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff<>:"|?*]/g;

/**
 * What the file of media type `type` is called, given what the person's device calls it: without its folders, at most
 * 120 characters, and ending as files of its type do. Whoever opens it by its name then opens what it is.
 */
export function cleanName(original: string, type: string): string {
  const last = original.toWellFormed().normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(UNFIT, '').replace(/^[\s.]+|[\s.]+$/g, '');
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
