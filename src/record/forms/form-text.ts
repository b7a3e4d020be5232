/** The text of a form, and its name. */
import { createHash } from 'node:crypto';

/**
 * The hash of a text: 32 hexadecimal digits that change with any character of it. It is the ETag of a form's source.
 */
export const textHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
